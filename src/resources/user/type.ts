import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type UserRecord, userLookup } from './record.ts';

export const loadUser = lookupLoader(userLookup);

export const User = builder.objectRef<UserRecord>('User');

User.implement({
  description: 'A user of the Freshsales account.',
  interfaces: [Node],
  fields: (t) => ({
    displayName: t.exposeString('display_name', { description: 'Name.' }),
    email: t.exposeString('email', { description: 'E-mail address.' }),
    isActive: t.boolean({
      nullable: false,
      description: 'True if the user can sign in. False for users no longer in the list of owners.',
      extensions: { freshsales: { columns: ['is_active'] } },
      resolve: ({ is_active }) => is_active === true,
    }),
    workNumber: t.exposeString('work_number', { description: 'Work phone number.' }),
    mobileNumber: t.exposeString('mobile_number', { description: 'Mobile number.' }),
    avatar: t.exposeString('avatar', { description: 'URL of the picture, if Freshsales returns it.' }),
  }),
});
nodeType(User, loadUser);

builder.queryField('owners', (t) =>
  t.field(wholeList(User, userLookup, 'The users who can own records, as visible to the API key.')),
);

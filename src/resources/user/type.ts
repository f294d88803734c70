import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type UserRecord, userLookup } from './resource.ts';

export const loadUser = lookupLoader(userLookup);

export const User = builder.objectRef<UserRecord>('User');

User.implement({
  description: 'Somebody with a seat in the account, who owns records and does things to them.',
  interfaces: [Node],
  fields: (t) => ({
    displayName: t.exposeString('display_name', { description: 'Their name.' }),
    email: t.exposeString('email', { description: 'Their e-mail address.' }),
    isActive: t.boolean({
      nullable: false,
      description: 'Whether they can sign in. One who is no longer in the list of owners cannot.',
      extensions: { freshsales: { columns: ['is_active'] } },
      resolve: ({ is_active }) => is_active === true,
    }),
    workNumber: t.exposeString('work_number', { description: 'Their telephone at work.' }),
    mobileNumber: t.exposeString('mobile_number', { description: 'Their mobile telephone.' }),
    avatar: t.exposeString('avatar', { description: 'Where their picture is, when Freshsales says.' }),
  }),
});
nodeType(User, loadUser);

builder.queryField('owners', (t) =>
  t.field(wholeList(User, userLookup, 'The users who can own records, as far as this key may see them.')),
);

import { builder } from '../schema/builder.ts';
import { lookupType } from './lookup-type.ts';
import { userLookup } from './lookup-types.ts';

export const [User, loadUser] = lookupType(userLookup, {
  description: 'A user of the Freshsales account.',
  query: 'owners',
  queryDescription: 'The users who can own records, as visible to the API key.',
});

builder.objectFields(User, (t) => ({
  displayName: t.exposeString('display_name', { description: 'Name.' }),
  email: t.exposeString('email', { description: 'E-mail address.' }),
  isActive: t.boolean({
    semanticNonNull: true,
    description:
      'True if the user can sign in. Null with an error if Freshsales does not say, as for users that its list of owners lacks.',
    extensions: { freshsales: { columns: ['is_active'] } },
    resolve: ({ is_active }) => is_active ?? null,
  }),
  workNumber: t.exposeString('work_number', { description: 'Work phone number.' }),
  mobileNumber: t.exposeString('mobile_number', { description: 'Mobile number.' }),
  avatar: t.exposeString('avatar', { description: 'URL of the picture, if Freshsales returns it.' }),
}));

import { GraphQLError } from 'graphql';
import type { Context } from '../records/context.ts';
import { readList } from '../records/loader.ts';
import { builder } from '../schema/builder.ts';
import { lookupType } from './lookup-type.ts';
import { userLookup } from './lookup-types.ts';

export const User = lookupType(userLookup, {
  description: 'A user of the Freshsales account.',
  query: 'owners',
  queryDescription: 'The users who can own records, as visible to the API key.',
});

builder.objectFields(User, (t) => ({
  displayName: t.exposeString('display_name', { description: 'Name.' }),
  email: t.exposeString('email', { description: 'E-mail address.' }),
  isActive: t.exposeBoolean('is_active', {
    semanticNonNull: true,
    description:
      'True if the user can sign in. Null with an error if Freshsales does not say, as for users that its list of owners lacks.',
  }),
  workNumber: t.exposeString('work_number', { description: 'Work phone number.' }),
  mobileNumber: t.exposeString('mobile_number', { description: 'Mobile number.' }),
  avatar: t.exposeString('avatar', { description: 'URL of the picture, if Freshsales returns it.' }),
}));

const SIGNED_IN = 'Your token names a user whom Freshsales does not have. Ask the operator of this server for access.';

/** The user that the configuration or the token names for the caller. Null if it names none. */
export async function viewerUser(context: Context) {
  const { user: named } = context;
  if (named === undefined) return null;
  const user = userNamed(await readList(context, userLookup), named);
  if (user) return user;
  throw new GraphQLError(withoutUser(context.caller?.subject !== undefined), { extensions: { code: 'NOT_FOUND' } });
}

/** The user with this id or e-mail address. */
export const userNamed = <U extends { readonly id: string; readonly email?: string | null }>(
  users: readonly U[],
  named: string,
): U | undefined => users.find(({ id, email }) => id === named || email?.toLowerCase() === named.toLowerCase());

/** Why a caller has no Freshsales user although one is named. */
export const withoutUser = (isSignedIn: boolean): string =>
  `The user of this caller is not among the owners of the account. ${isSignedIn ? SIGNED_IN : 'Correct “user” in the callers file, or FRESHSALES_USER.'}`;

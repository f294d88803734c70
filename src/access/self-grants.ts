import { GraphQLError } from 'graphql';
import { userLookup } from '../lookups/lookup-types.ts';
import { userNamed, withoutUser } from '../lookups/users.ts';
import type { Account } from '../records/context.ts';
import type { Caller } from './callers.ts';
import { type Grants, isSelfLimited, KINDS, SELF } from './grant.ts';

/** Callers with their owner in place of `self`. One object for a caller and an owner, by which results and policies are cached. */
const resolved = new WeakMap<Caller, { readonly owner: string; readonly caller: Caller }>();

/**
 * The caller with the id of its Freshsales user in place of `owner: self`. Everything after this sees an ordinary grant for one
 * owner. Reads the owners of the account, which are cached, unless the user is named by its id.
 *
 * @throws FORBIDDEN if Freshsales has no such user.
 */
export async function withSelf(caller: Caller, account: Account): Promise<Caller> {
  if (!isSelfLimited(caller.grants)) return caller;
  const owner = await ownerOf(caller, account);
  const known = resolved.get(caller);
  if (known?.owner === owner) return known.caller;
  const found = { ...caller, grants: grantsOf(caller.grants, owner) };
  resolved.set(caller, { owner, caller: found });
  return found;
}

async function ownerOf({ user, subject, allowance }: Caller, { freshsales }: Account): Promise<string> {
  if (user !== undefined && /^\d+$/.test(user)) return user;
  const session = freshsales.for({ meter: allowance, priority: allowance.settings.priority });
  const found = user === undefined ? undefined : userNamed(await session.lookupRows(userLookup), user);
  if (found) return found.id;
  throw new GraphQLError(withoutUser(subject !== undefined), {
    extensions: { code: 'FORBIDDEN', http: { status: 403 } },
  });
}

const grantsOf = (grants: Grants, owner: string): Grants =>
  Object.fromEntries(
    KINDS.map((kind) => [kind, grants[kind].owner === SELF ? { ...grants[kind], owner } : grants[kind]]),
  ) as Record<(typeof KINDS)[number], Grants[keyof Grants]>;

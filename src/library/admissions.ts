import { GraphQLError } from 'graphql';
import type { Admission } from '../server/authenticate.ts';
import type { Connect, FreshsalesAccount } from './types.ts';

/**
 * The admission of each account. Its types depend on packages that are not installed with this one, so that no export of the
 * package may be declared here.
 */
const admissions = new WeakMap<FreshsalesAccount, Admission>();

/** The account of an admission. */
export function toAccount(
  name: string,
  admission: Admission,
  withKey: FreshsalesAccount['withKey'],
): FreshsalesAccount {
  const account = { name, withKey };
  admissions.set(account, admission);
  return account;
}

/** Finds what stands behind the account of a request. */
export const admitting =
  (connect: Connect) =>
  async (request: Request): Promise<Admission> => {
    const account = await connect(request);
    if (account === undefined || account === null)
      throw new GraphQLError('You are not signed in, or your credentials are not valid.', {
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
    const admission = admissions.get(account);
    if (!admission)
      throw new TypeError(
        'connect returned something else than an account. Return one of createAccount, or undefined.',
      );
    return admission;
  };

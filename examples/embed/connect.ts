import { type AccountOptions, type Connect, createAccount, type FreshsalesAccount } from 'freshsales-graphql';
import { GraphQLError } from 'graphql';

/** The result of your own sign-in for a request. */
interface Session {
  readonly tenant: string;
  readonly isBlocked: boolean;
}

interface Tenants {
  sessionOf(request: Request): Promise<Session | undefined>;
  /** Domain and key of a tenant. */
  find(name: string): Promise<AccountOptions>;
}

/** Your own authentication, and a Freshsales account per tenant. Accounts hold quota and cache, so they are made once. */
export function createConnect({ sessionOf, find }: Tenants): Connect {
  const accounts = new Map<string, Promise<FreshsalesAccount>>();
  const open = async (name: string) => createAccount({ ...(await find(name)), name });
  return async (request) => {
    const session = await sessionOf(request);
    // 401, with the code UNAUTHENTICATED.
    if (!session) return undefined;
    if (session.isBlocked)
      throw new GraphQLError('Your subscription has ended.', {
        extensions: { code: 'FORBIDDEN', http: { status: 403 } },
      });
    const account = accounts.get(session.tenant) ?? open(session.tenant);
    accounts.set(session.tenant, account);
    // A failure is not remembered.
    account.catch(() => accounts.delete(session.tenant));
    return account;
  };
}

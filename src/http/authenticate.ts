import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Account } from '../context.ts';

/** Finds the account, and the key to it, that a request is for. */
export type Connect = (request: Request) => Account | Promise<Account>;

/** Everybody who can reach the server uses its own key. For loopback only. */
export const open =
  (account: Account): Connect =>
  () =>
    account;

const TOKEN = /^Token\s+token=\s*"?([^\s"]+)"?$/i;

/** Keys in use at once. What is remembered for a key is bounded elsewhere, in bytes. */
const MAX_KEYS = 500;

/** Every request brings its own Freshsales key. What one key has read is never shown to another. */
export function passThrough(accountOf: (apiKey: string) => Account): Connect {
  const accounts = new LRUCache<string, Account>({ max: MAX_KEYS });
  return (request) => {
    const [, apiKey] = TOKEN.exec(request.headers.get('authorization') ?? '') ?? [];
    if (!apiKey) throw unauthenticated();
    const name = createHash('sha256').update(apiKey).digest('hex');
    const account = accounts.get(name) ?? accountOf(apiKey);
    accounts.set(name, account);
    return account;
  };
}

const unauthenticated = () =>
  new GraphQLError('Send your own Freshsales key: “Authorization: Token token=…”.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });

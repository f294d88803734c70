import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Caller, Callers } from '../access/callers.ts';
import type { Account } from '../records/context.ts';

/** The account that a request is for, and who sends it, where that is told apart. */
export interface Admission extends Account {
  readonly caller?: Caller | undefined;
}

/** Finds the account, and the key to it, that a request is for. */
export type Connect = (request: Request) => Admission | Promise<Admission>;

/** Asks once for each request, however many parts of the server want to know. */
export function onePerRequest(connect: Connect) {
  const asked = new WeakMap<Request, Promise<Admission>>();
  const admitted = new WeakMap<Request, Admission>();
  return {
    admit(request: Request): Promise<Admission> {
      const admission = asked.get(request) ?? (async () => connect(request))();
      asked.set(request, admission);
      return admission.then((found) => {
        admitted.set(request, found);
        return found;
      });
    },
    /** Who sent a request that has been admitted, where that is told apart. */
    callerOf: (request: Request): Caller | undefined => admitted.get(request)?.caller,
    /** The account of a request that has been admitted. */
    accountOf: (request: Request): Account | undefined => admitted.get(request),
  };
}

/** Everybody who can reach the server uses its own key. For loopback only. */
export const open =
  (account: Account): Connect =>
  () =>
    account;

const TOKEN = /^Token\s+token=\s*"?([^\s"]+)"?$/i;

/** Keys in use at once. What is remembered for a key is bounded elsewhere, in bytes. */
const MAX_KEYS = 500;

/** One account for each key, kept as long as the key is in use. */
export function onePerKey(accountOf: (apiKey: string) => Account): (apiKey: string) => Account {
  const accounts = new LRUCache<string, Account>({ max: MAX_KEYS });
  return (apiKey) => {
    const name = createHash('sha256').update(apiKey).digest('hex');
    const account = accounts.get(name) ?? accountOf(apiKey);
    accounts.set(name, account);
    return account;
  };
}

/** Every request brings its own Freshsales key. What one key has read is never shown to another. */
export function passThrough(accountOf: (apiKey: string) => Account): Connect {
  const accountFor = onePerKey(accountOf);
  return (request) => {
    const [, apiKey] = TOKEN.exec(request.headers.get('authorization') ?? '') ?? [];
    if (!apiKey) throw unauthenticated();
    return accountFor(apiKey);
  };
}

export interface TokenOptions {
  readonly callers: Pick<Callers, 'find'>;
  /** The account that the key in this environment variable leads to. */
  readonly accountNamed: (key: string) => Account;
  /** For requests without a token: open, or bringing their own key. Refused where there is none. */
  readonly otherwise?: Connect | undefined;
}

const BEARER = /^Bearer\s+(\S+)$/i;

/** Every request brings the token of a caller. A wrong one is refused, whatever else the server would let in. */
export const byToken =
  ({ callers, accountNamed, otherwise }: TokenOptions): Connect =>
  (request) => {
    const header = request.headers.get('authorization') ?? '';
    if (otherwise && !/^Bearer\b/i.test(header)) return otherwise(request);
    const [, token] = BEARER.exec(header) ?? [];
    const found = token === undefined ? undefined : callers.find(token);
    if (!found) throw unauthenticated('Send the token of a caller: “Authorization: Bearer …”.');
    return { ...accountNamed(found.key), caller: found.caller };
  };

const unauthenticated = (message = 'Send your own Freshsales key: “Authorization: Token token=…”.') =>
  new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });

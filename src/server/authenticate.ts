import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Caller, Callers } from '../access/callers.ts';
import { withSelf } from '../access/self-grants.ts';
import type { Account } from '../records/context.ts';

/** The account of a request, and its caller if it has a token. */
export interface Admission extends Account {
  readonly caller?: Caller | undefined;
}

/** Authenticates a request and finds its account. Throws UNAUTHENTICATED if it is refused. */
export type Connect = (request: Request) => Admission | Promise<Admission>;

/** Authenticates each request once, however many plugins ask. */
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
    /** Undefined for a request that was not admitted. */
    admissionOf: (request: Request): Admission | undefined => admitted.get(request),
    callerOf: (request: Request): Caller | undefined => admitted.get(request)?.caller,
  };
}

const BEARER = /^Bearer\s+(\S+)$/i;

/** Every request uses the server's key. For loopback only. `onToken` is called once, when the first token of a caller arrives. */
export function withServerKey(account: Account, onToken: () => void = () => {}): Connect {
  let isReported = false;
  return (request) => {
    if (!isReported && BEARER.test(request.headers.get('authorization') ?? '')) {
      isReported = true;
      onToken();
    }
    return account;
  };
}

const TOKEN = /^Token\s+token=\s*"?([^\s"]+)"?$/i;

/** Keys in use at once. The cache of all keys together is limited in bytes. */
const MAX_KEYS = 500;

/** One account per key, kept while the key is in use. */
export function onePerKey(accountOf: (apiKey: string) => Account): (apiKey: string) => Account {
  const accounts = new LRUCache<string, Account>({ max: MAX_KEYS });
  return (apiKey) => {
    const name = createHash('sha256').update(apiKey).digest('hex');
    const account = accounts.get(name) ?? accountOf(apiKey);
    accounts.set(name, account);
    return account;
  };
}

function keyOf({ headers }: Request): string {
  const [, apiKey] = TOKEN.exec(headers.get('authorization') ?? '') ?? [];
  if (!apiKey) throw unauthenticated();
  return apiKey;
}

/** Names the account that a key is for, as its domain. */
const DOMAIN_HEADER = 'x-freshsales-domain';

interface DomainOptions {
  /** The accounts by their hosts, or by host and path. No key is sent to any other. */
  readonly domains: ReadonlyMap<string, (apiKey: string) => Account>;
}

/** Every request brings its own Freshsales key, and names its account if there are several. Keys share no cached data. */
export const passThroughTo =
  ({ domains }: DomainOptions): Connect =>
  (request) => {
    const apiKey = keyOf(request);
    const given = request.headers.get(DOMAIN_HEADER)?.trim().toLowerCase();
    const [only, ...others] = domains.values();
    if (!given && only && others.length === 0) return only(apiKey);
    if (!given)
      throw new GraphQLError(
        `This server has several accounts. Name the one of your key in the header ${DOMAIN_HEADER}, such as “${DOMAIN_HEADER}: widgetz.myfreshworks.com”.`,
        { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
      );
    const accountFor = domains.get(given);
    if (!accountFor)
      throw new GraphQLError(
        `This server does not serve the account that the header ${DOMAIN_HEADER} names. Correct it, or ask the operator to add the account.`,
        { extensions: { code: 'FORBIDDEN', http: { status: 403 } } },
      );
    return accountFor(apiKey);
  };

/** Header, claims and signature. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

interface TokenOptions {
  readonly callers: Pick<Callers, 'find'> & Partial<Pick<Callers, 'signIn'>>;
  /** The account for the key in an environment variable. */
  readonly accountNamed: (key: string, account: string | undefined) => Account;
  /** Authenticates requests without a token. If omitted, they are refused. */
  readonly otherwise?: Connect | undefined;
}

/** Requests bring the token of a caller. A wrong token is refused even if requests without a token are not. */
export const byToken =
  ({ callers, accountNamed, otherwise }: TokenOptions): Connect =>
  async (request) => {
    const header = request.headers.get('authorization') ?? '';
    if (otherwise && !/^Bearer\b/i.test(header)) return otherwise(request);
    const [, token] = BEARER.exec(header) ?? [];
    const ofCaller = token === undefined ? undefined : callers.find(token);
    const found = ofCaller ?? (token && JWT.test(token) ? await callers.signIn?.(token) : undefined);
    if (!found) throw unauthenticated(howToAuthenticate(token !== undefined, callers.signIn !== undefined));
    const { caller, key } = found;
    const account = accountNamed(key, caller.account);
    return { ...account, caller: await withSelf(caller, account) };
  };

function howToAuthenticate(hasToken: boolean, signsIn: boolean): string {
  if (!signsIn)
    return `${hasToken ? 'The token is not valid. ' : ''}Send the token of a caller: “Authorization: Bearer …”.`;
  return hasToken
    ? 'The token is neither a JWT nor the token of a caller. Request an access token for the audience of this server.'
    : 'Sign in, and send the access token: “Authorization: Bearer …”.';
}

const unauthenticated = (message = 'Send your own Freshsales key: “Authorization: Token token=…”.') =>
  new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });

import { createHash } from 'node:crypto';
import type { Callers } from '../access/callers.ts';
import { fieldsOfType } from '../access/granted-schema.ts';
import { createCache } from '../cache/cache.ts';
import type { Config } from '../config/config.ts';
import { createFreshsales, type FreshsalesOptions, type Product } from '../freshsales/client.ts';
import { createAccountLedger } from '../quota/account-ledger.ts';
import { createUsageCounters } from '../quota/usage-counter.ts';
import type { Account } from '../records/context.ts';
import { tables } from '../resources/index.ts';
import { createOnce } from '../stores/once.ts';
import type { Store } from '../stores/store.ts';
import { createTokenSigner } from '../stores/token-signer.ts';
import { warn } from '../terminal.ts';
import { byToken, type Connect, onePerKey, open, passThrough } from './authenticate.ts';
import { schema } from './schema.ts';

export interface Connection {
  /** Authenticates a request and finds its account. */
  readonly connect: Connect;
  /** The account of the server's own key. Undefined if every request brings its own key. */
  readonly own: Account | undefined;
  /** The callers, if a file of callers is configured. */
  readonly callers: Callers | undefined;
  /** Resolves when Freshsales accepts the first call of any request. Never rejects. */
  readonly reached: Promise<void>;
  /** `degraded` while the Redis that servers share cannot be reached. */
  readonly storeStatus: Store['status'];
  /** Closes the connection to Redis. */
  close(): Promise<void>;
}

/** Connects to the configured account. All keys share one account ledger; each key has its own cache. */
export async function connectTo(config: Config): Promise<Connection> {
  const accounts = await accountsOf(config);
  return closeOnFailure(() => authenticateFor(config, accounts), accounts.close);
}

/** Decides how requests are authenticated, and with which key each calls Freshsales. */
async function authenticateFor(
  config: Config,
  { accountOf, counterOf, reached, storeStatus, close }: Accounts,
): Promise<Connection> {
  const { upstream, auth, callers: path, keyNamed } = config;
  const accountFor = onePerKey(accountOf);
  const ownKey = upstream.kind === 'sandbox' ? 'sandbox' : upstream.apiKey;
  const own = auth === 'pass-through' || ownKey === undefined ? undefined : accountFor(ownKey);
  const withoutToken = auth === 'open' && own ? open(own, warnOfToken) : passThrough(accountOf);
  if (path === undefined) return { connect: withoutToken, own, callers: undefined, reached, storeStatus, close };
  const { openCallers } = await import('../access/callers.ts');
  const callers = openCallers({ path, keyNamed, fieldsOf: fieldsOfType(schema), counterOf });
  const connect = byToken({
    callers,
    // The file of callers is rejected unless every key it names is set.
    accountNamed: (name) => accountFor(keyNamed(name) ?? ''),
    otherwise: auth === 'callers' ? undefined : withoutToken,
  });
  return { connect, own, callers, reached, storeStatus, close };
}

const warnOfToken = () =>
  warn(
    'Warning: A request has a token (Authorization: Bearer …), but FRESHSALES_CALLERS is not set, so the token is ignored. Set FRESHSALES_CALLERS to a file of callers, or send no token.',
  );

type Accounts = Awaited<ReturnType<typeof accountsOf>>;

async function accountsOf({ upstream, quota, cache, redisUrl, timeoutMs, maxResponseBytes, timeZone }: Config) {
  const { product } = upstream;
  const { baseURL, fetch: given = globalThis.fetch }: Pick<FreshsalesOptions, 'baseURL' | 'fetch'> =
    upstream.kind === 'sandbox' ? await openSandbox(product) : upstream;
  const { fetch, reached } = watchAnswers(given);
  // Without REDIS_URL all state stays in memory.
  const store = redisUrl === undefined ? undefined : await openRedis(redisUrl, digest(baseURL));
  const ledger = createAccountLedger({ ...quota, ...(store && { store }) });
  const responses = createCache({ ...cache, tables, store });
  const signer = store && createTokenSigner(store);
  const accountOf = (apiKey: string): Account => {
    const scope = digest(`${baseURL}\n${apiKey}`);
    return {
      freshsales: createFreshsales({
        ...{ baseURL, apiKey, product, ledger, timeoutMs, maxResponseBytes, timeZone, fetch },
        cache: responses.for(scope),
      }),
      ledger,
      ...(store && { once: createOnce({ store, scope }), signer }),
    };
  };
  return {
    accountOf,
    counterOf: createUsageCounters({ share: quota.share, ...(store && { store }) }),
    reached,
    storeStatus: () => store?.status() ?? 'ok',
    close: async () => store?.close(),
  };
}

/** Detects from the responses that Freshsales is reachable, without extra calls. */
function watchAnswers(fetch: typeof globalThis.fetch): { fetch: typeof globalThis.fetch; reached: Promise<void> } {
  let report = () => {};
  const reached = new Promise<void>((resolve) => {
    report = resolve;
  });
  return {
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (response.ok && /\bjson\b/i.test(response.headers.get('content-type') ?? '')) report();
      return response;
    },
    reached,
  };
}

/** Loads the sandbox only if no account is configured. */
async function openSandbox(product: Product): Promise<Pick<FreshsalesOptions, 'baseURL' | 'fetch'>> {
  const { createSandbox } = await import('../sandbox/sandbox.ts');
  return createSandbox({ product });
}

/** Loads Redis only if REDIS_URL is set. */
async function openRedis(url: string, account: string): Promise<Store> {
  const { createRedisStore } = await import('../stores/redis/redis-store.ts');
  return createRedisStore({ url, account, warn: (text) => warn(`Warning: ${text}`) });
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Runs a step that needs an open resource, and closes the resource if the step fails. Otherwise it would keep the process alive. */
export async function closeOnFailure<T>(step: () => Promise<T>, close: () => unknown): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await close();
    throw error;
  }
}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Callers } from '../access/callers.ts';
import { fieldsOfType } from '../access/granted-schema.ts';
import { createCache } from '../cache/cache.ts';
import type { Config } from '../config/config.ts';
import type { ProxyConfig } from '../config/proxy.ts';
import type { LoggedFeed } from '../events/change-feed.ts';
import { createFreshsales } from '../freshsales/client.ts';
import type { Product } from '../freshsales/products.ts';
import { combineMeters, discard } from '../freshsales/transport.ts';
import { userLookup } from '../lookups/lookup-types.ts';
import { createFreshsalesWatch, type FreshsalesStatus } from '../observability/freshsales-status.ts';
import type { Metrics } from '../observability/metrics.ts';
import { createAccountLedger } from '../quota/account-ledger.ts';
import { createUsageCounters } from '../quota/usage-counter.ts';
import type { Account } from '../records/context.ts';
import { tables } from '../resources/index.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createExclusive } from '../stores/exclusive.ts';
import { createOnce } from '../stores/once.ts';
import type { Store } from '../stores/store.ts';
import { createTokenSigner } from '../stores/token-signer.ts';
import { warn } from '../terminal.ts';
import { byToken, type Connect, onePerKey, open, passThrough } from './authenticate.ts';
import { createFeed, feedFolder, openLogOf } from './open-feed.ts';
import { createPersistedQueries, type PersistedQueries } from './persisted-queries.ts';
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
  /** The state of Freshsales. Undefined over the sandbox. */
  readonly freshsales: { readonly status: FreshsalesStatus; readonly probe: () => Promise<void> } | undefined;
  /** `degraded` while the Redis that servers share cannot be reached. Undefined without Redis. */
  readonly storeStatus: Store['status'] | undefined;
  /** What changed in the account. */
  readonly feed: LoggedFeed;
  /** Automatic persisted queries, shared by servers over Redis. */
  readonly persistedQueries: PersistedQueries;
  /** The workflows of the embedded sandbox. */
  readonly workflows: Sandbox['workflows'] | undefined;
  /** When the last webhook about each type arrived, in milliseconds since 1970. */
  readonly lastEvents: () => Promise<ReadonlyMap<string, number>>;
  /** Takes the turn at work that one of several servers does. Undefined without Redis. */
  readonly lock: ((name: string) => ReturnType<Store['lock']>) | undefined;
  /** Closes the change feed and the connection to Redis. */
  close(): Promise<void>;
}

/** Connects to the configured account. All keys share one account ledger; each key has its own cache. */
export async function connectTo(config: Config, metrics?: Metrics): Promise<Connection> {
  const accounts = await accountsOf(config, metrics);
  return closeOnFailure(() => authenticateFor(config, accounts), accounts.close);
}

/** Decides how requests are authenticated, and with which key each calls Freshsales. */
async function authenticateFor(
  config: Config,
  { accountOf, counterOf, ownKey, watch, ask, ...shared }: Accounts,
): Promise<Connection> {
  const { upstream, auth, callers: path, keyNamed } = config;
  const accountFor = onePerKey(accountOf);
  const own = ownKey === undefined ? undefined : accountFor(ownKey);
  const { status } = watch;
  const freshsales = upstream.kind === 'sandbox' ? undefined : { status, probe: own ? () => readOwners(own) : ask };
  const connection = { ...shared, own, freshsales };
  const withoutToken = auth === 'open' && own ? open(own, warnOfToken) : passThrough(accountOf);
  if (path === undefined) return { ...connection, connect: withoutToken, callers: undefined };
  const { openCallers } = await import('../access/callers.ts');
  const callers = openCallers({ path, keyNamed, fieldsOf: fieldsOfType(schema), counterOf });
  const connect = byToken({
    callers,
    // The file of callers is rejected unless every key it names is set.
    accountNamed: (name) => accountFor(keyNamed(name) ?? ''),
    otherwise: auth === 'callers' ? undefined : withoutToken,
  });
  return { ...connection, connect, callers };
}

/** One call, with the lowest priority, to see that Freshsales answers. */
async function readOwners({ freshsales }: Account): Promise<void> {
  await freshsales.for({ lane: 'bulk', fresh: true }).lookup(userLookup);
}

const warnOfToken = () =>
  warn(
    'Warning: A request has a token (Authorization: Bearer …), but FRESHSALES_CALLERS is not set, so the token is ignored. Set FRESHSALES_CALLERS to a file of callers, or send no token.',
  );

type Accounts = Awaited<ReturnType<typeof accountsOf>>;

async function accountsOf(config: Config, metrics: Metrics | undefined) {
  const { upstream, auth, quota, cache, redisUrl, timeoutMs, maxResponseBytes, timeZone } = config;
  const { product } = upstream;
  const key = upstream.kind === 'sandbox' ? 'sandbox' : upstream.apiKey;
  const ownKey = auth === 'pass-through' ? undefined : key;
  const sandbox = upstream.kind === 'sandbox' ? await openSandbox(product) : undefined;
  const proxy = upstream.kind === 'account' ? upstream.proxy : undefined;
  const baseURL = upstream.kind === 'account' ? upstream.baseURL : (sandbox?.baseURL ?? '');
  const given = sandbox?.fetch ?? (proxy ? await fetchThrough(proxy) : globalThis.fetch);
  const { fetch, reached } = watchAnswers(given);
  // Without REDIS_URL all state stays in memory.
  const store = redisUrl === undefined ? undefined : await openRedis(redisUrl, digest(baseURL));
  const ledger = createAccountLedger({ ...quota, ...(store && { store }) });
  const responses = createCache({ ...cache, tables, store });
  const feed = createFeed(openLogOf(config, { store, account: digest(baseURL) }), responses, metrics);
  const signer = store && createTokenSigner(store);
  const exclusive = createExclusive(store);
  const watch = createFreshsalesWatch();
  const name = upstream.kind === 'sandbox' ? 'sandbox' : new URL(baseURL).host;
  metrics?.watchAccount({ name, ledger, cache: responses });
  if (store) metrics?.watchStore(() => store.status());
  const meters = metrics ? [metrics.callMeter(name), ledger] : [ledger];
  const accountOf = (apiKey: string): Account => {
    const scope = digest(`${baseURL}\n${apiKey}`);
    return {
      name,
      freshsales: createFreshsales({
        ...{ baseURL, apiKey, product, timeoutMs, maxResponseBytes, timeZone, fetch, proxy: proxy?.host },
        ledger: combineMeters(watch.meterFor({ isOwn: apiKey === ownKey }), ...meters),
        cache: responses.for(scope),
      }),
      ledger,
      exclusive,
      changes: { feed, isKeyUnchecked: apiKey !== ownKey && auth === 'pass-through' },
      ...(store && { once: createOnce({ store, scope }), signer }),
    };
  };
  return {
    accountOf,
    feed,
    workflows: sandbox?.workflows,
    lock: store && ((name: string) => store.lock(name)),
    lastEvents: async () =>
      store || existsSync(feedFolder(config, digest(baseURL))) ? feed.lastEvents() : new Map<string, number>(),
    ownKey,
    watch,
    ask: async () => watch.report(await isReachable(`${baseURL}/selector/owners`, fetch, timeoutMs)),
    counterOf: createUsageCounters({ share: quota.share, ...(store && { store }) }),
    reached,
    storeStatus: store && (() => store.status()),
    persistedQueries: createPersistedQueries(store),
    close: async () => {
      await feed.close();
      await store?.close();
    },
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

/** Loads undici only for a proxy: the fetch of Node.js 20 uses none. */
async function fetchThrough({ url }: ProxyConfig): Promise<typeof globalThis.fetch> {
  const { fetch, ProxyAgent } = await import('undici');
  const dispatcher = new ProxyAgent(url);
  const through: typeof fetch = (input, init) => fetch(input, { ...init, dispatcher });
  // The same interface, declared by another version of undici.
  return through as unknown as typeof globalThis.fetch;
}

/** Asks without a key, which costs nothing: Freshsales refuses it. */
async function isReachable(url: string, fetch: typeof globalThis.fetch, timeoutMs: number): Promise<boolean> {
  try {
    const { status, body } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    discard(body);
    return status < 500;
  } catch {
    return false;
  }
}

/** Loads the sandbox only if no account is configured. */
async function openSandbox(product: Product): Promise<Sandbox> {
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

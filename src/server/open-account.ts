import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createCache } from '../cache/cache.ts';
import type { Config } from '../config/config.ts';
import type { ProxyConfig } from '../config/proxy.ts';
import type { AccountUpstream, NamedAccount } from '../config/upstream.ts';
import { LoggedFeed } from '../events/change-feed.ts';
import { createFreshsales, type Freshsales, type FreshsalesOptions } from '../freshsales/client.ts';
import type { Product } from '../freshsales/products.ts';
import { combineMeters, discard } from '../freshsales/transport.ts';
import { userLookup } from '../lookups/lookup-types.ts';
import type { Metrics } from '../observability/metrics.ts';
import { createFreshsalesWatch, type UpstreamWatch } from '../observability/readiness.ts';
import { createAccountLedger } from '../quota/account-ledger.ts';
import { createUsageCounters, type UsageCounters } from '../quota/allowance.ts';
import type { RecordChange } from '../records/changes.ts';
import type { Account } from '../records/context.ts';
import { tables } from '../resources/index.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createExclusive } from '../stores/exclusive.ts';
import { createOnce } from '../stores/once.ts';
import type { Log, Store } from '../stores/store.ts';
import { createTokenSigner } from '../stores/token-signer.ts';
import { onePerKey } from './authenticate.ts';

/** A Freshsales account that the server is connected to. It shares nothing with others: quota, cache, change feed, metrics. */
export interface ConnectedAccount {
  /** Its name in logs and metrics. */
  readonly name: string;
  /** Undefined over the sandbox. */
  readonly upstream: AccountUpstream | undefined;
  /** The account with the server's own key for it. Undefined if it has none. */
  readonly own: Account | undefined;
  /** The account with a key. */
  readonly accountFor: (apiKey: string) => Account;
  /** Resolves when Freshsales accepts the first call of any request. Never rejects. */
  readonly reached: Promise<void>;
  /** The state of Freshsales. Undefined over the sandbox. */
  readonly upstreamWatch: UpstreamWatch | undefined;
  /** The changes in the account. */
  readonly feed: LoggedFeed;
  /** When the last webhook about each type arrived, in milliseconds since 1970. */
  readonly lastEvents: () => Promise<ReadonlyMap<string, number>>;
  /** Takes the turn at work that one of several servers does. Undefined without Redis. */
  readonly lock: ((name: string) => ReturnType<Store['lock']>) | undefined;
  /** The workflows of the embedded sandbox. */
  readonly workflows: Sandbox['workflows'] | undefined;
  /** Counts the calls of its callers. */
  readonly counterOf: UsageCounters;
  /** Its entry in the file of accounts. */
  readonly named: NamedAccount | undefined;
}

interface OpenAccountOptions {
  readonly config: Config;
  /** Its entry in the file of accounts. */
  readonly named?: NamedAccount | undefined;
  /** The state that servers share, by account. */
  readonly storeFor: ((account: string) => Store) | undefined;
  readonly metrics: Metrics | undefined;
  /** Memory for its cache. */
  readonly cacheBytes: number;
}

interface AccountOptions extends OpenAccountOptions {
  readonly upstream: AccountUpstream | undefined;
  readonly ownKey: string | undefined;
  readonly baseURL: string;
  readonly fetch: typeof globalThis.fetch;
  readonly product: Product;
}

/** Connects to an account, or to the embedded sandbox. All keys of an account share one account ledger; each key has its own cache. */
export async function openAccount(options: OpenAccountOptions): Promise<ConnectedAccount> {
  const { config, named } = options;
  const upstream = named?.upstream ?? config.upstream;
  if (upstream.kind === 'accounts') throw new TypeError('Open each account by its name.');
  const { product } = upstream;
  const keyIfAny = (key: string | undefined) => (config.auth === 'pass-through' ? undefined : key);
  if (upstream.kind === 'account') {
    const { baseURL, apiKey, proxy } = upstream;
    return connectAccount({
      ...options,
      upstream,
      product,
      baseURL,
      fetch: proxy ? await fetchThrough(proxy) : globalThis.fetch,
      ownKey: keyIfAny(apiKey),
    });
  }
  const { baseURL, fetch, workflows } = await openSandbox(product);
  const ownKey = keyIfAny('sandbox');
  return { ...connectAccount({ ...options, upstream: undefined, product, baseURL, fetch, ownKey }), workflows };
}

function connectAccount(options: AccountOptions): ConnectedAccount {
  const { config, named, upstream, ownKey, baseURL, metrics, cacheBytes } = options;
  const { fetch, reached } = watchAnswers(options.fetch);
  // Without REDIS_URL all state stays in memory.
  const account = digest(baseURL);
  const store = options.storeFor?.(account);
  const quota = { ...config.quota, ...(named?.hourlyLimit !== undefined && { hourlyLimit: named.hourlyLimit }) };
  const ledger = createAccountLedger({ ...quota, ...(store && { store }) });
  const cache = createCache({ ...config.cache, maxBytes: cacheBytes, tables, store });
  const scopeOf = (apiKey: string) => digest(`${baseURL}\n${apiKey}`);
  const signer = store && createTokenSigner(store);
  const exclusive = createExclusive(store);
  const watch = createFreshsalesWatch();
  const name = named?.name ?? (upstream ? new URL(baseURL).host : 'sandbox');
  const folder = feedFolder(config, account);
  const feed = new LoggedFeed({
    open: () => openLog(config, folder, store),
    cache,
    ownScope: ownKey === undefined ? undefined : scopeOf(ownKey),
    onReport: ({ type, action }) => metrics?.change({ account: name, type, action }),
  });
  metrics?.watchAccount({ name, ledger, cache });
  const meters = metrics ? [metrics.callMeter(name), ledger] : [ledger];
  const accountFor = onePerKey((apiKey): Account => {
    const scope = scopeOf(apiKey);
    return {
      name,
      isNamed: named !== undefined,
      freshsales: clientOf(options, {
        apiKey,
        fetch,
        ledger: combineMeters(watch.meterFor({ isOwn: apiKey === ownKey }), ...meters),
        cache: cache.for(scope),
      }),
      ledger,
      ...(apiKey === ownKey && { user: config.user }),
      exclusive,
      changes: { feed, isForeignKey: apiKey !== ownKey },
      ...(store && { once: createOnce({ store, scope }), signer }),
    };
  });
  const own = ownKey === undefined ? undefined : accountFor(ownKey);
  const ask = async () => watch.report(await isReachable(`${baseURL}/selector/owners`, fetch, config.timeoutMs));
  return {
    name,
    named,
    upstream,
    own,
    accountFor,
    reached,
    feed,
    lastEvents: async () => (store || existsSync(folder) ? feed.lastEvents() : new Map()),
    lock: store && ((turn) => store.lock(turn)),
    workflows: undefined,
    upstreamWatch: upstream && { status: watch.status, probe: own ? () => readOwners(own) : ask },
    counterOf: createUsageCounters({ share: quota.share, ...(store && { store }) }),
  };
}

/** Freshsales for one key of an account. */
const clientOf = (
  { config, named, upstream, product, baseURL }: AccountOptions,
  own: Pick<FreshsalesOptions, 'apiKey' | 'fetch' | 'ledger' | 'cache'>,
): Freshsales =>
  createFreshsales({
    ...own,
    baseURL,
    product,
    timeoutMs: config.timeoutMs,
    maxResponseBytes: config.maxResponseBytes,
    timeZone: named?.timeZone ?? config.timeZone,
    proxy: upstream?.proxy?.host,
  });

/** The folder of the feed of an account without Redis. */
const feedFolder = ({ changes }: Config, account: string): string =>
  join(changes.folder, `changes-${account.slice(0, 16)}`);

/** Opens the log of a feed: in Redis, or in its own folder. */
async function openLog({ changes }: Config, folder: string, store: Store | undefined): Promise<Log<RecordChange>> {
  const { maxEntries, maxAgeMs } = changes;
  if (store) return store.log<RecordChange>('changes', { maxEntries, maxAgeMs });
  const { openEmbeddedLog } = await import('../stores/embedded/embedded-log.ts');
  return openEmbeddedLog<RecordChange>({ folder, maxEntries, maxAgeMs });
}

/** One call, with the lowest priority, to see that Freshsales answers. */
async function readOwners({ freshsales }: Account): Promise<void> {
  await freshsales.for({ priority: 'bulk', fresh: true }).lookupRows(userLookup);
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

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

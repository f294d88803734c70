import type { Callers } from '../access/callers.ts';
import { fieldsOfType } from '../access/permissions.ts';
import type { Config } from '../config/config.ts';
import { namedAccounts } from '../config/upstream.ts';
import type { LoggedFeed } from '../events/change-feed.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { UpstreamWatch } from '../observability/readiness.ts';
import type { Account } from '../records/context.ts';
import type { Store } from '../stores/store.ts';
import { warn } from '../terminal.ts';
import { byToken, type Connect, passThroughTo, withServerKey } from './authenticate.ts';
import { type ConnectedAccount, openAccount } from './open-account.ts';
import { createPersistedQueries, type PersistedQueries } from './persisted-queries.ts';
import { schema } from './schema.ts';

export interface Connection {
  /** Authenticates a request and finds its account. */
  readonly connect: Connect;
  /** The accounts of the file of accounts, or the only account. */
  readonly accounts: readonly ConnectedAccount[];
  /** The account of the server's own key. Undefined if requests bring their own keys, or if there are several accounts. */
  readonly own: Account | undefined;
  /** The changes in the first account. */
  readonly feed: LoggedFeed;
  /** The callers, if a file of callers is configured. */
  readonly callers: Callers | undefined;
  /** The state of Freshsales for each account. Empty over the sandbox. */
  readonly upstreamWatch: readonly UpstreamWatch[];
  /** `degraded` while the Redis that servers share cannot be reached. Undefined without Redis. */
  readonly storeStatus: Store['status'] | undefined;
  /** Automatic persisted queries, shared by servers over Redis. */
  readonly persistedQueries: PersistedQueries;
  /** Closes the change feeds and the connection to Redis. */
  close(): Promise<void>;
}

/** Connects to the configured accounts. */
export async function connectTo(config: Config, metrics?: Metrics): Promise<Connection> {
  const { upstream, redisUrl } = config;
  const named = (await namedAccounts(upstream)) ?? [undefined];
  // Without REDIS_URL all state stays in memory.
  const redis = redisUrl === undefined ? undefined : await openRedis(redisUrl);
  const accounts: ConnectedAccount[] = [];
  const close = async () => {
    await Promise.all(accounts.map(({ feed }) => feed.close()));
    await redis?.close();
  };
  return closeOnFailure(async () => {
    // Each has its own part, so that a busy account takes no memory away from the others.
    const cacheBytes = Math.ceil(config.cache.maxBytes / named.length);
    for (const each of named)
      accounts.push(await openAccount({ config, named: each, storeFor: redis?.storeFor, metrics, cacheBytes }));
    const [first] = accounts;
    if (!first) throw new TypeError('There is no account.');
    const shared = redis?.storeFor('all accounts');
    if (shared) metrics?.watchStore(() => shared.status());
    return {
      ...(await authenticateFor(config, accounts)),
      accounts,
      feed: first.feed,
      own: accounts.length === 1 ? accounts[0]?.own : undefined,
      upstreamWatch: accounts.flatMap(({ upstreamWatch }) => upstreamWatch ?? []),
      storeStatus: shared && (() => shared.status()),
      persistedQueries: createPersistedQueries(shared),
      close,
    };
  }, close);
}

/** Decides how requests are authenticated, and with which key each calls Freshsales. */
async function authenticateFor(
  { auth, callers: path, keyNamed }: Config,
  accounts: readonly ConnectedAccount[],
): Promise<Pick<Connection, 'connect' | 'callers'>> {
  const byName = new Map(accounts.map((account) => [account.named?.name, account]));
  const own = accounts.length === 1 ? accounts[0]?.own : undefined;
  const withoutToken =
    auth === 'open' && own ? withServerKey(own, warnOfToken) : passThroughTo({ domains: byDomain(accounts) });
  if (path === undefined) return { connect: withoutToken, callers: undefined };
  const { openCallers } = await import('../access/callers.ts');
  const callers = openCallers({
    path,
    signsIn: auth === 'jwt',
    keyNamed,
    fieldsOf: fieldsOfType(schema),
    accounts: new Map(accounts.flatMap(({ named }) => (named ? [[named.name, named.keyName]] : []))),
    counterOf: (name, account) => accountIn(byName, account).counterOf(name),
  });
  const connect = byToken({
    callers,
    // The file of callers is rejected unless every key it names is set.
    accountNamed: (key, account) => accountIn(byName, account).accountFor(keyNamed(key) ?? ''),
    otherwise: auth === 'callers' || auth === 'jwt' ? undefined : withoutToken,
  });
  return { connect, callers };
}

/** The accounts by their hosts. Those that share a host have the path as well. */
function byDomain(accounts: readonly ConnectedAccount[]) {
  const urls = accounts.map(({ upstream }) => (upstream ? new URL(upstream.baseURL) : undefined));
  return new Map(
    accounts.map(({ accountFor }, index) => {
      const { host, pathname } = urls[index] ?? { host: 'sandbox', pathname: '' };
      const isShared = urls.filter((url) => url?.host === host).length > 1;
      return [isShared ? `${host}${pathname}`.toLowerCase() : host, accountFor];
    }),
  );
}

/** The file of callers is rejected unless every account it names exists. */
function accountIn(
  accounts: ReadonlyMap<string | undefined, ConnectedAccount>,
  name: string | undefined,
): ConnectedAccount {
  const account = accounts.get(name);
  if (!account) throw new TypeError('The account of a caller does not exist.');
  return account;
}

const warnOfToken = () =>
  warn(
    'Warning: A request has a token (Authorization: Bearer …), but FRESHSALES_CALLERS is not set, so the token is ignored. Set FRESHSALES_CALLERS to a file of callers, or send no token.',
  );

/** Loads Redis only if REDIS_URL is set. */
async function openRedis(url: string) {
  const { createRedisStores } = await import('../stores/redis/redis-store.ts');
  return createRedisStores({ url, warn: (text) => warn(`Warning: ${text}`) });
}

/** Runs a step that needs an open resource, and closes the resource if the step fails. Otherwise it would keep the process alive. */
export async function closeOnFailure<T>(step: () => Promise<T>, close: () => unknown): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await close();
    throw error;
  }
}

import { dirname, join } from 'node:path';
import type { Mask } from '../access/audit/audit-event.ts';
import type { TrustProxy } from '../access/request-details.ts';
import type { DEFAULT_CACHE } from '../cache/cache.ts';
import type { WebhookSecret } from '../events/webhooks.ts';
import type { LogLevel } from '../observability/log.ts';
import type { LogLimits } from '../stores/store.ts';
import type { AccountsFileOptions } from './accounts-file.ts';
import { EnvFileError, readEnvFile } from './env-file.ts';
import { ConfigError, readVariables, type Variables } from './environment.ts';
import type { Limits } from './limits.ts';
import { isLoopbackAddress } from './loopback.ts';
import { misplaced, misspeltIn } from './misspelt.ts';
import { proxyFor } from './proxy.ts';
import { describeSettings } from './reference.ts';
import { accountUpstream, type Environment, type Upstream } from './upstream.ts';

export { ConfigError, type Upstream };

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly upstream: Upstream;
  /** Requests without a caller’s token. `open`: use the server’s key. `pass-through`: bring their own key. `callers`: refused. `jwt`: refused, and people sign in. */
  readonly auth: 'open' | 'pass-through' | 'callers' | 'jwt';
  /** Path of the file of callers. */
  readonly callers: string | undefined;
  /** The Freshsales key in the named environment variable. */
  readonly keyNamed: (name: string) => string | undefined;
  /** The audit log. Undefined if it is off. */
  readonly audit: AuditConfig | undefined;
  /** The quota of the account. */
  readonly quota: {
    readonly hourlyLimit: number;
    readonly reserve: number;
    readonly maxWaitMs: number;
    /** This server's share of the quota while it cannot reach the others. */
    readonly share: number;
  };
  readonly cache: typeof DEFAULT_CACHE;
  /** Redis through which several servers share quota and cache. */
  readonly redisUrl: string | undefined;
  /** The secret that workflows of Freshsales send. Undefined if webhooks are off. */
  readonly webhooks: WebhookSecret | undefined;
  /** The header of the secrets of several accounts. */
  readonly webhookHeader: string;
  /** The change feed. */
  readonly changes: LogLimits & {
    /** Its folder without Redis. */
    readonly folder: string;
    /** The shortest interval between polls of Freshsales. Undefined if it is not polled. */
    readonly pollMs: number | undefined;
    /** Subscriptions that one caller may have open. */
    readonly perCaller: number;
  };
  /** Add a typed field for each custom field of the account to the schema. */
  readonly typedFields: boolean;
  /** The user of the server's key, by id or e-mail address. */
  readonly user: string | undefined;
  readonly timeoutMs: number;
  /** Bytes of one Freshsales response. */
  readonly maxResponseBytes: number;
  /** The zone of times that Freshsales sends without an offset. */
  readonly timeZone: string;
  readonly production: boolean;
  /** Origins whose pages may send operations from a browser. */
  readonly origins: readonly string[];
  /** Proxies whose `X-Forwarded-For` header is trusted. */
  readonly trustProxy: TrustProxy | undefined;
  readonly limits: Limits;
  /** The prefix of all paths, such as `/crm`. Empty by default. */
  readonly basePath: string;
  /** Time after which idle connections are closed. */
  readonly keepAliveMs: number;
  readonly logLevel: LogLevel;
  /** Calls that take longer are logged. */
  readonly slowCallMs: number;
  /** Bearer token of /metrics. */
  readonly metricsToken: string | undefined;
  /** Serve MCP at /mcp. */
  readonly mcp: boolean;
  /** Token of the caller that the mcp command acts as. */
  readonly callerToken: string | undefined;
  /** Names of the variables that a `.env` file sets. Undefined if there is no such file. */
  readonly envFile: readonly string[] | undefined;
  /** Sentences about probable mistakes: misspelt and repeated names. Call it after the file of callers is read, which names variables. */
  readonly warnings: () => readonly string[];
}

export interface AuditConfig {
  /** A file, or `stdout`. */
  readonly path: string;
  readonly mask: readonly Mask[];
  /** Old files to keep. Defaults to all. */
  readonly keep?: number | undefined;
}

/** Reads the environment and a `.env` file. The environment takes precedence. */
export function readConfig(given?: NodeJS.ProcessEnv): Config {
  const { env, names, repeated } = given ? { env: given, names: undefined, repeated: [] } : environment();
  const values = readVariables(env);
  const asked = new Set<string>();
  const variableNamed = (name: string) => {
    asked.add(name);
    return env[name];
  };
  const upstream = upstreamOf(values, { variableNamed, proxyFor: (url) => proxyFor(url, env) });
  const auth = authOf(values, upstream);
  const { production, doubt } = productionOf(values);
  return {
    host: values.HOST,
    port: values.PORT,
    upstream,
    auth,
    quota: {
      hourlyLimit: values.FRESHSALES_PLAN,
      reserve: values.QUOTA_RESERVE_PERCENT / 100,
      maxWaitMs: values.QUOTA_WAIT_SECONDS * 1000,
      share: values.QUOTA_SHARE_PERCENT / 100,
    },
    cache: {
      listsForMs: values.CACHE_LISTS_SECONDS * 1000,
      recordsForMs: values.CACHE_RECORDS_SECONDS * 1000,
      staleForMs: values.CACHE_STALE_SECONDS * 1000,
      liveForMs: values.CACHE_LIVE_SECONDS * 1000,
      maxBytes: values.CACHE_MAX_BYTES,
    },
    redisUrl: values.REDIS_URL,
    callers: values.FRESHSALES_CALLERS,
    // The sandbox accepts any key. Using the name as the key keeps callers with different keys apart there too.
    keyNamed: (name) => variableNamed(name) || (upstream.kind === 'sandbox' ? name : undefined),
    audit: auditOf(values),
    ...changesOf(values, upstream),
    typedFields: typedFieldsOf(values, upstream, auth),
    timeoutMs: values.FRESHSALES_TIMEOUT_MS,
    maxResponseBytes: values.FRESHSALES_MAX_RESPONSE_BYTES,
    timeZone: values.FRESHSALES_TIME_ZONE,
    production,
    envFile: names,
    warnings: () => [...repeated, ...doubt, ...misplaced(names, ENV_FILE), ...misspeltIn(env, asked)],
    origins: values.ALLOWED_ORIGINS,
    trustProxy: values.TRUST_PROXY,
    ...servingOf(values),
    mcp: values.MCP === 'on',
    callerToken: values.FRESHSALES_CALLER_TOKEN,
    limits: limitsOf(values),
  };
}

const limitsOf = (values: Variables): Limits => ({
  maxDepth: values.MAX_DEPTH,
  maxAliases: values.MAX_ALIASES,
  maxDirectives: values.MAX_DIRECTIVES,
  maxFields: values.MAX_FIELDS,
  maxTokens: values.MAX_TOKENS,
  maxBodyBytes: values.MAX_BODY_BYTES,
  maxCalls: values.MAX_CALLS,
  maxValues: values.MAX_VALUES,
});

type Serving = 'basePath' | 'keepAliveMs' | 'logLevel' | 'slowCallMs' | 'metricsToken' | 'user';

const servingOf = (values: Variables): Pick<Config, Serving> => ({
  basePath: values.BASE_PATH,
  keepAliveMs: values.KEEP_ALIVE_SECONDS * 1000,
  logLevel: values.LOG_LEVEL,
  slowCallMs: values.LOG_SLOW_CALL_MS,
  metricsToken: values.METRICS_TOKEN,
  user: values.FRESHSALES_USER,
});

/** Off by default where they cost calls, and where the server has no key to read them with. */
const typedFieldsOf = ({ FRESHSALES_TYPED_FIELDS: given }: Variables, { kind }: Upstream, auth: Config['auth']) =>
  given === undefined ? kind === 'sandbox' && auth !== 'pass-through' : given === 'on';

/** Path of the file of callers, for commands that need nothing else. */
export const callersPath = (): string => environment().env.FRESHSALES_CALLERS || 'callers.yaml';

/** Path of the audit log, for commands that need nothing else. */
export const auditPath = (): string => environment().env.AUDIT_LOG || join(dirname(callersPath()), 'audit.log');

/** The settings in effect, as lines of a `.env` file without secrets. */
export function settingLines(): string[] {
  const { env, fromFile } = environment();
  return describeSettings(env, (name) => (fromFile.includes(name) ? ENV_FILE : 'environment'));
}

const ENV_FILE = '.env';

/** Adds the variables of a `.env` file to the environment, which takes precedence. */
function environment() {
  const file = readFile();
  const fromFile = [...(file?.values.keys() ?? [])].filter((name) => process.env[name] === undefined);
  for (const [name, value] of file?.values ?? []) process.env[name] ??= value;
  const repeated = [...(file?.repeated ?? [])].map(
    ([name, lines]) =>
      `${ENV_FILE} sets ${name} more than once, on lines ${lines.join(' and ')}. The last one applies.`,
  );
  return { env: process.env, names: file && [...file.values.keys()], fromFile, repeated };
}

function readFile() {
  try {
    return readEnvFile(ENV_FILE);
  } catch (error) {
    throw error instanceof EnvFileError ? new ConfigError(error.message) : error;
  }
}

/** Everything but development and test is production, so that a misspelt name does not leave GraphiQL open. */
function productionOf({ NODE_ENV: given }: Variables): { production: boolean; doubt: readonly string[] } {
  const word = given?.trim().toLowerCase() ?? '';
  if (['', 'development', 'test'].includes(word)) return { production: false, doubt: [] };
  const doubt =
    'NODE_ENV is not exactly “production”, but is treated as production. Set it to production, development or test.';
  return { production: true, doubt: given === 'production' ? [] : [doubt] };
}

/** Loads zod and yaml only if FRESHSALES_ACCOUNTS is set. */
async function readAccounts(options: AccountsFileOptions) {
  const file = await import('./accounts-file.ts');
  return file.readAccounts(options);
}

function upstreamOf(values: Variables, environment: Environment): Upstream {
  const {
    FRESHSALES_ACCOUNTS: file,
    FRESHSALES_DOMAIN: domain,
    FRESHSALES_URL: url,
    FRESHSALES_API_KEY: apiKey,
    FRESHSALES_PRODUCT: product,
  } = values;
  if (file !== undefined) {
    const other = domain === undefined ? url && 'FRESHSALES_URL' : 'FRESHSALES_DOMAIN';
    if (other) throw new ConfigError(`FRESHSALES_ACCOUNTS and ${other} are both set. Keep one of them.`);
    return { kind: 'accounts', read: () => readAccounts({ path: file, product, ...environment }) };
  }
  if (domain !== undefined && url !== undefined)
    throw new ConfigError('FRESHSALES_DOMAIN and FRESHSALES_URL are both set. Keep one of them.');
  if (domain === undefined && url === undefined) {
    if (apiKey !== undefined)
      throw new ConfigError(
        'FRESHSALES_API_KEY is set without an account. Set FRESHSALES_DOMAIN to widgetz.myfreshworks.com, with your own name for widgetz.',
      );
    return { kind: 'sandbox', product: product ?? 'suite' };
  }
  return accountUpstream({ domain, url, product, apiKey }, { urlName: 'FRESHSALES_URL', ...environment });
}

function changesOf(values: Variables, { kind }: Upstream): Pick<Config, 'webhooks' | 'webhookHeader' | 'changes'> {
  const { WEBHOOK_SECRET: secret, WEBHOOK_HEADER: header, CHANGES_POLL_SECONDS: pollSeconds } = values;
  if (secret !== undefined && kind === 'accounts')
    throw new ConfigError(
      'WEBHOOK_SECRET does not say which account a webhook is for. Remove it, and name a secret for each account with “webhookSecret” in the file of accounts.',
    );
  return {
    webhooks: secret === undefined ? undefined : { secret, header },
    webhookHeader: header,
    changes: {
      folder: values.STATE_DIR,
      maxEntries: values.CHANGES_KEEP,
      maxAgeMs: values.CHANGES_KEEP_DAYS * 86_400_000,
      pollMs: pollSeconds === undefined ? undefined : pollSeconds * 1000,
      perCaller: values.SUBSCRIPTIONS_PER_CALLER,
    },
  };
}

/** With callers, the audit log is on unless it is set to off. */
function auditOf({ AUDIT_LOG, AUDIT_MASK, AUDIT_KEEP, FRESHSALES_CALLERS }: Variables): AuditConfig | undefined {
  const path = AUDIT_LOG ?? (FRESHSALES_CALLERS === undefined ? 'off' : join(dirname(FRESHSALES_CALLERS), 'audit.log'));
  return path === 'off' ? undefined : { path, mask: AUDIT_MASK, keep: AUDIT_KEEP };
}

function authOf({ HOST, FRESHSALES_AUTH, FRESHSALES_CALLERS }: Variables, upstream: Upstream): Config['auth'] {
  const auth = FRESHSALES_AUTH ?? (FRESHSALES_CALLERS === undefined ? 'open' : 'callers');
  if (auth === 'jwt' && FRESHSALES_CALLERS === undefined)
    throw new ConfigError(
      'FRESHSALES_AUTH=jwt needs a file of callers with “jwt”, which says who may sign in. Set FRESHSALES_CALLERS to it.',
    );
  // Other host names are resolved, and refused if they are not loopback, when the server listens.
  if (auth === 'open' && HOST !== 'localhost' && !isLoopbackAddress(HOST))
    throw new ConfigError(
      'HOST is not loopback, so others could use the key of this server. Set FRESHSALES_CALLERS to a file of callers, FRESHSALES_AUTH=pass-through, or HOST=127.0.0.1.',
    );
  if (upstream.kind === 'accounts' && auth === 'open')
    throw new ConfigError(
      'FRESHSALES_ACCOUNTS needs requests that say which account they are for. Set FRESHSALES_CALLERS to a file of callers, each with an account, or FRESHSALES_AUTH=pass-through.',
    );
  if (upstream.kind === 'account' && auth === 'open' && upstream.apiKey === undefined)
    throw new ConfigError(
      'FRESHSALES_API_KEY is missing. Set it, FRESHSALES_CALLERS to a file of callers, or FRESHSALES_AUTH=pass-through if callers bring their own key.',
    );
  return auth;
}

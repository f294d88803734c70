import { dirname, join } from 'node:path';
import type { Mask } from '../access/audit/audit-event.ts';
import type { TrustProxy } from '../access/audit/client-address.ts';
import type { DEFAULT_CACHE } from '../cache/cache.ts';
import type { Product } from '../freshsales/client.ts';
import { withoutTrailingSlashes } from '../freshsales/url-text.ts';
import { EnvFileError, readEnvFile } from './env-file.ts';
import { ConfigError, KNOWN_VARIABLES, readVariables, type Variables } from './environment.ts';
import type { Limits } from './limits.ts';
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';
import { misspelt } from './misspelt.ts';

/** What the server talks to: the embedded sandbox, or a real account. */
export type Upstream =
  | { readonly kind: 'sandbox'; readonly product: Product }
  | {
      readonly kind: 'account';
      readonly product: Product;
      readonly baseURL: string;
      readonly apiKey: string | undefined;
    };

export { ConfigError };

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly upstream: Upstream;
  /** Requests without a caller's token. `open`: they use the server's key. `pass-through`: each brings its own. `callers`: refused. */
  readonly auth: 'open' | 'pass-through' | 'callers';
  /** The file of callers, where there is one. */
  readonly callers: string | undefined;
  /** The Freshsales key in an environment variable. */
  readonly keyNamed: (name: string) => string | undefined;
  /** Where and how operations are written down; nowhere where it is left out. */
  readonly audit: AuditConfig | undefined;
  /** What the account may spend, and how it is shared out. */
  readonly quota: {
    readonly hourlyLimit: number;
    readonly reserve: number;
    readonly maxWaitMs: number;
    /** This server's share of the quota while it cannot reach the others. */
    readonly share: number;
  };
  readonly cache: typeof DEFAULT_CACHE;
  /** Where several machines keep ledger and cache together. */
  readonly redisUrl: string | undefined;
  readonly timeoutMs: number;
  /** How large one response of Freshsales may be, in bytes. */
  readonly maxResponseBytes: number;
  readonly production: boolean;
  /** Origins whose pages may send operations from a browser. */
  readonly origins: readonly string[];
  /** Proxies whose `X-Forwarded-For` tells the client's address. */
  readonly trustProxy: TrustProxy | undefined;
  readonly limits: Limits;
  /** Whether MCP is served at /mcp. */
  readonly mcp: boolean;
  /** The caller that “mcp” speaks for over stdio. */
  readonly callerToken: string | undefined;
  /** The names that a `.env` file set; undefined where there is no such file. */
  readonly envFile: readonly string[] | undefined;
  /**
   * What is probably not meant, a sentence each: misspelt and repeated names. Ask once the callers are read, which may name
   * variables of their own.
   */
  readonly warnings: () => readonly string[];
}

export interface AuditConfig {
  readonly path: string;
  readonly mask: readonly Mask[];
  /** Files to keep beside the one in use; all where it is left out. */
  readonly keep?: number | undefined;
}

/** Reads the environment, and a `.env` file where there is one; what the environment says itself wins. */
export function readConfig(given?: NodeJS.ProcessEnv): Config {
  const { env, names, repeated } = given ? { env: given, names: undefined, repeated: [] } : environment();
  const values = readVariables(env);
  const upstream = upstreamOf(values);
  const auth = authOf(values, upstream);
  const asked = new Set<string>();
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
      maxBytes: values.CACHE_MAX_BYTES,
    },
    redisUrl: values.REDIS_URL,
    callers: values.FRESHSALES_CALLERS,
    // The sandbox takes any key: the name of one does, so that callers with keys of their own stay apart there, too.
    keyNamed: (name) => {
      asked.add(name);
      return env[name] || (upstream.kind === 'sandbox' ? name : undefined);
    },
    audit: auditOf(values),
    timeoutMs: values.FRESHSALES_TIMEOUT_MS,
    maxResponseBytes: values.FRESHSALES_MAX_RESPONSE_BYTES,
    production,
    envFile: names,
    warnings: () => [...repeated, ...doubt, ...misspeltIn(env, asked)],
    origins: values.ALLOWED_ORIGINS,
    trustProxy: values.TRUST_PROXY,
    mcp: values.MCP === 'on',
    callerToken: values.FRESHSALES_CALLER_TOKEN,
    limits: {
      maxDepth: values.MAX_DEPTH,
      maxAliases: values.MAX_ALIASES,
      maxDirectives: values.MAX_DIRECTIVES,
      maxFields: values.MAX_FIELDS,
      maxTokens: values.MAX_TOKENS,
      maxBodyBytes: values.MAX_BODY_BYTES,
      maxCalls: values.MAX_CALLS,
      maxValues: values.MAX_VALUES,
    },
  };
}

/** Where the callers are, for commands that need nothing else. */
export const callersPath = (): string => environment().env.FRESHSALES_CALLERS || 'callers.yaml';

/** Where the audit log is, for commands that need nothing else. */
export const auditPath = (): string => environment().env.AUDIT_LOG || join(dirname(callersPath()), 'audit.log');

const ENV_FILE = '.env';

/** The environment with what a `.env` file adds to it. What the environment sets itself wins. */
function environment() {
  const file = readFile();
  for (const [name, value] of file?.values ?? []) process.env[name] ??= value;
  const repeated = [...(file?.repeated ?? [])].map(
    ([name, lines]) => `${ENV_FILE} sets ${name} more than once, on lines ${lines.join(' and ')}. The last one holds.`,
  );
  return { env: process.env, names: file && [...file.values.keys()], repeated };
}

function readFile() {
  try {
    return readEnvFile(ENV_FILE);
  } catch (error) {
    throw error instanceof EnvFileError ? new ConfigError(error.message) : error;
  }
}

function misspeltIn(env: NodeJS.ProcessEnv, asked: ReadonlySet<string>): string[] {
  const names = Object.keys(env).filter((name) => !asked.has(name));
  return misspelt(names, KNOWN_VARIABLES).map(
    ({ name, meant }) => `${name} is not a variable of this server.${meant ? ` Did you mean ${meant}?` : ''}`,
  );
}

/** What is neither development nor a test is production: a misspelt name must not leave GraphiQL open. */
function productionOf({ NODE_ENV: given }: Variables): { production: boolean; doubt: readonly string[] } {
  const word = given?.trim().toLowerCase() ?? '';
  if (['', 'development', 'test'].includes(word)) return { production: false, doubt: [] };
  const doubt = 'NODE_ENV is not exactly “production”, and is taken for it. Set it to production, development or test.';
  return { production: true, doubt: given === 'production' ? [] : [doubt] };
}

function upstreamOf(values: Variables): Upstream {
  const {
    FRESHSALES_DOMAIN: domain,
    FRESHSALES_URL: url,
    FRESHSALES_API_KEY: apiKey,
    FRESHSALES_PRODUCT: product,
  } = values;
  if (domain !== undefined && url !== undefined)
    throw new ConfigError('FRESHSALES_DOMAIN and FRESHSALES_URL are both set. Keep one of them.');
  if (domain === undefined && url === undefined) {
    if (apiKey !== undefined)
      throw new ConfigError(
        'FRESHSALES_API_KEY is set without an account. Set FRESHSALES_DOMAIN to widgetz.myfreshworks.com, with your own name for widgetz.',
      );
    return { kind: 'sandbox', product: product ?? 'suite' };
  }
  const baseURL = url === undefined ? baseOf(domain ?? '', product) : asOneSpells(url);
  const { protocol, hostname } = new URL(baseURL);
  if (protocol === 'http:' && !isLoopbackHost(hostname))
    throw new ConfigError(
      'FRESHSALES_URL begins with http://, so the API key would cross the network unencrypted. Set it to the same URL with https://.',
    );
  return { kind: 'account', baseURL, product: product ?? productOf(baseURL), apiKey };
}

/** However it is written, an account has one address: by it the servers know which ledger is theirs. */
const asOneSpells = (url: string): string => withoutTrailingSlashes(new URL(url).href);

const productOf = (url: string): Product =>
  /(^|\.)freshsales\.io$/i.test(new URL(url).hostname) ? 'classic' : 'suite';

/** The Suite lives below /crm/sales, Classic at the root of its domain. */
function baseOf(domain: string, product: Product | undefined): string {
  const [host = ''] = domain
    .replace(/^https?:\/\//i, '')
    .toLowerCase()
    .split('/');
  const base = `https://${host}`;
  return (product ?? productOf(base)) === 'classic' ? `${base}/api` : `${base}/crm/sales/api`;
}

/** With callers everything is written down, unless that is turned off. */
function auditOf({ AUDIT_LOG, AUDIT_MASK, AUDIT_KEEP, FRESHSALES_CALLERS }: Variables): AuditConfig | undefined {
  const path = AUDIT_LOG ?? (FRESHSALES_CALLERS === undefined ? 'off' : join(dirname(FRESHSALES_CALLERS), 'audit.log'));
  return path === 'off' ? undefined : { path, mask: AUDIT_MASK, keep: AUDIT_KEEP };
}

function authOf({ HOST, FRESHSALES_AUTH, FRESHSALES_CALLERS }: Variables, upstream: Upstream): Config['auth'] {
  const auth = FRESHSALES_AUTH ?? (FRESHSALES_CALLERS === undefined ? 'open' : 'callers');
  // A name is looked up before the server listens; here only the one that surely should be loopback passes.
  if (auth === 'open' && HOST !== 'localhost' && !isLoopbackAddress(HOST))
    throw new ConfigError(
      'HOST is not loopback, so others could use the key of this server. Set FRESHSALES_CALLERS to a file of callers, FRESHSALES_AUTH=pass-through, or HOST=127.0.0.1.',
    );
  if (upstream.kind === 'account' && auth === 'open' && upstream.apiKey === undefined)
    throw new ConfigError(
      'FRESHSALES_API_KEY is missing. Set it, FRESHSALES_CALLERS to a file of callers, or FRESHSALES_AUTH=pass-through for those who bring their own.',
    );
  return auth;
}

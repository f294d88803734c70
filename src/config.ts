import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MASKS, type Mask } from './access/mask.ts';
import type { Product } from './freshsales/client.ts';
import { DEFAULT_LIMITS, type Limits } from './http/limits.ts';
import { isLoopbackHost } from './http/use-browser-guard.ts';
import { DEFAULT_CACHE } from './quota/cache.ts';
import { DEFAULT_LEDGER } from './quota/ledger.ts';

/** What the server talks to: the embedded sandbox, or a real account. */
export type Upstream =
  | { readonly kind: 'sandbox'; readonly product: Product }
  | {
      readonly kind: 'account';
      readonly product: Product;
      readonly baseURL: string;
      readonly apiKey: string | undefined;
    };

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
  readonly quota: { readonly hourlyLimit: number; readonly reserve: number; readonly maxWaitMs: number };
  readonly cache: typeof DEFAULT_CACHE;
  /** Where several machines keep ledger and cache together. */
  readonly redisUrl: string | undefined;
  readonly timeoutMs: number;
  readonly production: boolean;
  /** Origins whose pages may send operations from a browser. */
  readonly origins: readonly string[];
  readonly limits: Limits;
  /** Whether MCP is served at /mcp. */
  readonly mcp: boolean;
  /** The caller that “mcp” speaks for over stdio. */
  readonly callerToken: string | undefined;
}

export interface AuditConfig {
  readonly path: string;
  readonly mask: readonly Mask[];
  /** Files to keep beside the one in use; all where it is left out. */
  readonly keep?: number | undefined;
}

/** Something in the environment is wrong; the message is one line that names the variable and the fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Calls an hour by the name of the plan (FACTS 2). */
const PLANS: Readonly<Record<string, number>> = { free: 1000, growth: 1000, pro: 2000, enterprise: 5000 };

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((count) => count >= least && count <= most);

const variables = z.object({
  HOST: z
    .string()
    .regex(/^[\w.:[\]-]+$/)
    .default('127.0.0.1'),
  PORT: whole(0, 65_535).default(4000),
  FRESHSALES_DOMAIN: z
    .string()
    .regex(/^(https?:\/\/)?[\w-]+(\.[\w-]+)+(\/crm\/sales)?(\/api)?\/*$/i)
    .optional(),
  FRESHSALES_URL: z.url({ protocol: /^https?$/ }).optional(),
  FRESHSALES_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
  FRESHSALES_PRODUCT: z.enum(['suite', 'classic']).optional(),
  FRESHSALES_AUTH: z.enum(['open', 'pass-through']).optional(),
  FRESHSALES_CALLERS: z.string().optional(),
  AUDIT_LOG: z.string().optional(),
  AUDIT_MASK: z
    .string()
    .regex(/^(names|values)(\s*,\s*(names|values))*$/)
    .transform((list) => MASKS.filter((mask) => list.includes(mask)))
    .default([]),
  AUDIT_KEEP: whole(1, 10_000).optional(),
  FRESHSALES_PLAN: z
    .union([
      z.enum(['free', 'growth', 'pro', 'enterprise']).transform((plan) => PLANS[plan] ?? 1000),
      whole(1, 1_000_000),
    ])
    .default(1000),
  FRESHSALES_TIMEOUT_MS: whole(100, 600_000).default(30_000),
  QUOTA_RESERVE_PERCENT: whole(0, 50).default(DEFAULT_LEDGER.reserve * 100),
  QUOTA_WAIT_SECONDS: whole(0, 30).default(DEFAULT_LEDGER.maxWaitMs / 1000),
  CACHE_LISTS_SECONDS: whole(0, 86_400).default(DEFAULT_CACHE.listsForMs / 1000),
  CACHE_RECORDS_SECONDS: whole(0, 86_400).default(DEFAULT_CACHE.recordsForMs / 1000),
  CACHE_STALE_SECONDS: whole(0, 86_400).default(DEFAULT_CACHE.staleForMs / 1000),
  CACHE_MAX_BYTES: whole(100_000, 100_000_000_000).default(DEFAULT_CACHE.maxBytes),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  ALLOWED_ORIGINS: z
    .string()
    .regex(/^https?:\/\/[^\s/,]+(\s*,\s*https?:\/\/[^\s/,]+)*$/)
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .default([]),
  NODE_ENV: z.string().optional(),
  MCP: z.enum(['on', 'off']).default('on'),
  FRESHSALES_CALLER_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
  MAX_DEPTH: whole(1, 1000).default(DEFAULT_LIMITS.maxDepth),
  MAX_ALIASES: whole(1, 10_000).default(DEFAULT_LIMITS.maxAliases),
  MAX_DIRECTIVES: whole(1, 10_000).default(DEFAULT_LIMITS.maxDirectives),
  MAX_FIELDS: whole(10, 1_000_000).default(DEFAULT_LIMITS.maxFields),
  MAX_TOKENS: whole(100, 1_000_000).default(DEFAULT_LIMITS.maxTokens),
  MAX_BODY_BYTES: whole(1000, 100_000_000).default(DEFAULT_LIMITS.maxBodyBytes),
  MAX_CALLS: whole(1, 10_000).default(DEFAULT_LIMITS.maxCalls),
});

type Variables = z.infer<typeof variables>;

/** What each variable must look like, for the one line that says so. The values themselves are never repeated: one is a key. */
const SHAPES: Readonly<Record<string, string>> = {
  HOST: 'an address to listen on, such as 127.0.0.1',
  PORT: 'a number from 0 to 65535, such as 4000',
  FRESHSALES_DOMAIN: 'the domain of your account, such as widgetz.myfreshworks.com',
  FRESHSALES_URL: 'a full base URL, such as https://widgetz.myfreshworks.com/crm/sales/api',
  FRESHSALES_API_KEY: 'the key from Freshsales’ personal settings, without spaces',
  FRESHSALES_PRODUCT: 'suite or classic',
  FRESHSALES_AUTH: 'open or pass-through',
  AUDIT_MASK: 'names, values or both with a comma between them',
  AUDIT_KEEP: 'how many old files to keep, such as 90',
  FRESHSALES_PLAN: 'free, growth, pro, enterprise, or the calls an hour as a number',
  FRESHSALES_TIMEOUT_MS: 'milliseconds from 100 to 600000, such as 30000',
  ALLOWED_ORIGINS: 'origins with commas between them, such as https://crm.example, http://localhost:3000',
  QUOTA_RESERVE_PERCENT: 'a whole number from 0 to 50, such as 10',
  QUOTA_WAIT_SECONDS: 'seconds from 0 to 30, such as 5',
  CACHE_LISTS_SECONDS: 'seconds from 0, which keeps none, to 86400, such as 3600',
  CACHE_RECORDS_SECONDS: 'seconds from 0, which keeps none, to 86400, such as 60',
  CACHE_STALE_SECONDS: 'seconds from 0, which serves none, to 86400, such as 600',
  CACHE_MAX_BYTES: 'a number of bytes from 100000, such as 64000000',
  REDIS_URL: 'a URL that begins with redis:// or rediss://, such as redis://127.0.0.1:6379',
  MCP: 'on or off',
  FRESHSALES_CALLER_TOKEN: 'the token of a caller, without spaces',
  MAX_BODY_BYTES: 'a number of bytes from 1000, such as 1000000',
};

/** Reads the environment, and a `.env` file where there is one; what the environment says itself wins. */
export function readConfig(env: NodeJS.ProcessEnv = environment()): Config {
  // An empty variable is one that is not set: that is how compose files and shells spell it.
  const parsed = variables.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]);
    throw new ConfigError(`${name} is not valid. Set it to ${SHAPES[name] ?? 'a whole number'}.`);
  }
  const values = parsed.data;
  const upstream = upstreamOf(values);
  const auth = authOf(values, upstream);
  return {
    host: values.HOST,
    port: values.PORT,
    upstream,
    auth,
    quota: {
      hourlyLimit: values.FRESHSALES_PLAN,
      reserve: values.QUOTA_RESERVE_PERCENT / 100,
      maxWaitMs: values.QUOTA_WAIT_SECONDS * 1000,
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
    keyNamed: (name) => env[name] || (upstream.kind === 'sandbox' ? name : undefined),
    audit: auditOf(values),
    timeoutMs: values.FRESHSALES_TIMEOUT_MS,
    production: values.NODE_ENV === 'production',
    origins: values.ALLOWED_ORIGINS,
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
    },
  };
}

/** Where the callers are, for commands that need nothing else. */
export const callersPath = (): string => environment().FRESHSALES_CALLERS || 'callers.yaml';

/** Where the audit log is, for commands that need nothing else. */
export const auditPath = (): string => environment().AUDIT_LOG || join(dirname(callersPath()), 'audit.log');

function environment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
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
  const baseURL = url?.replace(/\/+$/, '') ?? baseOf(domain ?? '', product);
  return { kind: 'account', baseURL, product: product ?? productOf(baseURL), apiKey };
}

const productOf = (url: string): Product =>
  /(^|\.)freshsales\.io$/i.test(new URL(url).hostname) ? 'classic' : 'suite';

/** The Suite lives below /crm/sales, Classic at the root of its domain. */
function baseOf(domain: string, product: Product | undefined): string {
  const host = domain
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
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
  if (auth === 'open' && !isLoopbackHost(HOST))
    throw new ConfigError(
      'HOST is not loopback, so others could use the key of this server. Set FRESHSALES_CALLERS to a file of callers, FRESHSALES_AUTH=pass-through, or HOST=127.0.0.1.',
    );
  if (upstream.kind === 'account' && auth === 'open' && upstream.apiKey === undefined)
    throw new ConfigError(
      'FRESHSALES_API_KEY is missing. Set it, FRESHSALES_CALLERS to a file of callers, or FRESHSALES_AUTH=pass-through for those who bring their own.',
    );
  return auth;
}

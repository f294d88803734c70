import { isIPv6 } from 'node:net';
import { cleanEnv, EnvError, makeExactValidator } from 'envalid';
import { MASKS } from '../access/audit/audit-event.ts';
import { type TrustProxy, trustOf } from '../access/request-details.ts';
import { DEFAULT_CACHE } from '../cache/cache.ts';
import { DOMAIN, type Product } from '../freshsales/products.ts';
import { isTimeZone } from '../freshsales/time-zone.ts';
import { DEFAULT_MAX_RESPONSE_BYTES } from '../freshsales/transport.ts';
import { DEFAULT_LEDGER } from '../quota/account-ledger.ts';
import { DEFAULT_LOG_LIMITS } from '../stores/store.ts';
import { toBasePath } from './base-path.ts';
import { ConfigError } from './config-error.ts';
import { DEFAULT_LIMITS } from './limits.ts';

export { ConfigError };

/** Calls per hour of each Freshsales plan (FACTS 2). */
const PLANS: Readonly<Record<string, number>> = { free: 1000, growth: 1000, pro: 2000, enterprise: 5000 };

const check = (holds: boolean): void => {
  if (!holds) throw new EnvError();
};

const text = (shape = /./) =>
  makeExactValidator<string>((given) => {
    check(shape.test(given));
    return given;
  });

const oneOf = <const T extends string>(...words: readonly T[]) =>
  makeExactValidator<T>((given) => {
    const word = words.find((each) => each === given);
    if (word === undefined) throw new EnvError();
    return word;
  });

const toWhole =
  (least: number, most: number) =>
  (given: string): number => {
    check(/^\d+$/.test(given) && Number(given) >= least && Number(given) <= most);
    return Number(given);
  };

const whole = <D extends number | undefined>(least: number, most: number, value: D, desc: string) =>
  makeExactValidator<number>(toWhole(least, most))({ default: value, desc });

const list = <T extends string>(shape: RegExp, read: (items: readonly string[]) => readonly T[]) =>
  makeExactValidator<readonly T[]>((given) => {
    check(shape.test(given));
    return read(given.split(',').map((item) => item.trim()));
  });

/** Offsets need a sign. Names are those of this runtime. */
const timeZone = makeExactValidator<string>((given) => {
  check(isTimeZone(given));
  return given;
});

const url = (protocol: RegExp) =>
  makeExactValidator<string>((given) => {
    check(protocol.test(given) && URL.canParse(given));
    return given.trim();
  });

/** The path must be empty or the number of a database. ioredis would ignore or misread anything else. */
const redisUrl = makeExactValidator<string>((given) => {
  check(/^\s*rediss?:\/\//i.test(given) && URL.canParse(given));
  const { pathname, searchParams } = new URL(given);
  check(/^\/?\d{0,5}$/.test(pathname) && /^\d{0,5}$/.test(searchParams.get('db') ?? ''));
  return given.trim();
});

/** Rejects words such as `Off`, `no` and `true`, which would become file names. */
const logPath = makeExactValidator<string>((given) => {
  check(given === 'off' || (/^\S(.*\S)?$/.test(given) && !/^(on|off|true|false|yes|no|none|null|[01])$/i.test(given)));
  return given;
});

/** An IP address or a name. Brackets around an IPv6 address are removed. */
const hostName = makeExactValidator<string>((given) => {
  const bare = isIPv6(given.slice(1, -1)) && /^\[.*\]$/.test(given) ? given.slice(1, -1) : given;
  check(isIPv6(bare) || /^[\w-]+(\.[\w-]+)*\.?$/.test(bare));
  return /^localhost\.?$/i.test(bare) ? 'localhost' : bare;
});

/** The documentation shows `…` instead of keys and tokens. */
const isPlaceholder = (given = ''): boolean => /…|\.\.\./.test(given);
const secret = text(/^[\x21-\x7e]+$/);
/** May contain spaces, as in `Authorization: Token abc`. */
const webhookSecret = text(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
const headerName = makeExactValidator<string>((given) => {
  check(/^[A-Za-z][\w-]{0,99}$/.test(given) && !/^(host|cookie|content-.*|transfer-encoding|connection)$/i.test(given));
  return given.toLowerCase();
});
/** Rejects white space at the ends, which would be part of the file name. */
const path = text(/^\S(.*\S)?$/);
/** The domain of an account. A pasted URL of its pages or its API is accepted. */
const domain = text(DOMAIN);
const origins = list(/^https?:\/\/[^\s/,]+(\s*,\s*https?:\/\/[^\s/,]+)*$/, (items) => items);
const masks = list(/^(names|values)(\s*,\s*(names|values))*$/, (items) => MASKS.filter((mask) => items.includes(mask)));
/** The number of proxies, or their addresses, networks and named ranges. */
const trustProxy = makeExactValidator<TrustProxy>((given) => {
  if (/^\d+$/.test(given)) return toWhole(1, 20)(given);
  const trusted = given.split(',').map((item) => item.trim());
  try {
    trustOf(trusted);
  } catch {
    throw new EnvError();
  }
  return trusted;
});
/** Longer than load balancers of the large clouds keep idle connections. */
const DEFAULT_KEEP_ALIVE_SECONDS = 65;

const basePath = makeExactValidator<string>((given) => {
  const path = toBasePath(given);
  if (path === undefined) throw new EnvError();
  return path;
});
/** The calls per hour of a plan. Undefined if it is none. */
export function hourlyLimitOf(plan: string): number | undefined {
  const calls = PLANS[plan] ?? (/^\d{1,7}$/.test(plan) ? Number(plan) : 0);
  return calls >= 1 && calls <= 1_000_000 ? calls : undefined;
}
const plan = makeExactValidator<number>((given) => {
  const limit = hourlyLimitOf(given);
  if (limit === undefined) throw new EnvError();
  return limit;
});
const limit = (least: number, most: number, value: number) =>
  whole(least, most, value, `a whole number from ${least} to ${most}`);

/** Every variable with its validator, its default and a description of valid values for error messages. */
export const VARIABLES = {
  HOST: hostName({ default: '127.0.0.1', desc: 'an address to listen on, such as 127.0.0.1' }),
  PORT: whole(0, 65_535, 4000, 'a number from 0 to 65535, such as 4000'),
  FRESHSALES_DOMAIN: domain({
    default: undefined,
    desc: 'the domain of your account, such as widgetz.myfreshworks.com',
  }),
  FRESHSALES_URL: url(/^\s*https?:\/\//i)({
    default: undefined,
    desc: 'a full base URL, such as https://widgetz.myfreshworks.com/crm/sales/api',
  }),
  FRESHSALES_ACCOUNTS: path({ default: undefined, desc: 'the path of a file of accounts' }),
  FRESHSALES_API_KEY: secret({
    default: undefined,
    desc: 'the key under Settings → API settings in Freshsales, without spaces',
  }),
  FRESHSALES_USER: text(/^(\d{1,20}|[^\s@]+@[^\s@]+)$/)({
    default: undefined,
    desc: 'the id or e-mail address of the user whose key FRESHSALES_API_KEY is',
  }),
  FRESHSALES_PRODUCT: oneOf<Product>('suite', 'classic')({ default: undefined, desc: 'suite or classic' }),
  FRESHSALES_AUTH: oneOf('open', 'pass-through', 'jwt')({ default: undefined, desc: 'open, pass-through or jwt' }),
  FRESHSALES_CALLERS: path({ default: undefined, desc: 'the path of a file of callers' }),
  FRESHSALES_CALLER_TOKEN: secret({ default: undefined, desc: 'the token of a caller, without spaces' }),
  FRESHSALES_PLAN: plan({
    default: 1000,
    desc: 'free, growth, pro, enterprise, or the calls an hour as a number',
  }),
  FRESHSALES_TYPED_FIELDS: oneOf('on', 'off')({ default: undefined, desc: 'on or off' }),
  FRESHSALES_TIMEOUT_MS: whole(100, 600_000, 30_000, 'milliseconds from 100 to 600000, such as 30000'),
  FRESHSALES_TIME_ZONE: timeZone({
    default: 'UTC',
    desc: 'an IANA time zone such as Europe/Berlin, or an offset such as +05:30',
  }),
  FRESHSALES_MAX_RESPONSE_BYTES: whole(
    100_000,
    1_000_000_000,
    DEFAULT_MAX_RESPONSE_BYTES,
    'a number of bytes from 100000 to 1000000000, such as 32000000',
  ),
  AUDIT_LOG: logPath({ default: undefined, desc: 'the path of a file, stdout, or off' }),
  AUDIT_MASK: masks({ default: [], desc: 'names, values or both with a comma between them' }),
  AUDIT_KEEP: whole(1, 10_000, undefined, 'how many old files to keep, such as 90'),
  QUOTA_RESERVE_PERCENT: whole(0, 50, DEFAULT_LEDGER.reserve * 100, 'a whole number from 0 to 50, such as 10'),
  QUOTA_SHARE_PERCENT: whole(1, 100, DEFAULT_LEDGER.share * 100, 'a whole number from 1 to 100, such as 25'),
  QUOTA_WAIT_SECONDS: whole(0, 30, DEFAULT_LEDGER.maxWaitMs / 1000, 'seconds from 0 to 30, such as 5'),
  CACHE_LISTS_SECONDS: whole(
    0,
    86_400,
    DEFAULT_CACHE.listsForMs / 1000,
    'seconds from 0, which keeps none, to 86400, such as 3600',
  ),
  CACHE_RECORDS_SECONDS: whole(
    0,
    86_400,
    DEFAULT_CACHE.recordsForMs / 1000,
    'seconds from 0, which keeps none, to 86400, such as 60',
  ),
  CACHE_LIVE_SECONDS: whole(
    0,
    86_400,
    DEFAULT_CACHE.liveForMs / 1000,
    'seconds from 0, which has no effect, to 86400, such as 600',
  ),
  CACHE_STALE_SECONDS: whole(
    0,
    86_400,
    DEFAULT_CACHE.staleForMs / 1000,
    'seconds from 0, which serves none, to 86400, such as 600',
  ),
  CACHE_MAX_BYTES: whole(
    100_000,
    100_000_000_000,
    DEFAULT_CACHE.maxBytes,
    'a number of bytes from 100000, such as 64000000',
  ),
  REDIS_URL: redisUrl({
    default: undefined,
    desc: 'a URL that begins with redis:// or rediss:// and ends with the port or the number of a database, such as redis://127.0.0.1:6379/0',
  }),
  WEBHOOK_SECRET: webhookSecret({
    default: undefined,
    desc: 'the secret that the workflows of Freshsales send, of letters, digits and signs',
  }),
  WEBHOOK_HEADER: headerName({ default: 'x-webhook-secret', desc: 'the name of a header, such as x-webhook-secret' }),
  STATE_DIR: path({ default: '.freshsales-graphql', desc: 'the path of a folder' }),
  CHANGES_KEEP: whole(100, 10_000_000, DEFAULT_LOG_LIMITS.maxEntries, 'a number of changes from 100, such as 100000'),
  CHANGES_KEEP_DAYS: whole(1, 365, DEFAULT_LOG_LIMITS.maxAgeMs / 86_400_000, 'days from 1 to 365, such as 7'),
  CHANGES_POLL_SECONDS: whole(1, 86_400, undefined, 'seconds from 1 to 86400, such as 60'),
  SUBSCRIPTIONS_PER_CALLER: limit(1, 100_000, 100),
  ALLOWED_ORIGINS: origins({
    default: [],
    desc: 'origins with commas between them, such as https://crm.example, http://localhost:3000',
  }),
  BASE_PATH: basePath({ default: '', desc: 'a path such as /crm, of letters, digits, “-”, “_”, “.” and “~”' }),
  KEEP_ALIVE_SECONDS: whole(1, 3600, DEFAULT_KEEP_ALIVE_SECONDS, 'seconds from 1 to 3600, such as 65'),
  TRUST_PROXY: trustProxy({
    default: undefined,
    desc: 'the number of proxies before this server, such as 1, or their addresses and networks with commas between them, such as loopback, 10.0.0.0/8',
  }),
  LOG_LEVEL: oneOf(
    'debug',
    'info',
    'warn',
    'error',
    'silent',
  )({ default: 'info', desc: 'debug, info, warn, error or silent' }),
  LOG_SLOW_CALL_MS: whole(1, 600_000, 3000, 'milliseconds from 1 to 600000, such as 3000'),
  METRICS_TOKEN: secret({ default: undefined, desc: 'a token that Prometheus sends, without spaces' }),
  NODE_ENV: text()({ default: undefined, desc: 'production, development or test' }),
  MCP: oneOf('on', 'off')({ default: 'on', desc: 'on or off' }),
  MAX_DEPTH: limit(1, 1000, DEFAULT_LIMITS.maxDepth),
  MAX_ALIASES: limit(1, 10_000, DEFAULT_LIMITS.maxAliases),
  MAX_DIRECTIVES: limit(1, 10_000, DEFAULT_LIMITS.maxDirectives),
  MAX_FIELDS: limit(10, 1_000_000, DEFAULT_LIMITS.maxFields),
  MAX_TOKENS: limit(100, 1_000_000, DEFAULT_LIMITS.maxTokens),
  MAX_BODY_BYTES: whole(1000, 100_000_000, DEFAULT_LIMITS.maxBodyBytes, 'a number of bytes from 1000, such as 1000000'),
  MAX_CALLS: limit(1, 10_000, DEFAULT_LIMITS.maxCalls),
  MAX_VALUES: limit(1000, 100_000_000, DEFAULT_LIMITS.maxValues),
};

export type VariableName = keyof typeof VARIABLES;

/** The parsed variables. */
export type Variables = ReturnType<typeof readVariables>;

/** The names of all variables, except those that the file of callers names. */
export const KNOWN_VARIABLES: readonly string[] = Object.keys(VARIABLES);

/** Variables that protect something. An empty value is an error, because it would protect nothing. */
const PROTECTIVE = [
  'FRESHSALES_ACCOUNTS',
  'FRESHSALES_CALLERS',
  'FRESHSALES_AUTH',
  'FRESHSALES_CALLER_TOKEN',
  'AUDIT_LOG',
  'AUDIT_MASK',
  'WEBHOOK_SECRET',
  'METRICS_TOKEN',
] as const satisfies readonly (keyof typeof VARIABLES)[];

/**
 * Parses every variable. An empty one counts as not set, as in compose files and shells, unless it is protective.
 *
 * @throws ConfigError for the first wrong variable. The message does not contain the value, which may be a key.
 */
export function readVariables(env: NodeJS.ProcessEnv) {
  const empty = PROTECTIVE.find((name) => env[name]?.trim() === '');
  if (empty) throw new ConfigError(`${empty} is empty. Set it to ${VARIABLES[empty].desc}, or remove it.`);
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return cleanEnv(given, VARIABLES, {
    reporter({ errors }) {
      const wrong = Object.entries(VARIABLES).find(([name]) => name in errors);
      if (!wrong) return;
      const [name, { desc }] = wrong;
      const problem = isPlaceholder(env[name]) ? 'has the placeholder “…” of the documentation' : 'is not valid';
      throw new ConfigError(`${name} ${problem}. Set it to ${desc}.`);
    },
  });
}

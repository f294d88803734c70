import { VARIABLES, type VariableName } from './environment.ts';

/** The meaning of a variable, and its default if that is not a value. Markdown. */
type Description = readonly [meaning: string, defaultsTo?: string];

/** Every variable, by the section of the reference page. */
const SECTIONS: Readonly<Record<string, Partial<Readonly<Record<VariableName, Description>>>>> = {
  Account: {
    FRESHSALES_DOMAIN: [
      'Domain of the account: `widgetz.myfreshworks.com`, or `widgetz.freshsales.io` for Classic.',
      'none: the sandbox',
    ],
    FRESHSALES_URL: [
      'Full base URL, instead of the domain: `https://widgetz.myfreshworks.com/crm/sales/api`. `http://` only for loopback hosts.',
    ],
    FRESHSALES_ACCOUNTS: ['Path of a file of [several accounts](accounts.md), instead of the domain or URL.'],
    FRESHSALES_API_KEY: ['API key.'],
    FRESHSALES_USER: [
      'User whose key FRESHSALES_API_KEY is, by id or e-mail address: `viewer.user`. Callers name theirs with [`user`](callers.md#name-the-user-of-a-caller).',
    ],
    FRESHSALES_PRODUCT: ['`suite` or `classic`.', 'by host: freshsales.io is Classic'],
    FRESHSALES_PLAN: ['`free`, `growth`, `pro`, `enterprise`, or the calls per hour as a number.'],
    FRESHSALES_TYPED_FIELDS: [
      '`on` adds a [typed field for each custom field](custom-fields.md). Costs four calls at the start, and as many when `CACHE_LISTS_SECONDS` have passed.',
      '`on` over the sandbox, `off` on an account',
    ],
    FRESHSALES_TIMEOUT_MS: ['Time limit of one call to Freshsales, body included.'],
    FRESHSALES_TIME_ZONE: [
      'Zone of times that Freshsales sends without an offset: an IANA name such as `Europe/Berlin`, or an offset such as `+05:30`. The zone of the server has no effect.',
    ],
    FRESHSALES_MAX_RESPONSE_BYTES: ['Largest response of Freshsales, after decompression.'],
  },
  Access: {
    FRESHSALES_CALLERS: ['Path of the [callers file](callers.md).'],
    FRESHSALES_AUTH: [
      "Access without a caller's token. `open`: with the server's key, on loopback only. `pass-through`: with the Freshsales key of the request. `jwt`: none, and people [sign in](sign-in.md) with tokens of an OpenID provider.",
      '`open`; refused with callers',
    ],
    FRESHSALES_CALLER_TOKEN: ['Token of the caller that `npx freshsales-graphql mcp` acts as.'],
    ALLOWED_ORIGINS: [
      'Origins whose pages may send operations, separated by commas: `https://crm.example`.',
      'GraphiQL only',
    ],
    TRUST_PROXY: [
      'Proxies whose forwarded headers are trusted: their number, or addresses and networks separated by commas: `loopback, 10.0.0.0/8`. See [Put it behind nginx](operations.md#put-it-behind-nginx).',
      'none: the headers are ignored',
    ],
    AUDIT_LOG: ['Path of the audit log, `stdout`, or `off`.', 'with callers, `audit.log` next to the callers file'],
    AUDIT_MASK: ['`names`, `values` or both: what the log omits of written records.'],
    AUDIT_KEEP: ['Number of old log files to keep.'],
  },
  Server: {
    HOST: ['Address to listen on.'],
    PORT: ['Port to listen on. 0 picks a free one.'],
    NODE_ENV: [
      '`production` disables GraphiQL, introspection and suggestions. Any value but `development` and `test` counts as production, with a warning.',
    ],
    BASE_PATH: ['Prefix of all routes, such as `/crm`.'],
    KEEP_ALIVE_SECONDS: ['How long idle connections are kept.'],
    LOG_LEVEL: [
      'Lowest level of [log lines](operations.md#read-the-logs): `debug`, `info`, `warn`, `error` or `silent`.',
    ],
    LOG_SLOW_CALL_MS: ['Duration from which a call to Freshsales is logged as slow.'],
    METRICS_TOKEN: ['Bearer token of [`/metrics`](operations.md#read-the-metrics).', 'none: loopback only'],
    MCP: ['`off` disables the [MCP endpoint](mcp.md) at `/mcp`.'],
    REDIS_URL: [
      'Redis or Valkey for [several servers](several-servers.md): `redis://:password@host:6379`. Append `/3` for database 3.',
    ],
  },
  Changes: {
    WEBHOOK_SECRET: [
      'Secret that [workflows of Freshsales](live.md#tell-the-server-what-changes) send. Without it, webhooks are off.',
    ],
    WEBHOOK_HEADER: ['Header in which they send it.'],
    STATE_DIR: ['Folder with the change feed, without Redis. Created when needed.'],
    CHANGES_KEEP: ['Number of changes that the feed keeps.'],
    CHANGES_KEEP_DAYS: ['Days for which the feed keeps changes.'],
    CHANGES_POLL_SECONDS: ['How often Freshsales is asked for changes, at most.'],
    SUBSCRIPTIONS_PER_CALLER: [
      'Subscriptions that one caller may have open. People who [sign in](sign-in.md) are counted one by one.',
    ],
  },
  'Cache and quota': {
    CACHE_RECORDS_SECONDS: ['How long records and pages are cached. 0 disables.'],
    CACHE_LIVE_SECONDS: ['How long they are cached while webhooks arrive for their types.'],
    CACHE_LISTS_SECONDS: ['How long lookups, views and field lists are cached. 0 disables.'],
    CACHE_STALE_SECONDS: [
      'Maximum age of a marked, stale response that is served when the quota allows no call.',
      '0: none',
    ],
    CACHE_MAX_BYTES: ['Approximate memory of the cache.'],
    QUOTA_RESERVE_PERCENT: ['Share of the quota reserved for writes and interactive callers.'],
    QUOTA_SHARE_PERCENT: ['Share of the quota that a server uses while it cannot reach Redis.'],
    QUOTA_WAIT_SECONDS: ['How long a call may wait for the next minute. Longer waits are refused immediately.'],
  },
  Limits: {
    MAX_CALLS: ['Freshsales calls that one operation may need, and may make.'],
    MAX_VALUES: ['Values in one response.'],
    MAX_DEPTH: ['Nested levels of fields.'],
    MAX_ALIASES: ['Aliases of an operation.'],
    MAX_DIRECTIVES: ['Directives of an operation.'],
    MAX_FIELDS: ['Fields of a document.'],
    MAX_TOKENS: ['Tokens of a document.'],
    MAX_BODY_BYTES: ['Size of a request body.'],
  },
};

/** The section of the reference page for each group of variables, as Markdown. */
export function renderReference(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SECTIONS).map(([section, variables]) => {
      const rows = Object.entries(variables).map(([name, [meaning, defaultsTo]]) => {
        const { desc, default: value } = VARIABLES[name as VariableName];
        return `| \`${name}\` | ${meaning} | ${desc} | ${defaultsTo ?? shown(value)} |`;
      });
      return [
        section,
        ['| variable | meaning | valid values | default |', '| --- | --- | --- | --- |', ...rows].join('\n'),
      ];
    }),
  );
}

/** The variables that the page lacks. */
export const undescribed = (): readonly string[] => {
  const described = Object.values(SECTIONS).flatMap((variables) => Object.keys(variables));
  return Object.keys(VARIABLES).filter((name) => !described.includes(name));
};

/** Variables whose values are secret. */
const SECRET: readonly string[] = ['FRESHSALES_API_KEY', 'FRESHSALES_CALLER_TOKEN', 'WEBHOOK_SECRET', 'METRICS_TOKEN'];

/** Every setting as a line of a `.env` file, with its source as a comment. Secrets are left out. */
export const describeSettings = (env: NodeJS.ProcessEnv, sourceOf: (name: string) => string): string[] =>
  Object.entries(VARIABLES).map(([name, { default: value }]) => {
    const given = env[name];
    if (given !== undefined && given !== '') return `${name}=${withoutSecret(name, given)} # ${sourceOf(name)}`;
    const plain = Array.isArray(value) ? value.join(', ') : String(value ?? '');
    return plain === '' ? `# ${name} is not set` : `${name}=${plain} # default`;
  });

/** URLs may have a password, which may contain “@”, and parameters. */
function withoutSecret(name: string, value: string): string {
  if (SECRET.includes(name)) return '…';
  if (!value.includes('://')) return value;
  return value.replace(/^(\s*[a-z]+:\/\/).*@/is, '$1…@').replace(/([?#]).*/s, '$1…');
}

const shown = (value: unknown): string =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? 'none' : `\`${String(value)}\``;

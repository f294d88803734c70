import type { Config } from '../config/config.ts';

export interface Started {
  readonly url: string;
  /** Names of the accounts. */
  readonly accounts: readonly string[];
  /** Number of callers, if callers are configured. */
  readonly callers: number | undefined;
  /** The reason why Freshsales cannot be used yet. */
  readonly problem: string | undefined;
}

/** The start message: address, account, and each protection, on or off. */
export function welcome(config: Config, { url, accounts, callers, problem }: Started): string[] {
  const { upstream, mcp, production } = config;
  return [
    `GraphQL${production ? '' : ' and GraphiQL'}: ${url}`,
    ...(mcp ? [`MCP, for agents: ${url.replace(/graphql$/, 'mcp')}`] : []),
    problem === undefined
      ? `Connected to ${toWhat(upstream, accounts)}`
      : `Not ready: ${problem} Retrying ${toWhat(upstream, accounts)}`,
    '',
    ...protectionOf(config, callers),
    '',
    'Two queries to try:',
    '  { contacts(first: 5) { nodes { displayName owner { displayName } deals { nodes { name amount stage { name } } } } } }',
    '  { tasks(filter: DUE_TODAY) { totalCount nodes { title dueAt } } rateLimit { remaining } }',
    ...(upstream.kind === 'sandbox'
      ? ['', 'Your own account: set FRESHSALES_DOMAIN and FRESHSALES_API_KEY, and start again.']
      : []),
  ];
}

function toWhat(upstream: Config['upstream'], accounts: readonly string[]): string {
  if (upstream.kind === 'sandbox') return 'the embedded sandbox: made-up data, no account, no network';
  if (upstream.kind === 'accounts') return listed(accounts);
  return `${new URL(upstream.baseURL).host} (${upstream.product})`;
}

/** Accounts that the start message names. */
const MAX_NAMES = 10;

const listed = (accounts: readonly string[]): string =>
  [
    ...accounts.slice(0, MAX_NAMES),
    ...(accounts.length > MAX_NAMES ? [`and ${accounts.length - MAX_NAMES} more accounts`] : []),
  ].join(', ');

/** The same as fields of a log line. The address is in its message only, so that it is easy to find. */
export function startFields(config: Config, { accounts, callers, problem }: Started): object {
  const { upstream, envFile, callers: callersFile, auth, audit, production, origins, limits, mcp } = config;
  return {
    ...(upstream.kind === 'accounts'
      ? { accounts: accounts.length }
      : {
          account: upstream.kind === 'sandbox' ? 'sandbox' : new URL(upstream.baseURL).host,
          product: upstream.product,
        }),
    ready: problem === undefined,
    ...(problem !== undefined && { problem }),
    ...(envFile && { envFile }),
    ...(callersFile !== undefined && { callersFile, callers }),
    auth,
    auditLog: audit?.path ?? 'off',
    production,
    mcp,
    origins,
    limits: { ...limits, maxResponseBytes: config.maxResponseBytes },
  };
}

/** The message of that line. A space follows the address, so that it is easy to cut out. */
export const startMessage = ({ production, upstream }: Config, { url }: Started): string =>
  `GraphQL${production ? '' : ' and GraphiQL'} at ${url} over ${upstream.kind === 'sandbox' ? 'the sandbox' : 'Freshsales'}`;

function protectionOf(config: Config, callers: number | undefined): string[] {
  const { audit, production, envFile, limits, origins } = config;
  const { maxCalls, maxDepth, maxAliases, maxDirectives, maxFields, maxTokens, maxBodyBytes, maxValues } = limits;
  return [
    ...(envFile ? [`Settings: the environment, and .env (${envFile.join(', ') || 'sets nothing'})`] : []),
    `Callers: ${callersIn(config, callers)}`,
    `Without a token: ${WITHOUT_TOKEN[config.auth]}`,
    `Typed custom fields: ${config.typedFields ? 'on' : 'off (FRESHSALES_TYPED_FIELDS=on)'}`,
    `Audit log: ${audit ? `${audit.path} (“npx freshsales-graphql audit” reads it)` : 'off'}`,
    `Production: ${production ? 'on' : 'off, so GraphiQL, introspection and suggestions are on'}`,
    `Other origins: ${origins.join(', ') || 'none'}`,
    `Limits: ${maxCalls} calls, depth ${maxDepth}, ${maxAliases} aliases, ${maxDirectives} directives, ${maxFields} fields, ${maxTokens} tokens, ${maxBodyBytes} bytes; ${maxValues} values in a response; ${config.maxResponseBytes} bytes from Freshsales`,
  ];
}

const WITHOUT_TOKEN: Readonly<Record<Config['auth'], string>> = {
  open: 'anyone on this machine uses the key of the server; loopback only',
  'pass-through': 'every request brings its own key: “Authorization: Token token=…”',
  callers: 'refused',
  jwt: 'refused; people sign in with a token of their provider: “Authorization: Bearer …”',
};

function callersIn({ callers: path }: Config, count: number | undefined): string {
  if (path === undefined) return 'off';
  return `${count} in ${path}, who send “Authorization: Bearer …”`;
}

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type Config, readConfig } from '../config.ts';
import { type Connection, connectTo } from '../connect.ts';
import type { Account } from '../context.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { createHttpServer } from '../http/http-server.ts';
import { orClose } from '../or-close.ts';
import { userLookup } from '../resources/user/resource.ts';
import { createServer } from '../server.ts';
import { print, warn } from '../terminal.ts';
import { openLog } from './open-log.ts';
import { listenError, StartError } from './start-error.ts';
import { stopOnSignal } from './stop.ts';

export interface ServeCommand {
  readonly stopWithParent?: boolean;
}

/** Starts the server and says where it is. */
export async function serve({ stopWithParent = false }: ServeCommand): Promise<void> {
  const config = readConfig();
  const connection = await connectTo(config);
  const server = await orClose(() => start(config, connection), connection.close);
  stopOnSignal(server, { withParent: stopWithParent });
  print(...welcome(config, addressOf(server, config)));
}

async function start(config: Config, { connect, own }: Connection): Promise<Server> {
  if (config.upstream.kind === 'account' && own) await probe(own, config.upstream.baseURL);
  const audit = await openLog(config);
  const yoga = createServer({
    connect,
    audit,
    production: config.production,
    loopbackOnly: config.auth === 'open',
    origins: config.origins,
    limits: config.limits,
    trustProxy: config.trustProxy,
    mcp: config.mcp,
  });
  const server = createHttpServer(yoga);
  await orClose(
    () => listen(server, config),
    () => audit?.close(),
  );
  return server;
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port, 'Set PORT to another one.')));
    server.listen(port, host.replace(/^\[|\]$/g, ''), resolve);
  });
}

function addressOf(server: Server, { host }: Config): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}/graphql`;
}

/** How long to wait for the first answer before serving without it. */
const PROBE_MS = 5000;

/** One call that tells a wrong key or domain before anybody asks; its answer, the owners, is what most queries want first. */
async function probe({ freshsales }: Account, baseURL: string): Promise<void> {
  const host = new URL(baseURL).host;
  try {
    await Promise.race([freshsales.for({}).lookup(userLookup), setTimeout(PROBE_MS, undefined, { ref: false })]);
  } catch (error) {
    if (!(error instanceof FreshsalesError)) throw error;
    if (error.code === 'UNAUTHENTICATED')
      throw new StartError(
        `${host} does not accept the key. Set FRESHSALES_API_KEY to one from Freshsales’ personal settings.`,
      );
    if (isWrongAddress(error))
      throw new StartError(
        `No Freshsales account answers at ${host}. Check FRESHSALES_DOMAIN or FRESHSALES_URL. (${error.message})`,
      );
    if (error.code !== 'FORBIDDEN') warn(`Warning: ${error.message} Serving all the same.`);
  }
}

/** Nothing there, or something that is not Freshsales; a fault or a full quota will pass. */
function isWrongAddress({ code, status }: FreshsalesError): boolean {
  return code === 'NOT_FOUND' || (code === 'UPSTREAM_ERROR' && (status === undefined || status < 500));
}

function welcome({ upstream, auth, callers, audit, production, mcp }: Config, url: string): string[] {
  const to =
    upstream.kind === 'sandbox'
      ? 'the embedded sandbox: made-up data, no account, no network'
      : `${new URL(upstream.baseURL).host} (${upstream.product})`;
  return [
    `GraphQL${production ? '' : ' and GraphiQL'}: ${url}`,
    ...(mcp ? [`MCP, for agents: ${url.replace(/graphql$/, 'mcp')}`] : []),
    `Connected to ${to}`,
    ...(callers === undefined ? [] : [`Callers in ${callers} send “Authorization: Bearer …”`]),
    ...(audit ? [`Everything is written down in ${audit.path}: “freshsales-graphql audit” reads it`] : []),
    ...(auth === 'pass-through' ? ['Every request brings its own key: “Authorization: Token token=…”'] : []),
    '',
    'Two queries to try:',
    '  { contacts(first: 5) { nodes { displayName owner { displayName } deals { nodes { name amount stage { name } } } } } }',
    '  { tasks(filter: DUE_TODAY) { totalCount nodes { title dueAt } } rateLimit { remaining } }',
    ...(upstream.kind === 'sandbox'
      ? ['', 'Your own account: set FRESHSALES_DOMAIN and FRESHSALES_API_KEY, and start again.']
      : []),
  ];
}

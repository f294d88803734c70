import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphQLError } from 'graphql';
import { type Config, readConfig, settingLines } from '../config/config.ts';
import { isLoopbackAddress } from '../config/loopback.ts';
import { version } from '../config/runtime.ts';
import { Poller } from '../events/poller.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { createLog, type ServerLog } from '../observability/log.ts';
import { createMetrics, type Metrics } from '../observability/metrics.ts';
import { createReadiness } from '../observability/readiness.ts';
import { causeOf } from '../records/errors.ts';
import type { AccountSchema } from '../server/account-schema.ts';
import { type Connection, closeOnFailure, connectTo } from '../server/connect.ts';
import { createServers } from '../server/create-server.ts';
import { describeError, type Report } from '../server/errors.ts';
import { createHttpServer } from '../server/http.ts';
import { StoreUnavailable } from '../stores/store.ts';
import { isTerminal, print, warn } from '../terminal.ts';
import { type FirstContact, makeFirstContact } from './first-contact.ts';
import { listenError, openLog, openSchema, StartError, warnOf } from './start.ts';
import { onStop, type ParentOptions, stopServer } from './stop.ts';
import { startFields, startMessage, welcome } from './welcome.ts';

export interface ServeOptions extends ParentOptions {
  /** Print the settings instead of starting. */
  readonly printConfig?: boolean;
}

/** Starts the server and prints its address. */
export async function serve({ printConfig = false, ...parent }: ServeOptions): Promise<void> {
  const config = readConfig();
  if (printConfig) {
    print(...settingLines());
    return warnOf(config);
  }
  const log = createLog({ level: config.logLevel, isPretty: isTerminal() });
  const report = reportTo(log);
  keepServing(report);
  const metrics = createMetrics({ version });
  const connection = await connectTo(config, metrics);
  warnOf(config);
  const begun = { connection, log, metrics, report };
  const { server, contact, endSubscriptions } = await closeOnFailure(() => start(config, begun), connection.close);
  const poller = startPolling(config, connection, report);
  const stop = onStop(() => {
    poller?.stop();
    endSubscriptions();
    stopServer(server);
  }, parent);
  const { webhooks } = config;
  if (webhooks && connection.workflows)
    connection.workflows.target = {
      url: new URL('/webhooks/freshsales', urlOf(server, config)).href,
      headers: { [webhooks.header]: webhooks.secret },
    };
  contact?.settled.catch((error: Error) => {
    warn(`freshsales-graphql: ${error.message}`);
    process.exitCode = 1;
    stop();
  });
  const started = { url: urlOf(server, config), callers: connection.callers?.count, problem: contact?.problem() };
  if (isTerminal()) print(...welcome(config, started));
  else log.notice(startFields(config, started), startMessage(config, started));
}

interface Begun {
  readonly connection: Connection;
  readonly log: ServerLog;
  readonly metrics: Metrics;
  readonly report: Report;
}

/** Logs internal errors. */
const reportTo =
  (log: ServerLog): Report =>
  (errorId, error) =>
    log.error({ errorId, ...describeError(error) }, 'Internal error');

/**
 * Keeps unhandled rejections from ending the server. graphql-js leaves a rejected promise behind if a row of a list fails while
 * others are being read; the response already contains that error. Nullable fields leave few such rows, but libraries may fail too.
 */
function keepServing(report: Report): void {
  process.on('unhandledRejection', (reason) => {
    const cause = causeOf(reason);
    if (cause instanceof GraphQLError || cause instanceof FreshsalesError) return;
    report(randomUUID(), reason);
  });
}

async function start(
  config: Config,
  { connection, log, metrics, report }: Begun,
): Promise<{ server: Server; contact: FirstContact | undefined; endSubscriptions: () => void }> {
  const audit = await openLog(config, log.line);
  await openFeed(config, connection);
  const failed = new AbortController();
  let schema: AccountSchema | undefined;
  return closeOnFailure(
    async () => {
      const contact = await contactOf(config, connection, failed.signal);
      schema = await openSchema(config, connection.own);
      const { http, endSubscriptions } = createServers({
        connect: connection.connect,
        schema,
        audit,
        production: config.production,
        loopbackOnly: config.auth === 'open',
        origins: config.origins,
        limits: config.limits,
        trustProxy: config.trustProxy,
        basePath: config.basePath,
        persistedQueries: connection.persistedQueries,
        mcp: config.mcp,
        webhooks: config.webhooks && { ...config.webhooks, take: (hints) => connection.feed.addHints(hints) },
        subscriptionsPerCaller: config.changes.perCaller,
        ready: createReadiness({ ...connection, audit }),
        report,
        observability: { log, metrics, metricsToken: config.metricsToken, slowCallMs: config.slowCallMs },
      });
      const server = createHttpServer(http, { keepAliveTimeout: config.keepAliveMs });
      await listenTo(server, config);
      return { server, contact, endSubscriptions };
    },
    () => {
      failed.abort();
      schema?.close();
      audit?.close();
    },
  );
}

/** Finds changes that no webhook announces, with the server's own key. */
function startPolling(
  { changes: { pollMs } }: Config,
  { own, feed, lock }: Connection,
  report: Report,
): Poller | undefined {
  if (pollMs === undefined) return undefined;
  if (!own) throw new StartError('CHANGES_POLL_SECONDS needs a key. Set FRESHSALES_API_KEY, or remove it.');
  const poller = new Poller({
    account: own,
    feed,
    everyMs: pollMs,
    ...(lock && { lock: () => lock('poll changes') }),
    onFailure: (error) => report(randomUUID(), error),
  });
  void poller.run();
  return poller;
}

/** What is acknowledged must be written down, so the feed has to be there before the first webhook. */
async function openFeed({ webhooks, changes }: Config, { feed }: Connection): Promise<void> {
  if (!webhooks && changes.pollMs === undefined) return;
  try {
    await feed.open();
  } catch (error) {
    if (error instanceof StoreUnavailable) return;
    const { code, message } = error as Error & { code?: unknown };
    throw new StartError(
      `The change feed cannot be opened in ${changes.folder} (${typeof code === 'string' ? code : message}). Set STATE_DIR to a folder that can be written.`,
    );
  }
}

/** With pass-through the server has no key to check. */
async function contactOf(
  { upstream }: Config,
  { own, reached }: Connection,
  signal: AbortSignal,
): Promise<FirstContact | undefined> {
  if (upstream.kind === 'sandbox' || !own) return undefined;
  return makeFirstContact({
    account: own,
    baseURL: upstream.baseURL,
    reached,
    signal,
    warn: (text) => warn(`Warning: ${text}`),
  });
}

/** Listens on the configured address. An open server must listen on loopback, whatever address its host name resolves to. */
async function listenTo(server: Server, { host, port, auth }: Config): Promise<void> {
  const address = await addressOf(host, port);
  if (auth === 'open' && !isLoopbackAddress(address)) throw notLoopback(address);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port, 'Set PORT to another one.')));
    server.listen(port, address, resolve);
  });
  const { address: bound } = server.address() as AddressInfo;
  if (auth === 'open' && !isLoopbackAddress(bound)) {
    server.close();
    throw notLoopback(bound);
  }
}

async function addressOf(host: string, port: number): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw listenError(error, host, port, 'Set PORT to another one.');
  }
}

const notLoopback = (address: string) =>
  new StartError(
    `HOST stands for ${address}, which is not loopback, so others could use the key of this server. Set FRESHSALES_CALLERS to a file of callers, FRESHSALES_AUTH=pass-through, or HOST=127.0.0.1.`,
  );

/** The URL of a listening server. */
function urlOf(server: Server, { host, basePath }: Config): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}/graphql`;
}

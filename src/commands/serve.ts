import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphQLError } from 'graphql';
import { type Config, readConfig, settingLines } from '../config/config.ts';
import { isLoopbackAddress } from '../config/loopback.ts';
import { version } from '../config/runtime.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { createLog, type ServerLog } from '../observability/log.ts';
import { createMetrics, type Metrics } from '../observability/metrics.ts';
import { createReadiness } from '../observability/readiness.ts';
import { causeOf } from '../records/errors.ts';
import { type Connection, closeOnFailure, connectTo } from '../server/connect.ts';
import { createServers } from '../server/create-server.ts';
import { describeError, type Report } from '../server/errors.ts';
import { createHttpServer } from '../server/http.ts';
import { isTerminal, print, warn } from '../terminal.ts';
import type { FirstContact } from './first-contact.ts';
import { listenError, openLog, openSchemas, type Schemas, StartError, warnOf } from './start.ts';
import { contactAccounts, openFeeds, startPolling, webhooksOf } from './start-accounts.ts';
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
  const stopPolling = startPolling(config, connection.accounts, log);
  const stop = onStop(() => {
    stopPolling();
    endSubscriptions();
    stopServer(server);
  }, parent);
  const { webhooks } = config;
  for (const { workflows } of connection.accounts)
    if (webhooks && workflows)
      workflows.target = {
        url: new URL('/webhooks/freshsales', urlOf(server, config)).href,
        headers: { [webhooks.header]: webhooks.secret },
      };
  contact?.settled.catch((error: Error) => {
    warn(`freshsales-graphql: ${error.message}`);
    process.exitCode = 1;
    stop();
  });
  const accounts = connection.accounts.map(({ name }) => name);
  const started = {
    url: urlOf(server, config),
    accounts,
    callers: connection.callers?.count,
    problem: contact?.problem(),
  };
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
  const { accounts } = connection;
  await openFeeds(config, accounts);
  const failed = new AbortController();
  let schemas: Schemas | undefined;
  return closeOnFailure(
    async () => {
      const contact = await contactAccounts(accounts, failed.signal);
      schemas = await openSchemas(config, accounts);
      const { http, endSubscriptions } = createServers({
        connect: connection.connect,
        schema: schemas.schemaOf,
        audit,
        production: config.production,
        loopbackOnly: config.auth === 'open',
        origins: config.origins,
        limits: config.limits,
        trustProxy: config.trustProxy,
        basePath: config.basePath,
        persistedQueries: connection.persistedQueries,
        mcp: config.mcp,
        webhooks: webhooksOf(config, accounts),
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
      schemas?.close();
      audit?.close();
    },
  );
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

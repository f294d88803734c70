import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { GraphQLError } from 'graphql';
import { type Config, readConfig } from '../config/config.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { type Connection, closeOnFailure, connectTo } from '../server/connect.ts';
import { createServer, reportError } from '../server/create-server.ts';
import { createHttpServer } from '../server/http.ts';
import { print, warn } from '../terminal.ts';
import { type FirstContact, makeFirstContact } from './first-contact.ts';
import { listenTo, urlOf } from './listen.ts';
import { openLog } from './open-log.ts';
import { onStop, type ParentOptions, stopServer } from './stop.ts';
import { warnOf } from './warnings.ts';
import { welcome } from './welcome.ts';

/** Starts the server and prints its address. */
export async function serve(parent: ParentOptions): Promise<void> {
  keepServing();
  const config = readConfig();
  const connection = await connectTo(config);
  warnOf(config);
  const { server, contact } = await closeOnFailure(() => start(config, connection), connection.close);
  const stop = onStop(() => stopServer(server), parent);
  contact?.settled.catch((error: Error) => {
    warn(`freshsales-graphql: ${error.message}`);
    process.exitCode = 1;
    stop();
  });
  const url = urlOf(server, config);
  print(...welcome(config, { url, callers: connection.callers?.count, problem: contact?.problem() }));
}

/**
 * One request must not end the server for all others. graphql-js can leave a rejected promise behind when a row of a list fails
 * while others are being read; the answer has said so already.
 */
function keepServing(): void {
  process.on('unhandledRejection', (reason) => {
    if (reason instanceof GraphQLError || reason instanceof FreshsalesError) return;
    reportError(randomUUID(), reason);
  });
}

async function start(
  config: Config,
  connection: Connection,
): Promise<{ server: Server; contact: FirstContact | undefined }> {
  const audit = await openLog(config);
  const failed = new AbortController();
  return closeOnFailure(
    async () => {
      const contact = await contactOf(config, connection, failed.signal);
      const yoga = createServer({
        connect: connection.connect,
        audit,
        production: config.production,
        loopbackOnly: config.auth === 'open',
        origins: config.origins,
        limits: config.limits,
        trustProxy: config.trustProxy,
        mcp: config.mcp,
      });
      const server = createHttpServer(yoga);
      await listenTo(server, config);
      return { server, contact };
    },
    () => {
      failed.abort();
      audit?.close();
    },
  );
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

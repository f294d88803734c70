import { lookup } from 'node:dns/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import { isLoopbackAddress } from '../config/loopback.ts';
import { listenError, StartError } from './start-error.ts';

/**
 * Listens where the configuration says. Whoever reaches an open server can use its key, so that one listens on loopback alone,
 * whatever the name of the host is found to stand for.
 */
export async function listenTo(server: Server, { host, port, auth }: Config): Promise<void> {
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
export function urlOf(server: Server, { host }: Config): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`;
}

import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { createServer, type ServerOptions } from '../../src/server/create-server.ts';
import { createHttpServer } from '../../src/server/http.ts';
import { openWorld, type WorldOptions } from '../world.ts';

/** The whole stack behind a real socket, until the test ends. */
export async function listen(options: Partial<ServerOptions> = {}, worldOptions: WorldOptions = {}) {
  const world = openWorld(worldOptions);
  const reported: unknown[] = [];
  const handler = createServer({
    connect: () => world.account,
    report: (_id, error) => reported.push(error),
    ...options,
  });
  const port = await open(createHttpServer(handler));
  return { ...world, handler, reported, port, url: `http://127.0.0.1:${port}`, send: sender(port) };
}

/** Listens on a free port until the test ends. */
export async function open(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends raw bytes and returns the bytes of the response, until the server closes or pauses. */
const sender =
  (port: number) =>
  (bytes: string | Buffer, quietMs = 5000): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      let answer = '';
      const end = () => {
        socket.destroy();
        resolve(answer);
      };
      socket.setTimeout(quietMs, end);
      socket.on('data', (data) => {
        answer += data.toString('latin1');
        if (answer.endsWith('\r\n0\r\n\r\n')) end();
      });
      socket.on('end', end);
      socket.on('error', end);
    });

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

/** What must never be in an answer: stacks, paths, the key, the upstream's address. */
export const LEAK = /\bat .*:\d+:\d+|node_modules|file:\/\/|\/src\/|test-key|sandbox\.invalid|TypeError|SyntaxError/;

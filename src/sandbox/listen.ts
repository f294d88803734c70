import { createServer, type ServerResponse } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import type { Sandbox } from './sandbox.ts';

interface ListenOptions {
  host: string;
  /** 0 selects any free port. */
  port: number;
}

/** Serves a sandbox over HTTP. Rejects if the port is in use. */
export async function listenSandbox(
  sandbox: Sandbox,
  { host, port }: ListenOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const adapter = createServerAdapter<{ res?: ServerResponse }>(async (request, { res }) => {
    try {
      return await sandbox.fetch(await toRequest(request));
    } catch {
      // A scheduled network failure closes the connection.
      res?.destroy();
      return new Response(null, { status: 500 });
    }
  });
  const server = createServer(adapter);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}${new URL(sandbox.baseURL).pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The adapter's request is not an instance of Node's `Request`, which Node requires. */
async function toRequest(request: Request): Promise<Request> {
  const { url, method, headers } = request;
  const body = method === 'GET' || method === 'HEAD' ? null : await request.arrayBuffer();
  return new Request(url, { method, headers: [...headers], body });
}

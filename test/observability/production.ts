import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createReadiness } from '../../src/observability/readiness.ts';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { connectTo } from '../../src/server/connect.ts';
import { createServer } from '../../src/server/create-server.ts';

/** A server connected by its configuration to a Freshsales over HTTP, with a clock that the test moves. */
export async function connectWorld(env: Record<string, string> = {}, options: SandboxOptions = {}) {
  const sandbox = createSandbox({ apiKey: 'own-key-of-server', ...options });
  const { url, close } = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
  const config = readConfig({ FRESHSALES_URL: url, FRESHSALES_API_KEY: 'own-key-of-server', ...env });
  const connection = await connectTo(config);
  let skipped = 0;
  const now = () => performance.now() + skipped;
  const yoga = createServer({
    connect: connection.connect,
    trustProxy: config.trustProxy,
    ready: createReadiness({ ...connection, audit: undefined, now }),
  });
  onTestFinished(async () => {
    await connection.close();
    await close();
  });
  const get = async (path: string, headers: Record<string, string> = {}) =>
    yoga.fetch(new Request(`http://127.0.0.1${path}`, { headers }));
  return {
    sandbox,
    get,
    skip: (ms: number) => {
      skipped += ms;
    },
    /** Sends a query that costs one call. */
    ask: async (headers: Record<string, string> = {}, signal?: AbortSignal) => {
      const response = await yoga.fetch(
        new Request('http://127.0.0.1/graphql', {
          method: 'POST',
          signal: signal ?? null,
          headers: { 'content-type': 'application/json', 'cache-control': 'no-cache', ...headers },
          body: JSON.stringify({ query: 'query Deals { deals(view: 31003548180, first: 1) { nodes { name } } }' }),
        }),
      );
      return (await response.json()) as { data: unknown; errors?: unknown };
    },
    ready: async () => {
      const response = await get('/health/ready');
      return { code: response.status, ...((await response.json()) as object) };
    },
  };
}

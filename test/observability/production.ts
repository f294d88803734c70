import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
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
  const metrics = createMetrics({ version: 'test' });
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    level: config.logLevel,
    isPretty: false,
    write: (text) => void lines.push(JSON.parse(text) as Record<string, unknown>),
  });
  const connection = await connectTo(config, metrics);
  let skipped = 0;
  const now = () => performance.now() + skipped;
  const yoga = createServer({
    connect: connection.connect,
    trustProxy: config.trustProxy,
    observability: { metrics, log, slowCallMs: config.slowCallMs },
    ready: createReadiness({ ...connection, audit: undefined, now }),
  });
  onTestFinished(async () => {
    await connection.close();
    await close();
  });
  const get = async (path: string, headers: Record<string, string> = {}) =>
    yoga.fetch(new Request(`http://127.0.0.1${path}`, { headers }));
  const send = async (query: string, headers: Record<string, string> = {}, signal?: AbortSignal) => {
    const response = await yoga.fetch(
      new Request('http://127.0.0.1/graphql', {
        method: 'POST',
        signal: signal ?? null,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache', ...headers },
        body: JSON.stringify({ query }),
      }),
    );
    return (await response.json()) as { data: unknown; errors?: unknown };
  };
  return {
    yoga,
    sandbox,
    get,
    skip: (ms: number) => {
      skipped += ms;
    },
    connection,
    metrics,
    lines,
    send,
    /** Sends a query that reads from Freshsales, whatever is cached. */
    ask: (headers?: Record<string, string>, signal?: AbortSignal) =>
      send('query Deals { deals(first: 1) { nodes { name owner { displayName } } } }', headers, signal),
    ready: async () => {
      const response = await get('/health/ready');
      return { code: response.status, ...((await response.json()) as object) };
    },
  };
}

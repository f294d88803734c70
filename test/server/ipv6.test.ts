import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { isLoopbackHost } from '../../src/config/loopback.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { createHttpServer } from '../../src/server/http.ts';
import { listen } from './raw.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

test.each([
  ['[::1]:4000', true],
  ['[0:0:0:0:0:0:0:1]', true],
  ['[::ffff:127.0.0.1]:4000', true],
  ['::1', true],
  ['LOCALHOST:4000', true],
  ['[::2]', false],
  ['[::]', false],
  ['[::ffff:10.0.0.1]', false],
  ['127.0.0.1.example', false],
  ['999.0.0.1', false],
])('the host %s is this machine: %s', (host, isLoopback) => {
  expect(isLoopbackHost(host)).toBe(isLoopback);
});

test.skipIf(!hasIPv6)('answers over IPv6: operations, the origin check and metrics of this machine', async () => {
  const { handler } = await listen({ observability: { metrics: createMetrics({ version: 'test' }) } });
  const server = createHttpServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  const origin = `http://[::1]:${typeof bound === 'object' ? bound?.port : ''}`;
  const statusOf = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`${origin}${path}`, { headers })).status;
  expect(await statusOf('/graphql?query={__typename}', { origin })).toBe(200);
  expect(await statusOf('/graphql?query={__typename}', { origin: 'http://[::2]:4000' })).toBe(403);
  expect(await statusOf('/metrics')).toBe(200);
});

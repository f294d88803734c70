import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from '../stores/redis-server.ts';
import { runCommand } from './command-host.ts';

/** Runs a command whose start fails. It ends only if it leaves nothing open. */
const run = (args: readonly string[], env: Record<string, string>) => runCommand(tmpdir(), args, { PORT: '0', ...env });

async function listen(status: number) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end('{"login":"failed"}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { port: String(port), close: () => server.close() };
}

describe.skipIf(!hasRedis)('a start that fails ends, with Redis open', { timeout: 20_000 }, () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('if the port is in use', async () => {
    const taken = await listen(200);
    const { status, stderr } = await run(['serve'], { PORT: taken.port, REDIS_URL: redis.url });
    taken.close();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `freshsales-graphql: Port ${taken.port} is in use. Set PORT to another one.\n`,
    });
  });

  test('if the key is not accepted', async () => {
    const upstream = await listen(401);
    const { status, stderr } = await run(['serve'], {
      REDIS_URL: redis.url,
      FRESHSALES_URL: `http://127.0.0.1:${upstream.port}/crm/sales/api`,
      FRESHSALES_API_KEY: 'wrong',
    });
    upstream.close();
    expect(status).toBe(1);
    expect(stderr).toContain('does not accept the key');
  });

  test('if Redis has no such database', async () => {
    const { status, stderr } = await run(['serve'], { REDIS_URL: `${redis.url}/99` });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `freshsales-graphql: Redis at ${new URL(redis.url).host} has no database 99. Set REDIS_URL to one that it has.\n`,
    });
  });

  test.each([
    ['serve', 'the file of callers is not there', { FRESHSALES_CALLERS: 'no-such/callers.yaml' }, /no-such/],
    ['serve', 'nothing can be written down', { AUDIT_LOG: '/dev/null/audit.log' }, /AUDIT_LOG/],
    ['mcp', 'nothing can be written down', { AUDIT_LOG: '/dev/null/audit.log' }, /AUDIT_LOG/],
    [
      'doctor',
      'there is no key',
      { FRESHSALES_URL: 'http://127.0.0.1:1/api', FRESHSALES_AUTH: 'pass-through' },
      /no key/,
    ],
    [
      'mcp',
      'the agent brings no key',
      { FRESHSALES_URL: 'http://127.0.0.1:1/api', FRESHSALES_AUTH: 'pass-through' },
      /Credentials are missing/,
    ],
  ])('%s, where %s', async (command, _what, env, line) => {
    const { status, stderr } = await run([command], { REDIS_URL: redis.url, ...env });
    expect(status).toBe(1);
    expect(stderr).toMatch(line);
  });
});

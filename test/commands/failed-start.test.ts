import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from '../stores/redis-server.ts';

// Built, as users run it. `npm test` builds first.
const cli = join(import.meta.dirname, '../../dist/cli.js');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs a command whose start fails, to its end or for as long as it takes to see that there is none. */
async function run(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const code = await Promise.race([exit, delay(12_000, 'still there' as const, { ref: false })]);
  return { code, stderr };
}

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
    const { code, stderr } = await run(['serve'], { PORT: taken.port, REDIS_URL: redis.url });
    taken.close();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `freshsales-graphql: Port ${taken.port} is in use. Set PORT to another one.\n`,
    });
  });

  test('if the key is not accepted', async () => {
    const upstream = await listen(401);
    const { code, stderr } = await run(['serve'], {
      REDIS_URL: redis.url,
      FRESHSALES_URL: `http://127.0.0.1:${upstream.port}/crm/sales/api`,
      FRESHSALES_API_KEY: 'wrong',
    });
    upstream.close();
    expect(code).toBe(1);
    expect(stderr).toContain('does not accept the key');
  });

  test('if Redis has no such database', async () => {
    const { code, stderr } = await run(['serve'], { REDIS_URL: `${redis.url}/99` });
    expect({ code, stderr }).toEqual({
      code: 1,
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
    const { code, stderr } = await run([command], { REDIS_URL: redis.url, ...env });
    expect(code).toBe(1);
    expect(stderr).toMatch(line);
  });
});

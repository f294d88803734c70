import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { hasRedis, startRedis } from './redis-server.ts';

// Servers as users run them, each in a process of its own. `npm test` builds first.
const cli = join(import.meta.dirname, '../../dist/cli.js');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a server and waits until it says where it is. */
async function serve(env: Record<string, string>) {
  const child = spawn(process.execPath, [cli, 'serve'], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  await expect.poll(() => output, { timeout: 15_000 }).toMatch(/http:\/\/\S+/);
  const [url = ''] = /http:\/\/\S+/.exec(output) ?? [];
  const ask = async (query: string, variables: object = {}) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json();
  };
  return { child, ask };
}

describe.skipIf(!hasRedis)('a server that is killed during a write', () => {
  test('leaves its key taken, so that the write is not repeated and its outcome is unknown', {
    timeout: 60_000,
  }, async () => {
    const redis = await startRedis();
    const sandbox = createSandbox();
    const upstream = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
    onTestFinished(async () => {
      await upstream.close();
      await redis.stop();
    });
    const env = { REDIS_URL: redis.url, FRESHSALES_URL: upstream.url, FRESHSALES_API_KEY: 'k' };
    const [one, other] = await Promise.all([serve(env), serve(env)]);
    const query =
      'mutation { it: createContact(input: { firstName: "Fay", email: "fay@acme.example" }) @idempotent(key: "k") { contact { id } userErrors { code } } }';
    const posts = () => sandbox.requests.filter((line) => line.startsWith('POST'));
    sandbox.failNext(/^POST/, { status: 200, body: { contact: { id: 7 } }, performed: true, delay: 5000 });
    const broken = one.ask(query).catch(() => 'broken');
    await expect.poll(posts, { timeout: 15_000 }).toHaveLength(1);
    one.child.kill('SIGKILL');
    expect(await broken).toBe('broken');
    // The other waits as long as the first may still be at it.
    for (let each = 0; each < 2; each += 1)
      expect((await other.ask(query)).errors).toEqual([
        expect.objectContaining({
          message: expect.stringMatching(/stopped before it finished.*outcome is unknown.*not retried/),
          extensions: { code: 'UPSTREAM_ERROR', outcome: 'UNKNOWN' },
        }),
      ]);
    expect(posts()).toHaveLength(1);
    expect(sandbox.rows(contactType).filter(({ email }) => email === 'fay@acme.example').length).toBeLessThanOrEqual(1);
    // Another key is another thing to be done.
    expect((await other.ask(query.replace('"k"', '"k2"'))).errors).toBeUndefined();
  });

  test('leaves the rest of a bulk upsert to another server', { timeout: 60_000 }, async () => {
    const redis = await startRedis();
    const sandbox = createSandbox();
    sandbox.behaviours.jobSeconds = 4;
    const upstream = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
    onTestFinished(async () => {
      await upstream.close();
      await redis.stop();
    });
    const env = { REDIS_URL: redis.url, FRESHSALES_URL: upstream.url, FRESHSALES_API_KEY: 'k' };
    const [one, other] = await Promise.all([serve(env), serve(env)]);
    const rows = Array.from({ length: 450 }, (_, index) => ({ email: `p${index}@x.example`, data: { city: 'Ulm' } }));
    const query =
      'mutation ($rows: [BulkUpsertContactInput!]!) { it: bulkUpsertContacts(input: $rows) @idempotent(key: "k") { succeeded unknown notSent } }';
    const posts = () => sandbox.requests.filter((line) => line.startsWith('POST'));
    const broken = one.ask(query, { rows }).catch(() => 'broken');
    // Three jobs were accepted, and go on, when each of them has been checked.
    const checked = () => new Set(sandbox.requests.filter((line) => line.startsWith('GET /job_statuses/')));
    await expect.poll(() => checked().size, { timeout: 15_000 }).toBe(3);
    one.child.kill('SIGKILL');
    expect(await broken).toBe('broken');
    expect((await other.ask(query, { rows })).data).toEqual({ it: { succeeded: 450, unknown: 0, notSent: 0 } });
    expect(posts()).toHaveLength(5);
    expect(sandbox.rows(contactType).filter(({ city }) => city === 'Ulm')).toHaveLength(450);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { subscriber } from '../events/live.ts';
import { cliPath, runCommand } from './command-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'live-'));
const SECRET = 'open-sesame';
const port = 20_000 + Math.floor(Math.random() * 20_000);
const base = `http://127.0.0.1:${port}`;
const sandbox = createSandbox();
let upstream: Awaited<ReturnType<typeof listenSandbox>>;
let env: Record<string, string>;
const children: ChildProcess[] = [];

beforeAll(async () => {
  upstream = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
  env = {
    PORT: String(port),
    WEBHOOK_SECRET: SECRET,
    FRESHSALES_URL: upstream.url,
    FRESHSALES_API_KEY: 'any-key',
  };
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await upstream.close();
  rmSync(folder, { recursive: true });
});

async function start(more: Record<string, string> = {}): Promise<ChildProcess> {
  const child = spawn(process.execPath, [cliPath, 'serve'], { cwd: folder, env: { ...env, ...more }, stdio: 'ignore' });
  children.push(child);
  await expect
    .poll(async () => (await fetch(`${base}/health/live`).catch(() => undefined))?.status, { timeout: 20_000 })
    .toBe(200);
  return child;
}

const hook = async (path: string, body: object) =>
  (
    await fetch(`${base}/webhooks/freshsales${path}`, {
      method: 'POST',
      headers: { 'x-webhook-secret': SECRET },
      body: JSON.stringify(body),
    })
  ).status;

async function recordIds(args = ''): Promise<string[]> {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ changes${args} { nodes { recordId } } }` }),
  });
  const { data } = (await response.json()) as { data: { changes: { nodes: { recordId: string }[] } } };
  return data.changes.nodes.map(({ recordId }) => recordId.replace('gid://freshsales/', ''));
}

test('what was acknowledged survives SIGKILL', async () => {
  const child = await start();
  const statuses = await Promise.all([1, 2, 3, 4, 5].map((id) => hook('/deal/updated', { id })));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(statuses).toEqual([202, 202, 202, 202, 202]);
  await start();
  expect((await recordIds('(first: 500)')).toSorted()).toEqual([1, 2, 3, 4, 5].map((id) => `Deal/${id}`));
});

test('a subscriber resumes after SIGKILL, and misses nothing that was acknowledged', async () => {
  const subscribe = subscriber((body, headers, signal) =>
    fetch(`${base}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal,
    }),
  );
  const child = await start();
  const query = 'subscription ($after: String) { changes(after: $after) { cursor recordId } }';
  const first = await subscribe(query);
  const acknowledged: string[] = [];
  // The server is killed while webhooks arrive.
  const sending = Promise.all(
    Array.from({ length: 200 }, async (_each, index) => {
      const status = await hook('/deal/updated', { id: 1000 + index }).catch(() => 0);
      if (status === 202) acknowledged.push(`gid://freshsales/Deal/${1000 + index}`);
    }),
  );
  const received: unknown[] = [];
  let after: unknown;
  for (;;) {
    const change = (await first.next().catch(() => undefined))?.result.data?.changes;
    if (!change) break;
    received.push(change.recordId);
    after = change.cursor;
    if (received.length === 5) child.kill('SIGKILL');
  }
  await sending;
  await start();
  const second = await subscribe(query, { after });
  await hook('/deal/updated', { id: 2000 });
  while (received.at(-1) !== 'gid://freshsales/Deal/2000')
    received.push((await second.next())?.result.data?.changes.recordId);
  expect(received).toEqual(expect.arrayContaining(acknowledged));
  expect(new Set(received).size).toBe(received.length);
});

test('a stream ends within the time to stop', async () => {
  const child = await start();
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { changes { recordId } }' }),
  });
  const text = response.text();
  await hook('/deal/updated', { id: 77 });
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  expect(await text).not.toContain('complete');
});

test('a client that reads nothing does not hold up the others', async () => {
  await start();
  const socket = createConnection(port, '127.0.0.1');
  socket.on('error', () => {});
  const body = JSON.stringify({ query: `subscription { changes { recordId } }` });
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.pause();
  expect(await hook('/deal/updated', { id: 500 })).toBe(202);
  expect(await recordIds('(first: 1)')).toHaveLength(1);
  socket.destroy();
  expect(await hook('/deal/updated', { id: 501 })).toBe(202);
});

test('a folder that cannot be written stops the start with one line', async () => {
  writeFileSync(join(folder, 'file'), '');
  const child = spawn(process.execPath, [cliPath, 'serve'], {
    cwd: folder,
    env: { ...env, STATE_DIR: 'file' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(1);
  expect(stderr).toContain('Set STATE_DIR to a folder that can be written.');
});

test('webhooks prints the workflows, webhooks test shows the change, and doctor says when it arrived', async () => {
  await start();
  const run = (...args: string[]) => runCommand(folder, args, env);
  const printed = await run('webhooks', '--url', 'https://crm-api.example.com/');
  expect(printed.stdout).toContain('POST https://crm-api.example.com/webhooks/freshsales/deal/updated');
  expect(printed.stdout).not.toContain(SECRET);
  const prefixed = await runCommand(folder, ['webhooks'], { ...env, BASE_PATH: '/crm' });
  expect(prefixed.stdout).toMatch(/POST http:\S+\/crm\/webhooks\/freshsales\/deal\/updated/);
  const tested = await run('webhooks', 'test', '--type', 'deal', '--id', '88');
  expect(tested).toMatchObject({ status: 0, stdout: expect.stringContaining('Deal/88 UPDATED WEBHOOK') });
  const refused = await run('webhooks', 'test', '--type', 'company');
  expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining('404') });
  expect((await run('doctor')).stdout).toMatch(/ok {4}webhooks: on; last arrived: Deal at 20/);
});

test('the workflows of the sandbox announce the writes of others, and echo those of this server', async () => {
  await start();
  sandbox.workflows.target = { url: `${base}/webhooks/freshsales`, headers: { 'x-webhook-secret': SECRET } };
  const before = (await recordIds('(first: 500)')).length;
  await sandbox.fetch(`${sandbox.baseURL}/contacts/31016358306`, {
    method: 'PUT',
    headers: { authorization: 'Token token=x', 'content-type': 'application/json' },
    body: JSON.stringify({ contact: { job_title: 'CEO' } }),
  });
  await sandbox.workflows.sent();
  const query = 'mutation { updateContact(id: "31016358307", input: { jobTitle: "x" }) { userErrors { message } } }';
  await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  await sandbox.workflows.sent();
  expect((await recordIds('(first: 500)')).slice(before)).toEqual(['Contact/31016358306', 'Contact/31016358307']);
});

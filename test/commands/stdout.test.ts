import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { cliPath } from './command-host.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts the built server in an empty folder. */
async function serve(env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'stdout-'));
  const child = spawn(process.execPath, [cliPath, 'serve'], {
    cwd,
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += String(chunk);
  });
  const wrote = (what: string) => expect.poll(() => text, { timeout: 15_000 }).toContain(what);
  await wrote('"msg":"GraphQL');
  const [url = ''] = /http:\/\/\S+/.exec(text) ?? [];
  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
  };
  const lines = () =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { child, cwd, url, ask, lines, wrote };
}

test('standard output has JSON lines only, the start message and the audit log among them', async () => {
  const { cwd, url, ask, lines, wrote } = await serve({ AUDIT_LOG: 'stdout', LOG_LEVEL: 'debug' });
  await ask('query Owners { owners { displayName } }');
  await fetch(url.replace('graphql', 'health/live'));
  await wrote('health/live');
  const [, audited] = lines();
  expect(lines()).toMatchObject([
    { level: 'info', auditLog: 'stdout', msg: expect.stringMatching(/^GraphQL and GraphiQL at http:/) },
    { v: 1, operationName: 'Owners', decision: 'allowed' },
    { level: 'info', route: '/graphql', operation: 'Owners', calls: 1, requestId: audited?.requestId },
    { level: 'debug', route: '/health/live' },
  ]);
  expect(readdirSync(cwd).filter((name) => name.includes('audit'))).toEqual([]);
});

test('a reader that closes standard output does not stop the server', async () => {
  const { child, ask } = await serve();
  child.stdout?.destroy();
  for (let times = 0; times < 3; times += 1) {
    expect(await ask('{ owners { displayName } }')).toMatchObject({ data: { owners: expect.anything() } });
    await delay(50);
  }
  expect(child.exitCode).toBeNull();
});

import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cliPath, runCommand } from './command-host.ts';

// The built commands, as users run them. `npm test` builds first.
const env = { PATH: process.env.PATH ?? '' };
const run = (folder: string, ...args: string[]) => runCommand(folder, args, env);

async function serve(cwd: string) {
  const child = spawn(process.execPath, [cliPath, 'serve'], {
    cwd,
    env: { ...env, HOST: '0.0.0.0', PORT: '0', FRESHSALES_CALLERS: 'callers.yaml', FRESHSALES_TYPED_FIELDS: 'off' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  await expect.poll(() => output, { timeout: 15_000 }).toMatch(/:\d+\/graphql/);
  const url = `http://127.0.0.1:${/:(\d+)\/graphql/.exec(output)?.[1]}/graphql`;
  const ask = async (query: string, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return {
      status: response.status,
      id: response.headers.get('x-request-id'),
      ...((await response.json()) as object),
    };
  };
  return { child, ask };
}

test('a caller is added, served on any address, logged and removed', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callers-'));
  const added = await run(folder, 'callers', 'add', 'Reader', '--grant', 'contacts=read', 'tasks=read');
  const [token = ''] = /fsgql_[\w-]+/.exec(added.stdout) ?? [];
  expect(readFileSync(join(folder, 'callers.yaml'), 'utf8')).not.toContain(token);
  expect((await run(folder, 'callers', 'list')).stdout).toBe(
    'Reader (FRESHSALES_API_KEY; no limit; agent)\n  contacts: read, tasks: read\n',
  );

  const { child, ask } = await serve(folder);
  const answer = await ask('{ contacts(first: 2) { nodes { displayName } } }', token);
  expect(answer).toMatchObject({ status: 200, data: { contacts: { nodes: [{}, {}] } } });
  expect(await ask('{ deals { totalCount } }', token)).toMatchObject({
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
  expect(await ask('{ deals { totalCount } }')).toMatchObject({ status: 401 });
  // A kill loses no line.
  child.kill('SIGKILL');

  const sentences = (await run(folder, 'audit')).stdout.trim().split('\n');
  expect(sentences.map((line) => line.replace(/^\S+ {2}/, ''))).toEqual([
    'Reader read 2 contacts: allowed by contacts: read. 2 calls, 998 left.',
    'Reader was denied deals: deals needs deals: read, and this caller has deals: off. 0 calls.',
    'Unknown caller at 127.0.0.1 was denied an operation: No token or key came with the request. 0 calls.',
  ]);
  const [line] = (await run(folder, 'audit', '--caller', 'Reader', '--decision', 'allowed', '--json')).stdout.split(
    '\n',
  );
  expect(JSON.parse(line ?? '')).toMatchObject({ caller: 'Reader', requestId: answer.id, calls: 2 });

  expect(await run(folder, 'audit', '--caller', 'Nobody')).toEqual({ status: 0, stdout: '', stderr: 'No entries.\n' });

  expect(await run(folder, 'callers', 'remove', 'Reader')).toMatchObject({ status: 0 });
  expect((await run(folder, 'callers', 'list')).stdout).toBe('There are no callers in callers.yaml.\n');
});

test('a changed file keeps its permissions and its owner', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callers-'));
  const path = join(folder, 'callers.yaml');
  await run(folder, 'callers', 'add', 'A');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o640);
  // Only root can give a file away.
  if (process.getuid?.() === 0) chownSync(path, 1000, 1000);
  const { uid, gid, mode } = statSync(path);
  await run(folder, 'callers', 'add', 'B');
  await run(folder, 'callers', 'remove', 'A');
  expect(readFileSync(path, 'utf8')).toContain('name: B');
  expect(statSync(path)).toMatchObject({ uid, gid, mode });
});

test('a folder instead of the file is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callers-'));
  mkdirSync(join(folder, 'callers.yaml'));
  const { status, stderr } = await run(folder, 'callers', 'list');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining(
      'callers.yaml is a folder, not a file. Create it with “freshsales-graphql callers add NAME”',
    ),
  });
});

test.each([
  [['callers', 'add', 'A', '--grant', 'contacts'], /--grant contacts is not valid\. Provide it as contacts=read\./],
  [
    ['callers', 'add', 'A', '--grant', 'contact=read'],
    /contact=read is not valid: “contact” is unknown\. Use one of appointments, contacts/,
  ],
  [['callers', 'list'], /callers\.yaml does not exist\. Create it with/],
  [['callers', 'remove', 'A'], /callers\.yaml has no caller “A”\. It has none\./],
  [['audit'], /There is no audit log at audit\.log\. Set AUDIT_LOG or --file/],
  [
    ['audit', '--decision', 'no'],
    /--decision is not valid\. Set it to allowed, denied, invalid, planned or unconfirmed\./,
  ],
])('%o says what to do', async (args, message) => {
  const { status, stderr } = await run(mkdtempSync(join(tmpdir(), 'callers-')), ...args);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(message) });
});

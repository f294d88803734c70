import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { cliPath, runCommand } from './command-host.ts';

// Built, as users run it. `npm test` builds first.
const children: ChildProcess[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const child of children.splice(0)) endGroup(child);
  for (const server of servers.splice(0)) server.close();
});

/** Processes that a test left running. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

interface StartOptions {
  readonly command?: readonly string[];
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

/** Starts a command. `said` waits until both outputs together match. */
function start({ command = [process.execPath, cliPath], env = {}, cwd = tmpdir() }: StartOptions) {
  const [file = '', ...args] = command;
  // Its own process group, as in a terminal, so that a signal reaches all of it.
  const child = spawn(file, args, { cwd, detached: true, env: { PATH: process.env.PATH ?? '', PORT: '0', ...env } });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = async (what: RegExp): Promise<string> => {
    while (!what.test(output)) {
      if (child.exitCode !== null) throw new Error(`It ended without saying ${what}: ${output}`);
      await delay(20);
    }
    return output;
  };
  const url = async () => /http:\/\/\S+graphql/.exec(await said(/http:\/\/\S+graphql/))?.[0] ?? '';
  return { child, exit, said, url, output: () => output };
}

async function listen(answer: RequestListener, port = 0): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const answer =
  (status: number, body: string, type = 'application/json'): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type, connection: 'close' }).end(body);

const accountAt = (port: number) => ({
  FRESHSALES_URL: `http://127.0.0.1:${port}/crm/sales/api`,
  FRESHSALES_API_KEY: 'kS3cr3t',
});

async function ask(url: string, query = '{ owners { displayName } }', more: Record<string, string> = {}) {
  const headers = { 'content-type': 'application/json', ...more };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
}

/** The start message, as programs read it. */
const startLine = (output: string): unknown =>
  JSON.parse(output.split('\n').find((line) => line.includes('"msg":"GraphQL')) ?? '');

/** Until nothing listens there, in milliseconds. */
async function untilGone(url: string): Promise<number> {
  const since = Date.now();
  while (await fetch(url).catch(() => undefined)) await delay(50);
  return Date.now() - since;
}

const page = '<html><body>Bad gateway</body></html>';

const absences: readonly [string, Record<string, string> | 'https' | undefined, RequestListener | undefined][] = [
  ['no such host', { FRESHSALES_DOMAIN: 'nobody.invalid', FRESHSALES_API_KEY: 'kS3cr3t' }, undefined],
  ['a fault', undefined, answer(500, '{"error_code":500}')],
  ['a sign-in page of a network', undefined, answer(200, page, 'text/html')],
  ['nothing listens there', accountAt(1), undefined],
  ['a page of a proxy', undefined, answer(502, page, 'text/html')],
  ['a sign-in page with 401', undefined, answer(401, page, 'text/html')],
  ['no calls left', undefined, answer(429, '{}')],
  [
    'a redirect',
    undefined,
    (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  ['no TLS', 'https', answer(200, '{}')],
];

describe('starts without Freshsales and says so', { timeout: 30_000 }, () => {
  test.each(absences)('%s', async (_what, given, listener) => {
    const port = listener ? await listen(listener) : 1;
    const { FRESHSALES_URL, ...rest } = accountAt(port);
    const secure = { ...rest, FRESHSALES_URL: FRESHSALES_URL.replace('http:', 'https:') };
    const env = given === 'https' ? secure : (given ?? accountAt(port));
    const { url, said, output, child } = start({ env });
    await said(/"msg":"GraphQL/);
    expect(output()).toMatch(/^Warning: .* trying again/m);
    expect(output()).toMatch(/^\{.*"ready":false,"problem":"/m);
    expect(output()).not.toMatch(/kS3cr3t|\n {4}at /);
    expect(await ask(await url())).toMatchObject({ errors: [{ message: expect.any(String) }] });
    expect(child.exitCode).toBeNull();
  });
});

describe('a refused key or account ends the start with one line', { timeout: 30_000 }, () => {
  test.each([
    [
      'a wrong key',
      answer(401, '{"login":"failed","message":null}'),
      /does not accept the key\. Set FRESHSALES_API_KEY/,
    ],
    ['a wrong domain', answer(404, '{"errors":{"code":404,"message":["No such account."]}}'), /HTTP 404/],
    ['a wrong domain, with a page', answer(404, page, 'text/html'), /No Freshsales account answers.*FRESHSALES_DOMAIN/],
  ])('%s', async (_what, listener, line) => {
    const env = { PORT: '0', ...accountAt(await listen(listener)) };
    const { status, stdout, stderr } = await runCommand(tmpdir(), ['serve'], env);
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, stdout: '', lines: 1 });
    expect(stderr).toMatch(line);
  });
});

describe('when Freshsales comes back', { timeout: 30_000 }, () => {
  test('the server serves and stops retrying', async () => {
    const port = await listen(answer(200, '{}'));
    servers.pop()?.close();
    const { said, url } = start({ env: accountAt(port) });
    const address = await url();
    expect(await ask(address)).toMatchObject({ errors: [expect.anything()] });
    let calls = 0;
    await listen((request, response) => {
      calls += 1;
      answer(200, '{"users":[{"id":1,"display_name":"Ada"}]}')(request, response);
    }, port);
    await said(/answers now/);
    expect(await ask(address)).toMatchObject({ data: { owners: [{ displayName: 'Ada' }] } });
    expect(calls).toBe(1);
  });

  test('and refuses the key, the server exits', async () => {
    const port = await listen(answer(200, '{}'));
    servers.pop()?.close();
    const { said, exit, output } = start({ env: accountAt(port) });
    await said(/"msg":"GraphQL/);
    await listen(answer(401, '{"login":"failed","message":null}'), port);
    expect(await exit).toBe(1);
    expect(output()).toMatch(/does not accept the key/);
  });
});

test('a start that fails does not wait for Freshsales', { timeout: 40_000 }, async () => {
  const port = await listen(() => {});
  const { said, exit } = start({ env: { ...accountAt(port), PORT: String(port) } });
  await said(/Port \d+ is in use/);
  const since = Date.now();
  expect(await exit).toBe(1);
  expect(Date.now() - since).toBeLessThan(3000);
});

test('without callers, the first token is reported, and requests are answered', async () => {
  const { url, said, output } = start({});
  const address = await url();
  for (const token of ['fsgql_one', 'fsgql_two'])
    expect(await ask(address, '{ __typename }', { authorization: `Bearer ${token}` })).toEqual(
      expect.objectContaining({ data: { __typename: 'Query' } }),
    );
  await said(/FRESHSALES_CALLERS is not set, so the token is ignored/);
  expect(output().match(/the token is ignored/g)).toHaveLength(1);
  expect(output()).not.toContain('fsgql_');
});

test('a .env that begins with a byte order mark protects the server', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'bom-'));
  writeFileSync(join(cwd, '.env'), '\uFEFFFRESHSALES_CALLERS=callers.yaml\r\nNODE_ENV=Production\rMAX_CALL=3\n');
  const token = `sha256:${'a'.repeat(64)}`;
  // With a lone CR after a comment, the next line would be lost.
  writeFileSync(join(cwd, 'callers.yaml'), `\uFEFFcallers: # all of them\r  - name: Ada\r    token: ${token}\r`);
  const { url, said } = start({ cwd, env: { FRESHSALES_API_KEY: '' } });
  const address = await url();
  const text = await said(/"msg":"GraphQL/);
  expect(startLine(text)).toMatchObject({
    envFile: ['FRESHSALES_CALLERS', 'NODE_ENV', 'MAX_CALL'],
    callersFile: 'callers.yaml',
    callers: 1,
    auth: 'callers',
    auditLog: 'audit.log',
    production: true,
  });
  expect(text).toMatch(/^Warning: MAX_CALL is not a variable.*MAX_CALLS/m);
  expect(await ask(address)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

describe('stops', { timeout: 40_000 }, () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('at %s', async (signal) => {
    const { child, exit, said } = start({});
    await said(/"msg":"GraphQL/);
    const since = Date.now();
    child.kill(signal);
    expect(await exit).toBe(0);
    expect(Date.now() - since).toBeLessThan(5000);
  });

  test('immediately on a second signal', async () => {
    let underWay = 0;
    const port = await listen((request, response) => {
      if (request.url?.includes('owners')) answer(200, '{"users":[]}')(request, response);
      else underWay += 1;
    });
    const { child, exit, url } = start({ env: accountAt(port) });
    const pending = ask(await url(), '{ contact(id: 1) { displayName } }').catch(() => 'cut off');
    await expect.poll(() => underWay, { timeout: 15_000 }).toBe(1);
    child.kill('SIGTERM');
    await delay(500);
    const since = Date.now();
    child.kill('SIGTERM');
    expect(await exit).toBe(1);
    expect(Date.now() - since).toBeLessThan(1000);
    expect(await pending).toBe('cut off');
  });

  test('although nobody reads its standard output any longer', async () => {
    const { child, exit, url } = start({ env: { LOG_LEVEL: 'info' } });
    const address = await url();
    child.stdout.removeAllListeners('data');
    child.stdout.pause();
    // More lines than the pipe holds.
    for (let round = 0; round < 60; round += 1)
      await Promise.all(Array.from({ length: 50 }, () => ask(address, '{ __typename }')));
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  // A project that has the package, as npx and npm run find it: offline, and without the shell passing signals on.
  function project(): string {
    const cwd = mkdtempSync(join(tmpdir(), 'npx-'));
    mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
    symlinkSync(cliPath, join(cwd, 'node_modules/.bin/freshsales-graphql'));
    writeFileSync(join(cwd, 'package.json'), '{"scripts":{"serve":"freshsales-graphql; true"}}');
    return cwd;
  }

  const starters = [
    ['npx', ['npx', '--offline', 'freshsales-graphql'], 'SIGTERM'],
    ['npm run', ['npm', 'run', 'serve'], 'SIGTERM'],
    ['npx in a terminal', ['npx', '--offline', 'freshsales-graphql'], 'SIGINT'],
    ['npx in a terminal that is closed', ['npx', '--offline', 'freshsales-graphql'], 'SIGHUP'],
    ['npm exec, with a shell that stays', ['npm', 'exec', '--offline', '-c', 'freshsales-graphql; true'], 'SIGTERM'],
    ['npx sandbox', ['npx', '--offline', 'freshsales-graphql', 'sandbox', '--port', '0'], 'SIGTERM'],
  ] as const;

  test.each(starters)('under %s (%j) at %s', async (_what, command, signal) => {
    const { child, said } = start({ command, cwd: project(), env: { HOME: tmpdir() } });
    const [address = ''] = /http:\/\/127\S+/.exec(await said(/http:\/\/127\S+/)) ?? [];
    // Ctrl-C and a closed terminal reach the whole group, a SIGTERM only npm.
    process.kill(signal === 'SIGTERM' ? (child.pid ?? 0) : -(child.pid ?? 0), signal);
    expect(await untilGone(address)).toBeLessThan(5000);
  });
});

test('survives an unhandled rejection without printing its message', async () => {
  const module = 'data:text/javascript,process.on("SIGUSR2", () => Promise.reject(new Error("jo@" + "example.com")))';
  const server = start({ command: [process.execPath, '--import', module, cliPath] });
  const url = await server.url();
  server.child.kill('SIGUSR2');
  await server.said(/Internal error/);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ rateLimit { limit } }' }),
  });
  expect(await response.json()).toMatchObject({ data: { rateLimit: { limit: 1000 } } });
  expect(server.output()).not.toContain('jo@example.com');
});

test('the start message names the limits that are on', async () => {
  const env = { MAX_VALUES: '1234', FRESHSALES_MAX_RESPONSE_BYTES: '5000000', MAX_CALLS: '7' };
  const output = await start({ env }).said(/"msg":"GraphQL/);
  expect(startLine(output)).toMatchObject({ limits: { maxCalls: 7, maxValues: 1234, maxResponseBytes: 5_000_000 } });
});

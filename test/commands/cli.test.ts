import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { welcome } from '../../src/commands/welcome.ts';
import { readConfig } from '../../src/config/config.ts';
import { cliPath, packagesIn, runCommand, writesModules } from './command-host.ts';

// Runs the built command. `npm test` builds first.
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(args: string[], env: Record<string, string> = {}, cwd = tmpdir()) {
  const child = spawn(process.execPath, [cliPath, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += String(chunk);
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, output, exit };
}

/** Runs a command to its end. */
const run = (args: string[], env: Record<string, string> = {}, cwd = tmpdir()) => runCommand(cwd, args, env);

/** Starts a server and waits for its URL. */
async function serve(args: string[], env: Record<string, string> = {}) {
  const process = start(args, env);
  const deadline = Date.now() + 15_000;
  for (;;) {
    const [url] = /http:\/\/\S+/.exec(process.output.stdout) ?? [];
    if (url) return { ...process, url };
    if (process.child.exitCode !== null || Date.now() > deadline) throw new Error(process.output.stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The command `sandbox`, which some of the tests share. */
let sandbox: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  sandbox = await serve(['sandbox', '--port', '0', '--key', 'the-right-one']);
  children.pop();
});
afterAll(() => sandbox.child.kill('SIGKILL'));

async function ask(url: string, query: string) {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
}

test.each([
  ['--help', /serve.*sandbox.*mcp.*schema.*doctor/s],
  ['serve --help', /GraphiQL/],
  ['sandbox --help', /--port/],
  ['schema --help', /schema/],
  ['mcp --help', /FRESHSALES_CALLER_TOKEN/],
  ['doctor --help', /--json/],
  ['--version', /^\d+\.\d+\.\d+$/m],
])('%s', async (args, text) => {
  expect(await run(args.split(' '))).toMatchObject({ status: 0, stdout: expect.stringMatching(text) });
});

test('schema prints schema.graphql', async () => {
  const { status, stdout } = await run(['schema']);
  expect(status).toBe(0);
  expect(stdout).toBe(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
});

describe('serve', () => {
  test('serves the sandbox and stops on SIGTERM', async () => {
    const { url, output, child, exit } = await serve([], { PORT: '0' });
    expect(JSON.parse(output.stdout.split('\n')[0] ?? '')).toMatchObject({
      account: 'sandbox',
      msg: expect.stringContaining(url),
    });
    expect(await ask(url, '{ contacts(first: 1) { totalCount nodes { displayName } } }')).toMatchObject({
      data: { contacts: { totalCount: expect.any(Number) } },
    });
    const asked = Date.now();
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5000);
  });

  test('the queries it shows on a terminal work', async () => {
    const { url } = await serve([], { PORT: '0' });
    const lines = welcome(readConfig({}), { url, accounts: ['sandbox'], callers: undefined, problem: undefined });
    const queries = lines.filter((line) => line.trim().startsWith('{'));
    expect(queries).toHaveLength(2);
    for (const query of queries) expect((await ask(url, query)).errors).toBeUndefined();
  });

  test.each([
    ['a wrong key', 'the-wrong-one', 'does not accept the key'],
    ['the right key', 'the-right-one', undefined],
  ])('over a real socket, with %s', async (_what, key, complaint) => {
    const env = { PORT: '0', FRESHSALES_URL: sandbox.url, FRESHSALES_API_KEY: key };
    if (complaint) {
      const { status, stderr } = await run([], env);
      expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, lines: 1 });
      expect(stderr).toContain(complaint);
      expect(stderr).not.toContain(key);
    } else {
      const { url } = await serve([], env);
      expect(await ask(url, '{ owners { displayName } }')).toMatchObject({ data: { owners: expect.any(Array) } });
    }
  });

  test('stops with its parent, as under npm start, whose shell passes no signals on', async () => {
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${cliPath}" serve --stop-with-parent; true`], {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH ?? '', PORT: '0' },
    });
    children.push(shell);
    const url = await new Promise<string>((resolve) => {
      shell.stdout.on('data', (chunk) => resolve(/http:\/\/\S+/.exec(String(chunk))?.[0] ?? ''));
    });
    expect(await ask(url, '{ rateLimit { limit } }')).toMatchObject({ data: {} });
    const asked = Date.now();
    shell.kill('SIGTERM');
    while (await ask(url, '{ rateLimit { limit } }').catch(() => false))
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(Date.now() - asked).toBeLessThan(5000);
  });

  test('finishes running requests before it stops', async () => {
    const underWay: ServerResponse[] = [];
    const slow = createServer((request, response) => {
      if (request.url?.includes('owners')) response.end('{"users":[]}');
      else underWay.push(response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => slow.once('listening', resolve));
    const { port } = slow.address() as AddressInfo;
    const env = { PORT: '0', FRESHSALES_URL: `http://127.0.0.1:${port}/crm/sales/api`, FRESHSALES_API_KEY: 'k' };
    const { url, child, exit } = await serve([], env);
    const answer = ask(url, '{ contact(id: 1) { displayName } }');
    await expect.poll(() => underWay, { timeout: 15_000 }).toHaveLength(1);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    underWay[0]?.end('{"contact":{"id":1,"display_name":"Ada"},"meta":null}');
    expect(await answer).toMatchObject({ data: { contact: { displayName: 'Ada' } } });
    expect(await exit).toBe(0);
    slow.close();
  });

  test('reads a .env file; the environment takes precedence', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'env-'));
    writeFileSync(join(folder, '.env'), 'PORT=from-file\n');
    expect(await run([], {}, folder)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('PORT is not valid'),
    });
    writeFileSync(join(folder, '.env'), 'PORT=from-file\nHOST=0.0.0.0\n');
    expect(await run([], { PORT: '0' }, folder)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('HOST is not loopback'),
    });
  });

  test('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await run([], { PORT: String(port) })).toMatchObject({
      status: 1,
      stderr: `freshsales-graphql: Port ${port} is in use. Set PORT to another one.\n`,
    });
    server.close();
  });

  test.each([
    ['off loopback', { HOST: '0.0.0.0' }, /HOST is not loopback/],
    ['a bad port', { PORT: 'x' }, /PORT is not valid/],
    ['no key', { FRESHSALES_DOMAIN: 'widgetz.myfreshworks.com' }, /FRESHSALES_API_KEY is missing/],
  ])('%s: one clear line', async (_what, env, line) => {
    const { status, stderr, stdout } = await run([], { PORT: '0', ...env });
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, stdout: '', lines: 1 });
    expect(stderr).toMatch(line);
  });
});

describe('doctor', () => {
  test('finds a healthy account with four calls', async () => {
    const env = { FRESHSALES_URL: sandbox.url, FRESHSALES_API_KEY: 'the-right-one' };
    const { status, stdout } = await run(['doctor'], env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/key: accepted.*clock: .*views of contacts: 14.*this check took 4/s);
  });

  test('reports a wrong key with one call', async () => {
    const { status, stdout } = await run(['doctor', '--json'], {
      FRESHSALES_URL: sandbox.url,
      FRESHSALES_API_KEY: 'wrong',
    });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([
        {
          check: 'key',
          ok: false,
          says: expect.stringMatching(/^Freshsales does not accept the API key\. Set FRESHSALES_API_KEY/),
        },
        { check: 'calls', ok: true, says: 'this check took 1' },
      ]),
    });
  });
});

/** Connects as the server does, and says which packages were loaded for it. */
async function loaded(env: Record<string, string>) {
  const index = JSON.stringify(join(import.meta.dirname, '../../dist/index.js'));
  const script = `
    const { connectTo, readConfig } = await import(${index});
    const { close } = await connectTo(readConfig());
    await close();`;
  const child = spawn(process.execPath, ['--import', writesModules, '--input-type=module', '-e', script], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  await new Promise((resolve) => child.once('exit', resolve));
  return packagesIn(stderr);
}

test('loads Redis only if it is configured', async () => {
  expect(await loaded({})).not.toContain('ioredis');
  expect(await loaded({ REDIS_URL: 'redis://127.0.0.1:1' })).toContain('ioredis');
});

test('warns once about a missing Redis, without its password, and serves', async () => {
  const env = { PORT: '0', REDIS_URL: 'redis://:open-sesame@127.0.0.1:1' };
  const { url, output } = await serve(['serve'], env);
  expect(await ask(url, '{ owners { id } }')).toMatchObject({ data: { owners: expect.any(Array) } });
  expect(output.stderr).toMatch(/^Warning: Redis at 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)\. [^\n]*\n$/);
});

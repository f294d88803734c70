import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, describe, expect, test } from 'vitest';
import { cliPath, runCommand } from '../commands/command-host.ts';
import { deepCases } from '../property.ts';
import { ask, call } from './listen.ts';

// The command as desktop clients start it: built, in a process of its own. `npm test` builds first.
const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

/** A real client of the SDK that starts the command. */
async function start(mode: 'legacy' | 'auto', env: Record<string, string> = {}) {
  const transport = new StdioClientTransport({ command: process.execPath, args: [cliPath, 'mcp'], cwd: tmpdir(), env });
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
  clients.push(client);
  await client.connect(transport);
  return { client, transport };
}

/** Runs the command with this input until it ends. */
async function run(input: string) {
  const child = spawn(process.execPath, [cliPath, 'mcp'], { cwd: tmpdir() });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += String(chunk);
    // Hanging up aborts what is under way: it is done once the answer is there.
    child.stdin.end();
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += String(chunk);
  });
  child.stdin.write(input);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, ...output };
}

describe('mcp over standard input and output', () => {
  test.each(deepCases(['auto', 'legacy'] as const, 1))(
    'serves a client of the SDK over the sandbox (%s)',
    async (mode) => {
      const { client } = await start(mode);
      expect((await client.listTools()).tools).toHaveLength(7);
      expect((await call(client, 'schema', { search: 'create task' })).text).toContain('mutation createTask(');
      expect(await ask(client, 'query', { query: '{ deals(first: 1) { nodes { name } } }' })).toMatchObject({
        data: { deals: { nodes: [{ name: expect.any(String) }] } },
        isError: false,
      });
      const update = 'mutation { updateDeal(id: 1, input: {}) { userErrors { message } } }';
      expect(await ask(client, 'query', { query: update })).toMatchObject({ isError: true });
    },
  );

  test('acts as the caller of its token, and refuses to start without one', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agent-'));
    const added = await runCommand(folder, ['callers', 'add', 'Agent', '--grant', 'contacts=read']);
    const [token = ''] = /fsgql_[\w-]+/.exec(added.stdout) ?? [];
    const env = { FRESHSALES_CALLERS: join(folder, 'callers.yaml') };
    const { client } = await start('legacy', { ...env, FRESHSALES_CALLER_TOKEN: token });
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('mutate');
    expect(await ask(client, 'query', { query: '{ deals { totalCount } }' })).toMatchObject({
      errors: [{ code: 'FORBIDDEN', message: expect.stringContaining('deals: read') }],
    });
    await client.close();
    expect((await runCommand(folder, ['audit'])).stdout).toMatch(/Agent .*denied/);

    for (const wrong of [{}, { FRESHSALES_CALLER_TOKEN: 'guessed' }]) {
      const { status, stdout, stderr } = await runCommand(tmpdir(), ['mcp'], { ...env, ...wrong });
      expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, stdout: '', lines: 1 });
      expect(stderr).toContain('FRESHSALES_CALLER_TOKEN');
      expect(stderr).not.toContain('guessed');
    }
  });

  test('writes only protocol messages to standard output, and ends when the client hangs up', async () => {
    const message = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    };
    const { code, stdout, stderr } = await run(`${JSON.stringify(message)}\n`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([{ jsonrpc: '2.0', id: 1, result: { serverInfo: { name: 'freshsales-graphql' } } }]);
  });

  test.each([
    ['callers bring their own key, and there is none', { FRESHSALES_AUTH: 'pass-through' }, /FRESHSALES_CALLER_TOKEN/],
    ['a token with a space in it', { FRESHSALES_CALLER_TOKEN: 'a b' }, /FRESHSALES_CALLER_TOKEN is not valid/],
    ['no key', { FRESHSALES_DOMAIN: 'widgetz.myfreshworks.com' }, /FRESHSALES_API_KEY is missing/],
  ])('%s: one clear line', async (_what, env, line) => {
    const { status, stdout, stderr } = await runCommand(tmpdir(), ['mcp'], env);
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, stdout: '', lines: 1 });
    expect(stderr).toMatch(line);
  });
});

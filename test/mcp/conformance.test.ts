import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { listen } from './listen.ts';

const root = join(import.meta.dirname, '../..');

/** The public conformance tests of the protocol, as they come: a process of its own that talks to ours over a socket. */
test('the public MCP conformance tests pass where they apply', { timeout: 120_000 }, async () => {
  const { url, close } = await listen();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js'),
      ...['server', '--url', url, '--suite', 'all'],
      ...['--expected-failures', join(root, 'test/mcp/conformance.yml')],
    ],
    // It leaves its results where it is started.
    { cwd: tmpdir() },
  );
  close();
  const passed = [...stdout.matchAll(/^✓ ([\w-]+): [1-9]\d* passed, 0 failed$/gm)].map(([, name]) => name);
  expect(passed).toEqual(['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection']);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { cliPath, packagesIn, writesModules } from './command-host.ts';

const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function serve() {
  const child = spawn(process.execPath, ['--import', writesModules, cliPath, 'serve'], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH ?? '', PORT: '0' },
  });
  children.push(child);
  let loaded = '';
  child.stderr.on('data', (chunk) => {
    loaded += String(chunk);
  });
  let said = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    const [url] = /http:\/\/\S+graphql/.exec(said) ?? [];
    if (url) return { url, packages: () => packagesIn(loaded) };
  }
  throw new Error(loaded);
}

const post = (url: string, body: object) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(body),
  });

test('the first response loads only what it needs', async () => {
  const { url, packages } = await serve();
  const answer = await post(url, { query: '{ contacts(first: 1) { nodes { displayName } } }' });
  expect(await answer.json()).toMatchObject({ data: { contacts: { nodes: [{ displayName: expect.any(String) }] } } });
  const before = packages();
  expect(before).toEqual(expect.arrayContaining(['graphql', 'graphql-yoga', '@pothos/core', 'hono']));
  const later = [
    'zod',
    'yaml',
    '@modelcontextprotocol/server',
    '@graphql-yoga/render-graphiql',
    'minisearch',
    'ioredis',
  ];
  expect(before.filter((name) => later.includes(name))).toEqual([]);
  // A package that stands there in several versions is loaded as often; this one has sixty files.
  expect(before.filter((name) => name.endsWith('@graphql-tools/utils'))).toHaveLength(1);

  await post(url.replace(/graphql$/, 'mcp'), { jsonrpc: '2.0', id: 1, method: 'tools/list' });
  expect(packages()).toContain('@modelcontextprotocol/server');
});

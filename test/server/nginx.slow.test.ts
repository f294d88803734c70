import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { partsIn, requestFor } from './parts.ts';
import { listen } from './raw.ts';

const hasNginx = spawnSync('nginx', ['-v']).status === 0;

/** The block of the documentation, for another prefix and server. */
function documentedBlock(prefix: string, port: number): string {
  const docs = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [, block = ''] = /```nginx\n(.*?)```/s.exec(docs) ?? [];
  return block.replace('/crm/', `${prefix}/`).replace('127.0.0.1:4000', `127.0.0.1:${port}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** The server behind nginx, with a client that nginx sees. */
async function startBehindNginx(prefix: string, left: RegExp) {
  const failed: string[] = [];
  const log = createLog({ level: 'warn', isPretty: false, write: (line) => void failed.push(line) });
  const world = await listen({
    basePath: prefix,
    trustProxy: readConfig({ TRUST_PROXY: 'loopback' }).trustProxy,
    observability: { log, metrics: createMetrics({ version: 'test' }) },
    webhooks: [{ secret: 'webhook-secret', header: 'x-webhook-secret', take: async () => {} }],
  });
  const [folder, port] = [mkdtempSync(join(tmpdir(), 'nginx-')), await freePort()];
  const config = join(folder, 'nginx.conf');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    config,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
    http { access_log off; ${paths.join(' ')} gzip on; gzip_types *;
      server { listen 127.0.0.1:${port}; ${documentedBlock(prefix, world.port).replace(left, '')} } }`,
  );
  const nginx = spawn('nginx', ['-c', config, '-p', folder], { stdio: 'ignore' });
  onTestFinished(() => void nginx.kill());
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(() => fetch(url), { timeout: 10_000 });
  return { ...world, failed, origin: url, url: `${url}${prefix}` };
}

/** nginx speaks HTTP/1.0 to servers and collects their responses, unless it is told otherwise. */
const NGINX_DEFAULTS = /^ *proxy_(http_version|buffering).*\n/gm;

test.skipIf(!hasNginx).each([
  ['', 'as documented', /^$/],
  ['/crm', 'as documented', /^$/],
  ['', 'with its defaults', NGINX_DEFAULTS],
])('works behind nginx at “%s/” %s', { timeout: 60_000 }, async (prefix, _how, left) => {
  const { url, origin, sandbox, failed } = await startBehindNginx(prefix, left);
  const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  const [, script = ''] = /<script src="([^"]+)"/.exec(await page.text()) ?? [];
  expect((await fetch(new URL(script, page.url))).headers.get('content-type')).toContain('javascript');
  const operation = (headers: Record<string, string>) => fetch(`${url}/graphql?query={__typename}`, { headers });
  expect((await operation({ origin })).status).toBe(200);
  expect((await operation({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await fetch(`${url}/metrics`)).status).toBe(403);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  const hook = { id: '1' };
  const posted = await fetch(`${url}/webhooks/freshsales/contact/updated`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-webhook-secret': 'webhook-secret' },
    body: JSON.stringify(hook),
  });
  expect(posted.status).toBe(202);
  const mcp = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  });
  expect(mcp.status).toBe(200);
  sandbox.failNext('/activities', { status: 503, body: {}, delay: 1500 }, 9);
  const later = '{ contacts(first: 1) { nodes { id ... @defer { activities { actionableId } } } } }';
  const reader = partsIn(await fetch(`${url}/graphql`, requestFor(later)));
  expect(await reader.next()).toMatchObject({ value: { hasNext: true } });
  expect(failed).toEqual([]);
  for await (const part of reader) expect(part.incremental).toHaveLength(1);
  expect(failed).not.toEqual([]);
});

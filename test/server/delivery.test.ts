import { createHash } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { createGunzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { createPersistedQueries } from '../../src/server/persisted-queries.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { openWorld } from '../world.ts';
import { listen } from './raw.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly agent?: Agent;
}

/** A request without the decompression of fetch. */
const send = (url: string, { method = 'GET', headers = {}, body, agent }: Sent = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; bytes: number; text: string }>((resolve, reject) => {
    const request = httpRequest(url, { method, headers, ...(agent && { agent }) }, (response) => {
      let bytes = 0;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      const plain = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
      plain.on('data', (chunk: Buffer) => void chunks.push(chunk));
      const end = () => ({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: String(Buffer.concat(chunks)),
      });
      plain.on('end', () => resolve({ ...end(), bytes }));
    });
    request.on('error', reject);
    request.end(body);
  });

const json = { 'content-type': 'application/json' };
const body = JSON.stringify({
  query: '{ contacts(first: 100) { nodes { id displayName email customFields owner { displayName } } } }',
});

test('compresses large responses for clients that accept it', async () => {
  const { url } = await listen();
  const plain = await send(`${url}/graphql`, { method: 'POST', headers: json, body });
  const gzipped = await send(`${url}/graphql`, {
    method: 'POST',
    headers: { ...json, 'accept-encoding': 'gzip' },
    body,
  });
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(gzipped.headers).toMatchObject({
    'content-encoding': 'gzip',
    vary: expect.stringContaining('Accept-Encoding'),
  });
  expect(JSON.parse(gzipped.text).data).toEqual(JSON.parse(plain.text).data);
  expect(gzipped.bytes * 3).toBeLessThan(plain.bytes);
});

test('keeps responses out of shared caches', async () => {
  const { url } = await listen();
  for (const path of ['/graphql?query={__typename}', '/health/live', '/nowhere', '/']) {
    const { headers } = await send(`${url}${path}`);
    expect(headers['cache-control']).toBe('private, no-store');
    expect(headers.vary).toMatch(/Authorization, Accept, Origin/);
  }
});

test('GraphiQL is a small page with assets that browsers keep', async () => {
  const { url } = await listen({ basePath: '/crm' });
  const page = await send(`${url}/crm/graphql`, { headers: { accept: 'text/html' } });
  expect(page.bytes).toBeLessThan(20_000);
  const assets = [...page.text.matchAll(/(?:src|href)="(graphql\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(assets).toHaveLength(2);
  for (const path of assets) {
    const address = new URL(path, `${url}/crm/graphql`).href;
    const asset = await send(address, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(asset.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
    });
    expect(asset.bytes).toBeLessThan(4_000_000);
    expect(sha256((await send(address)).text)).toBe(sha256(asset.text));
    // An outdated page must not keep what it gets.
    expect((await send(address.replace(/\?.*/, '?old'))).headers['cache-control']).toBe('no-cache');
  }
});

test('in production there are no assets of GraphiQL', async () => {
  const { url } = await listen({ production: true });
  expect((await send(`${url}/graphql/graphiql.js`)).status).toBe(404);
});

test('browsers remember what is allowed, and pages of allowed origins may read the headers', async () => {
  const { url } = await listen({ origins: ['https://crm.example'] });
  const preflight = await send(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: 'https://crm.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight.headers['access-control-max-age']).toBe('7200');
  expect(preflight.headers['access-control-expose-headers']).toMatch(/Retry-After.*x-request-id/);
});

test('a base path is in front of every route', async () => {
  const { url } = await listen({ basePath: '/crm' });
  expect((await send(`${url}/crm/health/live`)).status).toBe(200);
  expect((await send(`${url}/crm/`)).headers.location).toBe('/crm/graphql');
  expect((await send(`${url}/crm/mcp`, { method: 'POST', headers: json, body: '{}' })).status).not.toBe(404);
  for (const path of ['/health/live', '/graphql', '/crm/crm/graphql', '/'])
    expect((await send(`${url}${path}`)).status).toBe(404);
});

test('idle connections are kept for longer than load balancers keep them', async () => {
  const { url } = await listen();
  const { headers } = await send(`${url}/health/live`, { agent: new Agent({ keepAlive: true }) });
  expect(headers['keep-alive']).toBe('timeout=65');
});

test('a long operation keeps its connection alive, for pages of other origins too', async () => {
  const { url, sandbox } = await listen({ heartbeatMs: 100, origins: ['https://crm.example'] });
  sandbox.failNext('owners', { status: 200, delay: 700, body: { users: [] } });
  const response = await send(`${url}/graphql`, {
    method: 'POST',
    headers: { ...json, origin: 'https://crm.example', 'accept-encoding': 'gzip' },
    body: JSON.stringify({ query: '{ owners { displayName } }' }),
  });
  expect(response.text).toMatch(/^ {2,}\{/);
  expect(JSON.parse(response.text)).toMatchObject({ data: { owners: [] } });
  expect(response.headers).toMatchObject({
    'access-control-allow-origin': 'https://crm.example',
    ratelimit: expect.stringContaining('"hour";r='),
    'ratelimit-policy': expect.any(String),
    'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
  });
});

test.each([
  ['the host without its port, as nginx sends $host', { host: 'localhost', 'x-forwarded-proto': 'https' }],
  ['a forwarded host', { host: 'backend:4000', 'x-forwarded-host': 'localhost:8443', 'x-forwarded-proto': 'https' }],
  ['the host itself', { host: 'localhost:8443' }],
])('behind a trusted proxy, pages of the public address may send requests: %s', async (_what, headers) => {
  const query = `?query={__typename}`;
  const from = { 'x-forwarded-for': '192.0.2.7', ...headers };
  const { url } = await listen({ trustProxy: ['loopback'] });
  const ask = (origin: string) => send(`${url}/graphql${query}`, { headers: { ...from, origin } });
  expect((await ask('https://localhost:8443')).status).toBe(200);
  expect((await ask('https://evil.example')).status).toBe(403);
});

test('forwarded hosts are ignored without a trusted proxy', async () => {
  const { url } = await listen();
  const headers = { 'x-forwarded-host': 'evil.example', origin: 'https://evil.example' };
  expect((await send(`${url}/graphql?query={__typename}`, { headers })).status).toBe(403);
});

const QUERY = 'query Owners { owners { displayName } }';

/** Sends a query by its hash, with or without its text. */
async function askByHash(fetch: typeof globalThis.fetch, hash: string, query?: string) {
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
  const response = await fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ ...(query !== undefined && { query }), extensions }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

test('automatic persisted queries are registered once and then sent by hash', async () => {
  const { fetch } = openWorld();
  const unknown = {
    errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
  };
  expect(await askByHash(fetch, sha256(QUERY))).toMatchObject({ status: 200, ...unknown });
  expect(await askByHash(fetch, sha256(QUERY), QUERY)).toMatchObject({ data: { owners: expect.anything() } });
  expect(await askByHash(fetch, sha256(QUERY))).toMatchObject({ data: { owners: expect.anything() } });
  const url = new URL('http://127.0.0.1/graphql');
  url.searchParams.set('extensions', JSON.stringify({ persistedQuery: { version: 1, sha256Hash: sha256(QUERY) } }));
  expect(await (await fetch(url)).json()).toMatchObject({ data: { owners: expect.anything() } });
  expect(await askByHash(fetch, sha256('other'), QUERY)).toMatchObject({
    errors: [{ extensions: { code: 'PERSISTED_QUERY_MISMATCH' } }],
  });
});

test('servers with one store share persisted queries, and large ones are not kept', async () => {
  const store = createMemoryStore();
  const [one, other] = [createPersistedQueries(store), createPersistedQueries(store)];
  await one.set(sha256(QUERY), QUERY);
  expect(await other.get(sha256(QUERY))).toBe(QUERY);
  const large = `# ${'x'.repeat(100_000)}\n${QUERY}`;
  await one.set(sha256(large), large);
  expect(await one.get(sha256(large))).toBeUndefined();
  expect(await one.get('not a hash')).toBeUndefined();
});

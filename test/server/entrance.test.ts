import { createServer as createPlainServer } from 'node:http';
import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/access/audit/audit-event.ts';
import { createServer } from '../../src/server/create-server.ts';
import { openWorld } from '../world.ts';
import { LEAK, listen, open, statusOf } from './raw.ts';

const MUTATION = 'mutation { createContact(input: { lastName: "Door", email: "door@x.example" }) { contact { id } } }';
const json = (query: string) => JSON.stringify({ query });
const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
const form = (query: string) => new URLSearchParams({ query }).toString();

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  [
    `POST ${path} HTTP/1.1`,
    ...Object.entries({
      host: '127.0.0.1',
      connection: 'close',
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');

/** Paths that look like a route to somebody. */
const NEARLY = [
  '/graphql/',
  '/x/graphql',
  '/api/graphql',
  '/any?x=/graphql',
  '//graphql',
  '//127.0.0.1/graphql',
  '/%67raphql',
  '/graphql%2f',
  '/graphql%00',
  '/GraphQL',
  '/GRAPHQL',
  '/graphql;x=1',
  '/graphql.json',
  '/mcp/',
  '/x/mcp',
  '/MCP',
  '/mcp%3f/graphql',
  '/health',
  '/x/health',
  '/any?x=/health',
  '/\\graphql',
];

describe('a path that is not in the list of routes', () => {
  const media = {
    'application/json': json(MUTATION),
    'application/x-www-form-urlencoded': form(MUTATION),
    'text/plain': json(MUTATION),
    'application/graphql': MUTATION,
    'multipart/form-data; boundary=x': `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json(MUTATION)}\r\n--x--`,
  };

  test.each(NEARLY)('%s is not found for any request', async (path) => {
    const { send, sandbox } = await listen();
    for (const [type, body] of Object.entries(media))
      expect(statusOf(await send(post(path, body, { 'content-type': type })))).toBe(404);
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      const headers = 'host: 127.0.0.1\r\nconnection: close\r\naccept: text/html';
      expect(statusOf(await send(`${method} ${path} HTTP/1.1\r\n${headers}\r\n\r\n`))).toBe(404);
    }
    expect(sandbox.requests).toEqual([]);
  });

  test.each(['/./graphql', '/x/../graphql', '/x/%2e%2e/graphql', '/graphql?', '/graphql#x'])(
    '%s is the route itself, and guarded as such',
    async (path) => {
      const { send, sandbox } = await listen();
      const body = form(MUTATION);
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      expect(statusOf(await send(post(path, body, type)))).toBe(415);
      expect(statusOf(await send(post(path, json('{ rateLimit { limit } }'))))).toBe(200);
      expect(sandbox.requests).toEqual([]);
    },
  );
});

describe('methods', () => {
  test.each([
    ['GET', '/graphql?query={__typename}', 200],
    ['OPTIONS', '/graphql', 204],
    ['OPTIONS', '/mcp', 204],
    ['HEAD', '/graphql', 405],
    ['PUT', '/graphql', 405],
    ['PATCH', '/graphql', 405],
    ['DELETE', '/graphql', 405],
    ['TRACE', '/graphql', 405],
    ['PROPFIND', '/graphql', 405],
    ['GET', '/mcp', 405],
    ['DELETE', '/mcp', 405],
    ['HEAD', '/mcp', 405],
    ['GET', '/', 302],
    ['HEAD', '/', 302],
    ['POST', '/', 405],
    ['POST', '/?x=/graphql', 405],
    ['PUT', '/graphql?x=/health', 405],
  ])('%s %s is %i', async (method, path, status) => {
    const { send } = await listen();
    const answer = await send(`${method} ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    expect(statusOf(answer)).toBe(status);
    if (status === 405) expect(answer).toMatch(/^allow: (GET, POST|POST|GET, HEAD), OPTIONS\r$/im);
  });

  test('a mutation by GET is refused', async () => {
    const { send, sandbox } = await listen();
    const path = `/graphql?${form(MUTATION)}`;
    expect(statusOf(await send(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`))).toBe(405);
    expect(sandbox.requests).toEqual([]);
  });
});

test.each(['image/png', 'text/html', 'application/json; charset=latin1', 'x', 'application/jsonx'])(
  'refuses “accept: %s” before executing a mutation',
  async (accept) => {
    const { send, sandbox } = await listen();
    const answer = await send(post('/graphql', json(MUTATION), { accept }));
    expect(statusOf(answer)).toBe(406);
    expect(answer).toContain('{"errors":[{"message":"Accept one of ');
    expect(sandbox.requests).toEqual([]);
  },
);

test.each(['*/*', 'application/*', 'APPLICATION/JSON;q=0.1', 'image/png, application/json; charset=utf-8', ''])(
  'serves “accept: %s”',
  async (accept) => {
    const { send } = await listen();
    expect(statusOf(await send(post('/graphql', json('{ __typename }'), { accept })))).toBe(200);
  },
);

describe('a malformed request gets a 400 that reveals nothing about the server', () => {
  const get = (target: string, ...headers: string[]) =>
    [`GET ${target} HTTP/1.1`, ...headers, 'connection: close', '', ''].join('\r\n');

  test.each([
    ['a Host out of range', get('/graphql', 'Host: 127.999.999.999')],
    ['a Host in a bracket', get('/graphql', 'Host: [::1')],
    ['a Host with a wrong port', get('/graphql', 'Host: localhost:99999')],
    ['a Host with a path', get('/graphql', 'Host: localhost/graphql')],
    ['a Host with a user', get('/graphql', 'Host: localhost@evil.example')],
    ['a Host with a query', get('/graphql', 'Host: localhost?x')],
    ['a Host with a space', get('/graphql', 'Host: local host')],
    ['a Host with a percent sign', get('/graphql', 'Host: %00')],
    ['an empty Host', get('/graphql', 'Host:')],
    ['no Host', get('/graphql')],
    ['no Host in HTTP/1.0', 'GET /graphql HTTP/1.0\r\n\r\n'],
    ['two Hosts', get('/graphql', 'Host: localhost', 'Host: localhost')],
    ['an absolute URL', get('http://evil.example/graphql', 'Host: localhost')],
    ['an absolute URL of this server', get('http://localhost/graphql', 'Host: localhost')],
    ['half a URL', get('http://[', 'Host: localhost')],
    ['an asterisk', get('*', 'Host: localhost').replace('GET', 'OPTIONS')],
    ['no slash', get('graphql', 'Host: localhost')],
    ['a NUL', get('/\x00', 'Host: localhost')],
    ['a space', get('/graph ql', 'Host: localhost')],
    ['no HTTP', 'hello\r\n\r\n'],
    ['a wrong length', get('/graphql', 'Host: localhost', 'content-length: x')],
    ['a length and chunks', get('/graphql', 'Host: localhost', 'content-length: 5', 'transfer-encoding: chunked')],
  ])('%s', async (_what, bytes) => {
    const { send, reported } = await listen();
    const answer = await send(bytes);
    expect(statusOf(answer)).toBe(400);
    expect(answer).not.toMatch(LEAK);
    expect(reported).toEqual([]);
  });

  test('an empty path of slashes is not found', async () => {
    const { send } = await listen();
    expect(statusOf(await send(get('//', 'Host: localhost')))).toBe(404);
  });

  test('a URL longer than the header buffer', async () => {
    const { send, handler } = await listen();
    expect(statusOf(await send(get(`/graphql?query=${'x'.repeat(100_000)}`, 'Host: localhost')))).toBe(431);
    const response = await handler.fetch(`http://localhost/graphql?query=${'x'.repeat(100_000)}`);
    expect(response.status).toBe(414);
  });
});

describe('embedded under a prefix', () => {
  const { account, sandbox } = openWorld();
  const server = createServer({ connect: () => account, basePath: '/api' });
  const send = (path: string, init?: RequestInit) => server.fetch(`http://localhost${path}`, init);
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

  test('serves its routes below the prefix', async () => {
    const answer = await send('/api/graphql', { method: 'POST', headers, body: json('{ rateLimit { limit } }') });
    expect(await answer.json()).toMatchObject({ data: { rateLimit: { limit: expect.any(Number) } } });
    expect((await send('/api/mcp', { method: 'POST', headers, body: list })).status).toBe(200);
    expect((await send('/api/')).headers.get('location')).toBe('/api/graphql');
    const page = await send('/api/graphql', { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<html');
  });

  test('lets MCP tools reach the graph', async () => {
    const params = { name: 'query', arguments: { query: '{ rateLimit { limit } }' } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const answer = await send('/api/mcp', { method: 'POST', headers, body });
    expect(await answer.text()).toContain('rateLimit');
  });

  test('applies the same checks', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const path of ['/api/graphql', '/api/mcp'])
      expect((await send(path, { method: 'POST', headers: type, body: form(MUTATION) })).status).toBe(415);
  });

  test.each(['/graphql', '/mcp', '/', '/api', '/api/x/graphql', '/apix/graphql', '/api/api/graphql', '/api//graphql'])(
    '%s is not found',
    async (path) => {
      expect((await send(path, { method: 'POST', headers, body: json(MUTATION) })).status).toBe(404);
      expect(sandbox.requests).toEqual([]);
    },
  );

  test.each(['api', '/a b', '/a?b', '/..', '//', '/%61'])('refuses “%s” as a base path', (basePath) => {
    expect(() => createServer({ connect: () => account, basePath })).toThrow(TypeError);
  });

  test('accepts a body that a framework has already read', async () => {
    const port = await open(
      createPlainServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
        // As Express does with app.use('/api', server) and express.json().
        await server(Object.assign(request, { body, originalUrl: request.url, url: '/graphql' }), response);
      }),
    );
    const ask = (path: string, body: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
    expect((await ask('/api/graphql', json('{ rateLimit { limit } }'))).status).toBe(200);
    expect((await ask('/graphql', json('{ rateLimit { limit } }'))).status).toBe(404);
    expect((await ask('/api/graphql', json('x'.repeat(1_100_000)))).status).toBe(413);
  });
});

describe('a client that waits for “100 Continue”', () => {
  const expecting = (body: string, headers: Record<string, string> = {}) =>
    post('/graphql', body, { expect: '100-continue', ...headers });
  const callers = () => ({
    connect: () => {
      throw new GraphQLError('Send a token.', { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
    },
  });

  test('gets one “100 Continue” and the response', async () => {
    const { send } = await listen();
    const answer = await send(expecting(json('{ rateLimit { limit } }')));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 200']);
    expect(answer).toContain('"limit":1000');
  });

  test.each([
    [401, callers(), {}],
    [413, {}, { 'content-length': '50000000' }],
    [415, {}, { 'content-type': 'text/plain' }],
  ])('is refused with %i before it sends anything', async (status, options, headers) => {
    const { send } = await listen(options);
    const answer = await send(expecting('{}', headers));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
  });
});

test.each([
  ['no valid host', 'POST /graphql HTTP/1.1\r\nHost: [::1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'],
  ['two hosts', 'GET /graphql HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
  ['an absolute URL', 'GET http://127.0.0.1/graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'],
])('a request with %s is written down under the id in its response', async (_what, bytes) => {
  const written: AuditEvent[] = [];
  const audit = { write: (event: AuditEvent) => void written.push(event), ready: () => true, close: () => undefined };
  const { send } = await listen({ audit });
  const [, id] = /x-request-id: (\S+)/.exec(await send(bytes)) ?? [];
  expect(written).toMatchObject([
    { requestId: id, caller: null, decision: 'invalid', codes: ['BAD_USER_INPUT'], address: '127.0.0.1' },
  ]);
});

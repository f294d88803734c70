import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount, createMetrics, createSandbox, createServer, openAuditLog } from 'freshsales-graphql';
import { afterEach, describe, expect, test } from 'vitest';
import { createConnect } from '../examples/embed/connect.ts';
import { serveWithExpress } from '../examples/embed/express.ts';
import { serveWithFastify } from '../examples/embed/fastify.ts';
import { serveWithHono } from '../examples/embed/hono.ts';
import { routeHandlers } from '../examples/embed/next-route.ts';
import { serveWithNode } from '../examples/embed/node-http.ts';
import { openTestServer } from '../examples/embed/test-server.ts';
import { createWorker } from '../examples/embed/worker.ts';

const sandbox = createSandbox({
  seed: ({ put }) => void put('Contact', { id: '1', first_name: 'Ada', last_name: null }),
});
const account = createAccount({ url: sandbox.url, fetch: sandbox.fetch, apiKey: 'any' });
const connect = ({ headers }: Request) => (headers.get('cookie') === 'session=ada' ? account : undefined);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** Listens on a free port, and sends requests there. */
async function listen(server: Server): Promise<Send> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return sendTo((server.address() as AddressInfo).port);
}

const sendTo =
  (port: number): Send =>
  (path, init) =>
    fetch(`http://127.0.0.1:${port}${path}`, init);

const inProcess =
  (handle: (request: Request) => Response | Promise<Response>): Send =>
  async (path, init) =>
    handle(new Request(`https://app.example${path}`, init));

async function listenWithFastify(): Promise<Send> {
  const app = serveWithFastify(connect);
  await app.listen({ port: 0, host: '127.0.0.1' });
  closers.push(() => {
    app.server.closeAllConnections();
    return app.close();
  });
  return sendTo((app.server.address() as AddressInfo).port);
}

async function listenWithExpress(options: { parseBodies: boolean }): Promise<Send> {
  return listen(createHttpServer(serveWithExpress(connect, options)));
}

/** The handler of the method, as Next.js calls it. */
const sendToRoute: Send = async (path, init) => {
  const handlers = routeHandlers(connect);
  const request = new Request(`https://app.example${path}`, init);
  const { [request.method as 'GET']: handler } = handlers;
  return handler ? handler(request) : new Response(null, { status: 405 });
};

const hosts: Record<string, readonly [prefix: string, open: () => Promise<Send>]> = {
  'node:http': ['', () => listen(serveWithNode(connect))],
  Express: ['/crm', () => listenWithExpress({ parseBodies: false })],
  'Express with a body parser': ['/crm', () => listenWithExpress({ parseBodies: true })],
  Fastify: ['/crm', listenWithFastify],
  Hono: ['/crm', async () => inProcess((request) => serveWithHono(connect).fetch(request))],
  'a Next.js route': ['/api/crm', async () => sendToRoute],
  'a worker': ['', async () => inProcess(createWorker(connect).fetch)],
};

const post = (query: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', cookie: 'session=ada', ...headers },
  body: JSON.stringify({ query }),
});

const NAMES = '{ contacts { nodes { firstName } } }';
const names = { data: { contacts: { nodes: [{ firstName: 'Ada' }] } } };

describe.each(Object.entries(hosts))('in %s', (_name, [prefix, open]) => {
  test('answers operations', async () => {
    const send = await open();
    const response = await send(`${prefix}/graphql`, post(NAMES));
    expect(await response.json()).toMatchObject(names);
    const query = `${prefix}/graphql?query=${encodeURIComponent(NAMES)}`;
    const headers = { cookie: 'session=ada', accept: 'application/json' };
    expect(await (await send(query, { headers })).json()).toMatchObject(names);
    expect((await send(`${prefix}/health/live`)).status).toBe(200);
  });

  test('applies the same checks', async () => {
    const send = await open();
    const sent = sandbox.requests.length;
    const status = async (path: string, init: RequestInit) => (await send(path, init)).status;
    const path = `${prefix}/graphql`;
    expect(await status(path, post(NAMES, { cookie: 'session=other' }))).toBe(401);
    expect(await status(path, post(NAMES, { origin: 'https://evil.example' }))).toBe(403);
    expect(await status(path, post(NAMES, { 'content-type': 'text/plain' }))).toBe(415);
    expect(await status(path, post(`{ a }${' '.repeat(1_000_001)}`))).toBe(413);
    expect(await status(`${prefix}/x/graphql`, post(NAMES))).toBe(404);
    expect(sandbox.requests.length).toBe(sent);
  });
});

test('serves the other routes of an application beside it', async () => {
  const text = async (send: Send) => (await send('/')).text();
  expect(await text(await listenWithExpress({ parseBodies: true }))).toBe('The application');
  expect(await text(await listenWithFastify())).toBe('The application');
});

describe('your own sign-in', () => {
  const tenants = new Map([
    ['one', createSandbox({ seed: ({ put }) => void put('Contact', { first_name: 'One', last_name: null }) })],
    ['two', createSandbox({ seed: ({ put }) => void put('Contact', { first_name: 'Two', last_name: null }) })],
  ]);
  const urls = new Map<string, string>();

  test('finds the account of each tenant, and refuses whom it does not know', async () => {
    for (const [name, tenant] of tenants) {
      const { url, close } = await tenant.listen();
      urls.set(name, url);
      closers.push(close);
    }
    const connectTenants = createConnect({
      sessionOf: async ({ headers }) => {
        const [tenant, state] = (headers.get('x-session') ?? '').split(' ');
        return tenant ? { tenant, isBlocked: state === 'blocked' } : undefined;
      },
      find: async (name) => ({ url: urls.get(name) ?? '', apiKey: `key-${name}` }),
    });
    const send = await listen(serveWithNode(connectTenants));
    const ask = (session: string) => send('/graphql', post(NAMES, { 'x-session': session }));
    const first = async (session: string) => (await ask(session)).json();
    expect(await first('one')).toMatchObject({ data: { contacts: { nodes: [{ firstName: 'One' }] } } });
    expect(await first('two')).toMatchObject({ data: { contacts: { nodes: [{ firstName: 'Two' }] } } });
    expect(await first('')).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    const blocked = await ask('one blocked');
    expect(blocked.status).toBe(403);
    expect(await blocked.json()).toMatchObject({ errors: [{ message: 'Your subscription has ended.' }] });
  });
});

describe('an account', () => {
  test('has one quota, and a cache for each key', async () => {
    const own = createSandbox();
    const shared = createAccount({ url: own.url, fetch: own.fetch, apiKey: 'one' });
    const server = createServer({ connect: ({ headers }) => shared.withKey(headers.get('x-key') ?? '') });
    const ask = async (key: string) => {
      const query = '{ contacts(first: 1) { totalCount } rateLimit { remaining } }';
      await server.fetch('http://localhost/graphql', post(query, { 'x-key': key }));
      return own.requests.length;
    };
    expect([await ask('one'), await ask('one'), await ask('two')]).toEqual([2, 2, 4]);
  });

  test.each([
    ['a domain that is none', { domain: 'not a domain', apiKey: 'any' }, /domain/],
    ['a domain and a URL', { domain: 'a.myfreshworks.com', url: 'https://a.example', apiKey: 'any' }, /either/],
    ['neither', { apiKey: 'any' }, /either/],
    ['a URL that is not encrypted', { url: 'http://crm.example/api', apiKey: 'any' }, /https/],
    ['an empty key', { domain: 'a.myfreshworks.com', apiKey: '' }, /apiKey/],
    ['a time zone that is none', { domain: 'a.myfreshworks.com', apiKey: 'any', timeZone: 'Mars' }, /timeZone/],
    ['a limit of zero', { domain: 'a.myfreshworks.com', apiKey: 'any', hourlyLimit: 0 }, /hourlyLimit/],
  ])('is refused with %s', (_what, options, message) => {
    expect(() => createAccount(options)).toThrow(message);
  });

  test.each([
    ['widgetz.myfreshworks.com', 'https://widgetz.myfreshworks.com/crm/sales/api/contacts/filters'],
    ['https://Widgetz.freshsales.io/', 'https://widgetz.freshsales.io/api/contacts/filters'],
  ])('with the domain %s is found at %s', async (domain, url) => {
    const asked: string[] = [];
    const remote = createAccount({
      domain,
      apiKey: 'any',
      fetch: async (input) => {
        asked.push(input instanceof Request ? input.url : String(input));
        return Response.json({ filters: [] });
      },
    });
    await createServer({ connect: () => remote }).fetch('http://localhost/graphql', post(NAMES));
    expect(asked[0]).toBe(url);
  });

  test('is what connect must return', async () => {
    const reported: unknown[] = [];
    const server = createServer({
      connect: () => ({ name: 'none', withKey: () => account }),
      report: (_id, error) => reported.push(error),
    });
    const response = await server.fetch('http://localhost/graphql', post(NAMES));
    expect(response.status).toBe(500);
    expect(reported).toEqual([expect.objectContaining({ message: expect.stringContaining('createAccount') })]);
  });
});

test('metrics count for each account, behind a token', async () => {
  const metrics = createMetrics();
  const names = ['one', 'two'] as const;
  const [one, two] = names.map((name) =>
    createAccount({ ...{ name, metrics }, url: sandbox.url, fetch: sandbox.fetch, apiKey: 'any' }),
  );
  const server = createServer({
    ...{ metrics, metricsToken: 'scrape-me' },
    connect: ({ headers }) => (headers.get('x-tenant') === 'one' ? one : two),
  });
  await server.fetch('http://localhost/graphql', post(NAMES, { 'x-tenant': 'one' }));
  const scrape = (token: string) =>
    server.fetch('http://localhost/metrics', { headers: { authorization: `Bearer ${token}` } });
  expect((await scrape('other')).status).toBe(401);
  const text = await (await scrape('scrape-me')).text();
  expect(text).toMatch(/operations_total\{.*code="OK",caller="none",account="one"\} 1/);
  expect(text).toMatch(/freshsales_calls_total\{account="one",.*status="200"\} 1/);
  expect(text).toContain('quota_remaining{account="two",window="hour"} 1000');
  expect(text).not.toMatch(/freshsales_calls_total\{account="two"/);
  const other = { contentType: '', text: async () => '' };
  expect(() => createServer({ connect: () => one, metrics: other })).toThrow(/createMetrics/);
});

test('an audit log of the application has each operation, with its account', async () => {
  const named = createAccount({ name: 'widgetz', url: sandbox.url, fetch: sandbox.fetch, apiKey: 'any' });
  const events: object[] = [];
  const audit = { write: (event: object) => void events.push(event), ready: () => true };
  const server = createServer({ connect: ({ headers }) => (headers.has('x-user') ? named : undefined), audit });
  await server.fetch('http://localhost/graphql', post(NAMES, { 'x-user': 'ada' }));
  await server.fetch('http://localhost/graphql', post(NAMES));
  expect(events).toEqual([
    expect.objectContaining({ account: 'widgetz', operation: 'query', decision: 'allowed', calls: 2 }),
    expect.objectContaining({ caller: null, decision: 'denied', codes: ['UNAUTHENTICATED'] }),
  ]);
});

test('an audit log in files has a line for each operation', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  const audit = await openAuditLog({ path: join(folder, 'audit.log'), keep: 2 });
  closers.push(() => audit.close());
  const server = createServer({ connect: () => account, audit });
  await server.fetch('http://localhost/graphql', post(NAMES));
  const [file = ''] = readdirSync(folder);
  const line = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  expect(line).toMatchObject({ v: 1, operation: 'query', sentence: expect.stringContaining('read 1 contact') });
});

test('a test server answers from a made-up account', async () => {
  const { server, sandbox: made } = openTestServer();
  made.failNext('/contacts/view', { status: 500 });
  const ask = async () => (await server.fetch('http://localhost/graphql', post(NAMES))).json();
  expect(await ask()).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_ERROR' } }] });
  expect(await ask()).toMatchObject({ data: { contacts: { nodes: [{ firstName: 'Ada' }] } } });
  expect(made.get('Contact', '1')).toMatchObject({ last_name: 'Lovelace' });
  expect(() => made.rows('Cat')).toThrow(/no type “Cat”/);
});

test('createServer without connect is refused at once', () => {
  const options = {} as unknown as Parameters<typeof createServer>[0];
  expect(() => createServer(options)).toThrow(
    'connect is missing. Provide a function that returns the account of a request.',
  );
});

import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createServer } from '../../src/server/create-server.ts';
import { openWorld } from '../world.ts';

const nested = (depth: number) =>
  `{ deals ${'{ nodes { contacts '.repeat(depth)}{ totalCount }${' } }'.repeat(depth)} }`;
const list = (depth: number, inner: string) => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) => ({
  method: 'POST',
  headers,
  body,
});
const json = (query: string, variables = {}) => post(JSON.stringify({ query, variables }));

const hostile = {
  'a hundred levels': nested(40),
  'a thousand aliases': `{ ${Array.from({ length: 1000 }, (_, index) => `a${index}: rateLimit { limit }`).join(' ')} }`,
  'a thousand directives': `{ rateLimit ${'@include(if: true) '.repeat(1000)}{ limit } }`,
  'a hundred thousand tokens': `{ rateLimit { ${'limit '.repeat(100_000)} } }`,
  'a deep list of values': `{ nodes(ids: ${list(2000, '"1"')}) { id } }`,
  'five lists in one another': `{ nodes(ids: ${list(5, '"1"')}) { id } }`,
  'a deep object': `{ filterDeals(where: ${'{a: '.repeat(1000)}1${'}'.repeat(1000)}) { totalCount } }`,
  'fragments in a ring': '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
  'fragments that multiply': `{ ...F0 } ${Array.from({ length: 30 }, (_, index) => `fragment F${index} on Query { ${`...F${index + 1} `.repeat(3)}}`).join(' ')} fragment F30 on Query { rateLimit { limit } }`,
  'fragments that multiply through relations': `{ contacts(first: 1) { nodes { ...F0 } } } ${Array.from({ length: 14 }, (_, index) => `fragment F${index} on Contact { a${index}: owner { id } ... on Node { ...F${index + 1} } ...F${index + 1} }`).join(' ')} fragment F14 on Contact { id }`,
  'an unclosed document': '{'.repeat(4000),
  nothing: '',
};

describe('refuses hostile documents quickly and without calls', () => {
  test.each(Object.entries(hostile))('%s', async (_name, query) => {
    const { fetch, sandbox } = openWorld();
    const response = await fetch('http://127.0.0.1/graphql', json(query));
    const { errors } = await response.json();
    expect(['BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']).toContain(
      errors[0].extensions.code,
    );
    expect(sandbox.requests).toEqual([]);
    expect((await fetch('http://127.0.0.1/graphql', json('{ rateLimit { limit } }'))).status).toBe(200);
  });

  test('a large body', async () => {
    const { fetch } = openWorld();
    const response = await fetch(
      'http://127.0.0.1/graphql',
      json('{ rateLimit { limit } }', { pad: 'x'.repeat(1_100_000) }),
    );
    expect(response.status).toBe(413);
    expect((await response.json()).errors[0].message).toContain('MAX_BODY_BYTES');
  });

  test('a large body without Content-Length', async () => {
    const { yoga } = openWorld();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(65_536))),
    });
    const request = { ...post(''), body, duplex: 'half' };
    expect((await yoga.fetch(new Request('http://127.0.0.1/graphql', request as RequestInit))).status).toBe(413);
  });
});

test.each([
  ['a form', post('query={rateLimit{limit}}', { 'content-type': 'application/x-www-form-urlencoded' }), 415],
  ['plain text', post('{"query":"{rateLimit{limit}}"}', { 'content-type': 'text/plain' }), 415],
  ['multipart', post('--x--', { 'content-type': 'multipart/form-data; boundary=x' }), 415],
  ['no content type', { method: 'POST', body: new Uint8Array([123, 125]) }, 415],
  ['a list of operations', post('[{"query":"{rateLimit{limit}}"}]'), 400],
  ['no JSON', post('{'), 400],
  [
    'another host',
    { ...json('{ rateLimit { limit } }'), headers: { 'content-type': 'application/json', host: 'evil.example' } },
    403,
  ],
  [
    'a page of another origin',
    {
      ...json('{ rateLimit { limit } }'),
      headers: { 'content-type': 'application/json', origin: 'http://evil.example' },
    },
    403,
  ],
  ['a page without an origin', { headers: { origin: 'null' } }, 403],
  ['a page of another site', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } }, 403],
])('%s is refused', async (_name, init, status) => {
  const { fetch, sandbox } = openWorld();
  const response = await fetch('http://127.0.0.1/graphql?query={rateLimit{limit}}', init);
  expect(response.status).toBe(status);
  expect((await response.json()).errors[0].message).toMatch(/\w/);
  expect(sandbox.requests).toEqual([]);
});

test('refuses variables in the URL that are not JSON', async () => {
  const { fetch } = openWorld();
  const response = await fetch('http://127.0.0.1/graphql?query={__typename}&variables=x');
  expect(response.status).toBe(400);
  expect((await response.json()).errors[0].message).toContain('is not valid JSON');
});

test('serves allowed origins, including preflights', async () => {
  const { account } = openWorld();
  const yoga = createServer({ connect: () => account, origins: ['https://crm.example'] });
  const headers = { origin: 'https://crm.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' };
  const preflight = await yoga.fetch('http://127.0.0.1/graphql', {
    method: 'OPTIONS',
    headers: { ...headers, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe('https://crm.example');
  const init = json('{ rateLimit { limit } }');
  const answer = await yoga.fetch('http://127.0.0.1/graphql', { ...init, headers: { ...init.headers, ...headers } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://crm.example');
  const other = await yoga.fetch('http://127.0.0.1/graphql', {
    ...init,
    headers: { ...init.headers, origin: 'https://other.example' },
  });
  expect(other.status).toBe(403);
});

test('accepts real queries: ten levels, and GraphiQL’s introspection', async () => {
  const { ask } = openWorld();
  const deep = `{ salesAccounts(first: 1) { edges { node { deals(first: 1) { edges { node { contacts(first: 1) { edges { node {
    primarySalesAccount { owner { displayName } } } } } } } } } } } }`;
  for (const query of [deep, getIntrospectionQuery()]) expect((await ask(query)).errors).toBeUndefined();
});

describe('in production', () => {
  const { account } = openWorld();
  const yoga = createServer({ connect: () => account, production: true });
  const fetch = async (query: string) => (await yoga.fetch('http://127.0.0.1/graphql', json(query))).json();

  test('the schema is hidden', async () => {
    expect((await fetch('{ __schema { types { name } } }')).errors[0].message).toMatch(/introspection/i);
    expect((await fetch('{ contcts { totalCount } }')).errors[0].message).not.toMatch(/did you mean/i);
  });

  test('there is no GraphiQL', async () => {
    const response = await yoga.fetch('http://127.0.0.1/graphql', { headers: { accept: 'text/html' } });
    expect(await response.text()).not.toContain('<html');
  });
});

test.each(['APPLICATION/JSON', 'Application/Json; charset=UTF-8', 'application/json ; charset=utf-8'])(
  'accepts the media type in any case: %s',
  async (contentType) => {
    const { fetch } = openWorld();
    const body = '{"query":"{ rateLimit { limit } }"}';
    const send = (text: string) => fetch('http://127.0.0.1/graphql', post(text, { 'content-type': contentType }));
    const response = await send(body);
    expect(response.status).toBe(200);
    expect((await response.json()).data).toEqual({ rateLimit: { limit: expect.any(Number) } });
    expect((await send(body + ' '.repeat(1_100_000))).status).toBe(413);
    expect((await (await send('')).json()).errors[0].message).toMatch(/JSON/);
  },
);

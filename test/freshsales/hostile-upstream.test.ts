import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { API_KEY, answer, endless, json, type Misbehaviour, openHostile } from './hostile-server.ts';

const READ = '{ contact(id: 1) { databaseId firstName customFields } }';
const POST = 'mutation { createContact(input: { lastName: "A" }) { contact { databaseId } userErrors { message } } }';
const PUT = 'mutation { updateContact(id: 1, input: { lastName: "A" }) { contact { databaseId } } }';
const BULK =
  'mutation { bulkUpsertContacts(input: [{ email: "a@b.example", data: { lastName: "A" } }]) { rows { status } interruption { message } } }';

const LIMIT = 1_000_000;

/** A gzip stream that unpacks to far more than its own size. */
const bomb = gzipSync(Buffer.alloc(100_000_000, 'a'));

const deep = (depth: number, open = '[', close = ']') => `${open.repeat(depth)}${close.repeat(depth)}`;

describe('a response that is too large', () => {
  test.each([
    ['a read', READ, 200],
    ['a read that fails', READ, 500],
    ['a create', POST, 201],
    ['an update', PUT, 200],
  ])('to %s is not read to its end, and the connection is closed', async (_what, query, status) => {
    const { send, sent } = endless(status);
    const { ask, requests, closed } = await openHostile(send, { maxResponseBytes: LIMIT, timeoutMs: 20_000 });
    const { errors } = await ask(query);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/larger than 1000000 bytes.*FRESHSALES_MAX_RESPONSE_BYTES/),
        extensions: expect.objectContaining({ code: 'UPSTREAM_ERROR', ...(query !== READ && { outcome: 'UNKNOWN' }) }),
      }),
    ]);
    await expect.poll(closed).toBe(1);
    expect(requests).toHaveLength(1);
    // What lies in the buffers of both sockets comes on top.
    expect(sent()).toBeLessThan(LIMIT + 16_000_000);
  });

  test('to a bulk write leaves its rows in doubt', async () => {
    const { ask, requests, closed } = await openHostile(endless().send, { maxResponseBytes: LIMIT });
    const { data } = await ask(BULK);
    expect(data).toMatchObject({ bulkUpsertContacts: { rows: [{ status: 'UNKNOWN' }] } });
    expect(JSON.stringify(data)).toMatch(/larger than 1000000 bytes/);
    await expect.poll(closed).toBe(1);
    expect(requests).toHaveLength(1);
  });

  test('is measured after decompression', async () => {
    expect(bomb.length).toBeLessThan(100_000);
    const { ask, closed } = await openHostile(json(bomb, { 'content-encoding': 'gzip' }), { maxResponseBytes: LIMIT });
    expect((await ask(READ)).errors?.[0]?.message).toMatch(/larger than 1000000 bytes/);
    await expect.poll(closed).toBe(1);
  });

  test('is measured however often it is compressed', async () => {
    const twice = gzipSync(bomb);
    const upstream = json(twice, { 'content-encoding': 'gzip, gzip' });
    const { ask } = await openHostile(upstream, { maxResponseBytes: LIMIT });
    expect((await ask(READ)).errors?.[0]?.message).toMatch(/larger than 1000000 bytes/);
  });

  test('of just the limit is read', async () => {
    const body = '{"contact":{"id":1,"first_name":"Ada"}}';
    const { ask } = await openHostile(json(body), { maxResponseBytes: body.length });
    expect((await ask(READ)).data).toMatchObject({ contact: { firstName: 'Ada' } });
    const { ask: askOne } = await openHostile(json(body), { maxResponseBytes: body.length - 1 });
    expect((await askOne(READ)).errors?.[0]?.message).toMatch(/larger than/);
  });

  test('says that nothing more than 32 MB is read unless it is configured', async () => {
    const { send } = endless();
    const { ask } = await openHostile(send);
    expect((await ask(READ)).errors?.[0]?.message).toMatch(/larger than 32000000 bytes/);
  });
});

describe('a response that does not end', () => {
  const drip: Misbehaviour = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  };

  test.each([
    ['whose body drips', drip],
    ['whose body stops', ((_request, response) => void response.writeHead(200).write('{"contact":')) as Misbehaviour],
    ['without headers', (() => undefined) as Misbehaviour],
  ])('%s is given up at the timeout', async (_what, misbehave) => {
    const { ask, closed } = await openHostile(misbehave, { timeoutMs: 300 });
    expect((await ask(READ)).errors?.[0]?.extensions.code).toBe('UPSTREAM_TIMEOUT');
    await expect.poll(closed).toBe(1);
  });
});

describe('a redirect', () => {
  const statuses = [301, 302, 303, 307, 308];

  test.each(statuses)('with %i to another host is not followed, and the error names only the host', async (status) => {
    const other = await openHostile(json('{"contact":{"id":1}}'));
    const location = `${other.baseURL}/secret-path?session=secret#part`;
    for (const [query, outcome] of [
      [READ, undefined],
      [POST, 'NOT_DONE'],
      [PUT, 'NOT_DONE'],
    ] as const) {
      const { ask, requests } = await openHostile(answer(status, { location }));
      const { errors } = await ask(query);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.message).toContain(`to 127.0.0.1:${other.port} (HTTP ${status})`);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_ERROR', ...(outcome && { outcome }) });
      expect(JSON.stringify(errors)).not.toMatch(/secret|crm\/sales/);
      expect(requests).toHaveLength(1);
    }
    expect(other.requests).toEqual([]);
  });

  test.each(statuses)('with %i to the same host is not followed either', async (status) => {
    const { ask, requests, port } = await openHostile(answer(status, { location: '/crm/sales/api/elsewhere' }));
    expect((await ask(READ)).errors?.[0]?.message).toContain(`to 127.0.0.1:${port} (HTTP ${status})`);
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['without a target', undefined],
    ['to nonsense', 'http://[::1'],
    ['to another scheme', 'javascript:alert(1)'],
    ['with a user and a password', 'https://user:secret@login.example/x'],
  ])('%s is an error without more than a host', async (_what, location) => {
    const { ask } = await openHostile(answer(302, location === undefined ? {} : { location }));
    const message = (await ask(READ)).errors?.[0]?.message;
    expect(message).toMatch(/^Freshsales redirected the request( to login\.example)? \(HTTP 302\)\./);
  });

  test('with a body without end closes the connection', async () => {
    const { send, sent } = endless(302);
    const { ask, closed } = await openHostile(send);
    expect((await ask(READ)).errors?.[0]?.message).toMatch(/HTTP 302/);
    await expect.poll(closed).toBe(1);
    expect(sent()).toBeLessThan(16_000_000);
  });
});

describe('a response that is broken', () => {
  const contact = '{"contact":{"id":1,"first_name":"Ada"}}';
  const manyHeaders = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x-header-${index}`, 'value']));
  const abrupt: Misbehaviour = (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"contact":');
    setTimeout(() => response.destroy(), 20);
  };

  test.each([
    [
      'a login page',
      answer(200, { 'content-type': 'text/html' }, '<!doctype html><p>Sign in'),
      /a page instead of JSON/,
    ],
    ['an error page', answer(500, { 'content-type': 'text/html' }, '<h1>Oops'), /HTTP 500/],
    ['an empty body', json(''), /./],
    ['204', answer(204, {}), /./],
    ['205', answer(205, {}), /./],
    ['gzip cut off', json(gzipSync(contact).subarray(0, 30), { 'content-encoding': 'gzip' }), /./],
    ['gzip that is none', json(contact, { 'content-encoding': 'gzip' }), /closed the connection during its response/],
    ['an unknown encoding', json(Buffer.from([1, 2, 3]), { 'content-encoding': 'parrot' }), /not JSON/],
    ['thousands of headers', json(contact, manyHeaders), /could not be reached/],
    ['a connection that breaks', abrupt, /closed the connection during its response/],
    ['deep lists', json(`{"contact":{"id":1,"custom_field":${deep(100_000)}}}`), /nested too deeply/],
    ['deep objects', json(`{"contact":{"id":1,"x":${deep(50_000, '{"a":', '}').replace('{"a":}', '{}')}}}`), /nested/],
    ['deep numbers', json(`{"contact":{"id":1234567890123456789,"x":${deep(50_000)}}}`), /nested too deeply/],
    ['a deep error', answer(400, {}, `{"errors":${deep(100_000)}}`), /./],
    ['a deep server error', answer(500, {}, `{"errors":${deep(100_000)}}`), /HTTP 500/],
    ['a list', json('[]'), /envelope/],
    ['a number', json('1'), /envelope/],
    ['a prototype', json('{"__proto__":{"contact":{"id":1,"first_name":"Ada"}}}'), /without “contact”/],
  ])('as %s is one UPSTREAM_ERROR', async (_what, misbehave, message) => {
    const { ask, baseURL } = await openHostile(misbehave, { timeoutMs: 5000 });
    const { data, errors } = await ask(READ);
    expect(data).toEqual({ contact: null });
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(message),
        extensions: expect.objectContaining({ code: expect.stringMatching(/UPSTREAM_ERROR|BAD_USER_INPUT/) }),
      }),
    ]);
    const text = JSON.stringify(errors);
    for (const secret of [API_KEY, baseURL, '127.0.0.1', '<', 'Sign in']) expect(text).not.toContain(secret);
  });
});

describe('a response that is odd', () => {
  test.each([
    ['begins with a byte order mark', '\uFEFF{"contact":{"id":1,"first_name":"Ada"}}'],
    ['has a key twice', '{"contact":{"id":1,"first_name":"Bob","first_name":"Ada"}}'],
    [
      'has a key twice and a long number',
      '{"contact":{"id":1,"x":12345678901234567890,"first_name":"B","first_name":"Ada"}}',
    ],
    ['has a prototype', '{"contact":{"id":1,"__proto__":{"first_name":"Eve"},"first_name":"Ada"}}'],
    ['nests as far as Freshsales may', `{"contact":{"id":1,"first_name":"Ada","x":${deep(90)}}}`],
    [
      'has brackets in a string',
      `{"contact":{"id":1,"first_name":"Ada","x":"${'['.repeat(500)}\\\\\\"${'{'.repeat(500)}"}}`,
    ],
  ])('and %s is read', async (_what, body) => {
    const { ask } = await openHostile(json(body));
    expect((await ask(READ)).data).toMatchObject({ contact: { firstName: 'Ada' } });
  });

  test.each([
    ['plain', '"__proto__"'],
    ['escaped', '"\\u005f_proto_\\u005F"'],
    ['beside a long number', '"n":12345678901234567890,"__proto__"'],
  ])('never takes columns from a prototype, %s', async (_what, key) => {
    const hostile = `${key}:{"first_name":"Eve","polluted":true}`;
    const body = `{"contact":{"id":1,${hostile},"custom_field":{"cf_a":1,${hostile.replace('"n":12345678901234567890,', '')}}},${key}:{"polluted":true}}`;
    const { ask } = await openHostile(json(body));
    const { data } = await ask(READ);
    expect(JSON.stringify(data)).not.toMatch(/Eve|polluted|proto/);
    expect(data).toMatchObject({ contact: { databaseId: '1', customFields: { cf_a: 1 } } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('is parsed in linear time where it is one long number', async () => {
    const digits = `1.${'0'.repeat(300_000)}1`;
    const { ask } = await openHostile(json(`{"contact":{"id":1,"first_name":"Ada","x":${digits},"y":${digits}}}`));
    expect((await ask(READ)).data).toMatchObject({ contact: { firstName: 'Ada' } });
  });
});

describe('an error that Freshsales puts into words', () => {
  test('is passed on without the key and the URL that it quotes, and shortened', async () => {
    const { ask } = await openHostile((request, response) => {
      const quoted = `${request.headers.authorization} at http://${request.headers.host}/crm/sales/api/contacts`;
      const message = [quoted, 'x'.repeat(100_000), ...Array.from({ length: 500 }, (_, index) => `No. ${index}`)];
      response.writeHead(400).end(JSON.stringify({ errors: { code: 400, message } }));
    });
    const text = JSON.stringify(await ask(POST));
    expect(text).toContain('Token token=… at …/contacts');
    expect(text).not.toContain(API_KEY);
    expect(text.length).toBeLessThan(20_000);
  });
});

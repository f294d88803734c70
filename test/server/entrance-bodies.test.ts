import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { byToken, type Connect } from '../../src/server/authenticate.ts';
import { passThrough } from '../world.ts';
import { LEAK, listen, statusOf } from './raw.ts';

const ROUTES = ['/graphql', '/mcp'];
const LIMIT = 10_000;
const SECRET = 'ada@secret.example';

const head = (path: string, headers: Record<string, string | number>) =>
  `${[`POST ${path} HTTP/1.1`, ...Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;

const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const closing = { ...JSON_TYPE, connection: 'close' };
const whole = (path: string, body: string | Buffer, headers: Record<string, string | number> = closing) =>
  Buffer.concat([
    Buffer.from(head(path, { 'content-length': Buffer.byteLength(body), ...headers })),
    Buffer.from(body),
  ]);

const bodyOf = (answer: string): unknown =>
  JSON.parse(answer.slice(answer.indexOf('{', answer.indexOf('\r\n\r\n')), answer.lastIndexOf('}') + 1));

/** A refusal in the form of its route. */
function expectRefusal(path: string, answer: string, status: number): void {
  expect(statusOf(answer)).toBe(status);
  const error = { message: expect.stringMatching(/\w/) };
  if (path === '/mcp')
    expect(bodyOf(answer)).toEqual({ jsonrpc: '2.0', id: null, error: { code: expect.any(Number), ...error } });
  else expect(bodyOf(answer)).toEqual({ errors: [{ ...error, extensions: { code: expect.any(String) } }] });
  expect(answer).not.toMatch(LEAK);
  expect(answer).not.toContain(SECRET);
}

const strangers: Record<string, Connect> = {
  callers: byToken({
    callers: { find: () => undefined },
    accountNamed: () => {
      throw new Error('Nobody has a token');
    },
  }),
  'pass-through': passThrough(() => {
    throw new Error('Nobody has a key');
  }),
};

describe.each(ROUTES)('%s', (path) => {
  test.each(Object.entries(strangers))(
    'refuses missing credentials before reading the body: %s',
    async (_auth, connect) => {
      const { send } = await listen({ connect });
      for (const headers of [
        { ...JSON_TYPE, 'content-length': 180_000_000 },
        { ...JSON_TYPE, 'transfer-encoding': 'chunked' },
        { ...JSON_TYPE, 'content-length': 1000, authorization: 'Bearer fsg_wrong' },
        { 'content-type': 'text/plain', 'content-length': 1000 },
      ]) {
        const answer = await send(head(path, headers));
        expectRefusal(path, answer, 401);
        expect(answer).toMatch(/^www-authenticate: Bearer\r$/im);
      }
    },
  );

  test('refuses a body by its Content-Length before it arrives', async () => {
    const { send } = await listen({ limits: { maxBodyBytes: LIMIT } });
    expectRefusal(path, await send(head(path, { ...JSON_TYPE, 'content-length': LIMIT + 1 })), 413);
  });

  test('refuses a chunked body as soon as it is too large', async () => {
    const { send } = await listen({ limits: { maxBodyBytes: LIMIT } });
    const chunk = `1000\r\n${' '.repeat(4096)}\r\n`;
    const answer = await send(head(path, { ...JSON_TYPE, 'transfer-encoding': 'chunked' }) + chunk.repeat(3));
    expectRefusal(path, answer, 413);
  });

  test.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['GraphQL as text', { 'content-type': 'application/graphql' }, 415],
    ['a part of the name', { 'content-type': 'application/jsonx' }, 415],
    ['two types', { 'content-type': 'text/plain, application/json' }, 415],
    ['no type', { 'content-type': '' }, 415],
    ['compression', { 'content-encoding': 'gzip' }, 415],
    ['unknown compression', { 'content-encoding': 'x' }, 415],
  ])('refuses %s', async (_what, headers, status) => {
    const { send, sandbox } = await listen();
    expectRefusal(path, await send(whole(path, gzipSync('{}'), { ...closing, ...headers })), status);
    expect(sandbox.requests).toEqual([]);
  });

  const nested = (depth: number, [open, close] = ['[', ']']) => `${open?.repeat(depth)}1${close?.repeat(depth)}`;

  test.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['half an object', `{"query":"${SECRET}`],
    ['a word', SECRET],
    ['a second object', `{"query":"{a}"}${SECRET}`],
    ['a lone bracket', '['],
    ['a list', `[{"query":"${SECRET}"}]`],
    ['a text', `"${SECRET}"`],
    ['a number', '5'],
    ['null', 'null'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['lists in each other', `{"variables":{"a":${nested(4000)}}}`],
    ['objects in each other', `{"variables":{"a":${nested(4000, ['{"a":', '}'])}}}`],
    ['lists in each other, as extensions', `{"query":"{__typename}","extensions":{"a":${nested(400_000)}}}`],
    ['lists in each other, of which none is closed', '['.repeat(900_000)],
    ['a key that changes a prototype', `{"query":"{__typename}","variables":{"__proto__":{"a":"${SECRET}"}}}`],
    ['such a key, further down', '{"variables":{"a":[{"customFields":{"__proto__":{"cf_a":1}}}]}}'],
    ['such a key, in another spelling', '{"variables":{"\\u005f_proto__":1}}'],
    ['such a key, on top', '{"__proto__":{"query":"{__typename}"}}'],
  ])('refuses a body of %s, and does not repeat it', async (_what, body) => {
    const { send, sandbox, reported } = await listen();
    expectRefusal(path, await send(whole(path, body)), 400);
    expect(sandbox.requests).toEqual([]);
    expect(reported).toEqual([]);
  });

  test('reports an exception and returns only its id', async () => {
    const connect = () => {
      throw new Error(`${SECRET} at /home/server`);
    };
    const { send, reported } = await listen({ connect });
    const answer = await send(whole(path, '{}'));
    expect(statusOf(answer)).toBe(500);
    expect(answer).toMatch(/"errorId":"[\w-]{36}"/);
    expect(answer).not.toContain(SECRET);
    expect(reported).toHaveLength(1);
  });

  test('keeps serving after clients disconnect', async () => {
    const { send, reported } = await listen();
    for (const bytes of [head(path, { ...JSON_TYPE, 'content-length': 500 }), `POST ${path} HTTP/1.1\r\nhost: lo`])
      for (const rest of ['', '{"query":"']) await send(bytes + rest, 50);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(reported).toEqual([]);
    expect(statusOf(await send(whole(path, '[]')))).toBe(400);
  });
});

describe('parameters of an operation', () => {
  test.each([
    ['a query that is no text', { query: 1 }],
    ['a query that is a list', { query: [SECRET] }],
    ['an operation name that is no text', { query: '{ __typename }', operationName: { a: SECRET } }],
    ['variables that are text', { query: '{ __typename }', variables: SECRET }],
    ['variables that are a list', { query: '{ __typename }', variables: [SECRET] }],
    ['extensions that are a list', { query: '{ __typename }', extensions: [SECRET] }],
    ['a document id that is no text', { documentId: 1 }],
    ['a parameter that is not known', { query: '{ __typename }', [SECRET]: SECRET }],
  ])('%s', async (_what, body) => {
    const { send } = await listen();
    expectRefusal('/graphql', await send(whole('/graphql', JSON.stringify(body))), 400);
  });

  test.each([
    ['variables', SECRET],
    ['variables', `{"a":"${SECRET}`],
    ['variables', '[1]'],
    ['variables', '{"__proto__":{}}'],
    ['variables', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['extensions', `"${SECRET}"`],
    ['extensions', '{'],
  ])('%s in the URL: %s', async (name, value) => {
    const { send } = await listen();
    const query = new URLSearchParams({ query: '{ __typename }', [name]: value });
    const bytes = `GET /graphql?${query} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
    expectRefusal('/graphql', await send(bytes), 400);
  });
});

test('an endless body takes no memory', { timeout: 30_000 }, async () => {
  const { url } = await listen();
  const chunk = new Uint8Array(1_000_000).fill(32);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      if (sent > 180) controller.close();
      else controller.enqueue(chunk);
    },
  });
  const before = process.memoryUsage().rss;
  const init = { method: 'POST', headers: JSON_TYPE, body, duplex: 'half' };
  const answer = await fetch(`${url}/graphql`, init as RequestInit).catch(() => undefined);
  expect(answer?.status ?? 413).toBe(413);
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

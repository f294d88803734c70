import { describe, expect, test } from 'vitest';
import { call, connect } from '../mcp/listen.ts';
import { listen } from '../server/raw.ts';

const CREATE = 'createContact(input: { firstName: "Fay", email: "fay@acme.example" })';
const header = `mutation { it: ${CREATE} { contact { email } userErrors { code } } }`;
const directive = `mutation ($key: String!) { it: ${CREATE} @idempotent(key: $key) { contact { email } userErrors { code } } }`;

const refused = expect.stringMatching(/1 to 255 printable Latin-1 characters/);

const KEYS: readonly [string, string][] = [
  ['is empty', ''],
  ['is blank', '  '],
  ['is too long', 'k'.repeat(256)],
  ['is far too long', 'k'.repeat(100_000)],
  ['has a line break', 'a\r\nx-injected: 1'],
  ['has a NUL', 'a\0b'],
  ['has a tab', 'a\tb'],
  ['has a DEL', 'a\x7fb'],
  ['has a C1 control', 'a\x9bb'],
  ['has a letter beyond Latin-1', 'kőy'],
  ['has an emoji', '🔑'],
  ['has half a surrogate pair', '\ud83d'],
];

describe('an idempotency key that does not fit a header is refused with BAD_USER_INPUT', () => {
  test.each(KEYS)('as a directive: it %s', async (_what, key) => {
    const { ask, sandbox } = await listen();
    const { errors } = await ask(directive, { key });
    expect(errors).toMatchObject([{ message: refused, extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(sandbox.requests).toEqual([]);
  });

  test.each(KEYS)('as an argument of an MCP tool: it %s', async (_what, idempotencyKey) => {
    const { url, sandbox } = await listen();
    const client = await connect(`${url}/mcp`);
    const { text, isError } = await call(client, 'mutate', { query: header, idempotencyKey });
    expect(isError).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ message: refused, code: 'BAD_USER_INPUT' }] });
    expect(sandbox.requests).toEqual([]);
    await client.close();
  });

  test.each(['', '""', 'k'.repeat(256), 'a\tb', 'a\x9bb'])('as a header: “%s”', async (key) => {
    const { ask, sandbox } = await listen();
    const { errors } = await ask(header, {}, { 'idempotency-key': key });
    expect(errors).toMatchObject([{ message: refused, extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(sandbox.requests).toEqual([]);
  });
});

test.each(['a', 'k'.repeat(255), 'clé ÿ', '{"a":1}', '__proto__'])('accepts “%s” as a key everywhere', async (key) => {
  const { ask, url, sandbox } = await listen();
  const client = await connect(`${url}/mcp`);
  const expected = { it: { contact: { email: 'fay@acme.example' }, userErrors: [] } };
  expect((await ask(header, {}, { 'idempotency-key': key })).data).toEqual(expected);
  const { text } = await call(client, 'mutate', { query: header, idempotencyKey: key });
  expect(JSON.parse(text)).toMatchObject({ data: expected });
  expect(sandbox.requests).toEqual(['POST /contacts']);
  await client.close();
});

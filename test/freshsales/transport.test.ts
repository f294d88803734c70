import { expect, test } from 'vitest';
import { createTransport, withoutTrailingSlashes } from '../../src/freshsales/transport.ts';
import { openWorld } from '../world.ts';

const search = 'query ($text: String!) { search(query: $text) { recordId } }';
const lookup = 'query ($text: String!) { lookup(field: EMAIL, value: $text, types: [CONTACT]) { __typename } }';
const custom =
  'query ($text: String!) { lookup(field: CUSTOM, name: $text, value: "x", types: [CONTACT]) { __typename } }';
const view = 'query ($text: ID!) { contacts(view: $text) { totalCount } }';
const byId = 'query ($text: ID!) { contact(id: $text) { id } }';
const note = 'mutation ($text: ID!) { deleteNote(id: $text) { userErrors { message } } }';
const job = 'query ($text: ID!) { bulkJob(id: $text) { status } }';

const texts: Record<string, string> = {
  'two hundred and fifty-six characters': 'x'.repeat(256),
  'nine hundred kilobytes': 'x'.repeat(900_000),
  'nine hundred thousand digits': '1'.repeat(900_000),
  'a NUL': 'a\u0000b',
  'a line break': 'a\r\nb',
  'an escape': 'a\u001b[2J',
  'half a surrogate pair': 'a\ud800b',
  'the other half': '\udc00',
};

const places = { search, lookup, custom, view, byId, note, job };

const cases = Object.entries(places).flatMap(([place, query]) =>
  Object.entries(texts).map(([what, text]) => [place, what, query, text] as const),
);

test.each(cases)('%s: %s is refused before a call', async (_place, _what, query, text) => {
  const { ask } = openWorld();
  const { data, errors, requests } = await ask(query, { text });
  const problems = (Object.values(data ?? {})[0] as { userErrors?: unknown[] } | null)?.userErrors;
  if (problems) expect(problems).toHaveLength(1);
  else expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
  expect(requests).toEqual([]);
});

test('255 characters of any script are searched', async () => {
  const { ask } = openWorld();
  for (const text of ['x'.repeat(255), '漢'.repeat(255), '😀'.repeat(127)]) {
    const { errors, requests } = await ask(search, { text });
    expect(errors).toBeUndefined();
    expect(requests).toHaveLength(1);
  }
});

test.each([
  ['a query that cannot be encoded', { method: 'GET', path: 'search', query: { q: '\ud800' } }],
  ['a path with a line break', { method: 'GET', path: 'contacts/1\r\n' }],
  ['an address of a hundred kilobytes', { method: 'GET', path: 'search', query: { q: 'x'.repeat(100_000) } }],
  ['an address that grows by encoding', { method: 'DELETE', path: 'x', query: { q: '漢'.repeat(4000), r: 1 } }],
] as const)('the client does not send, or count, %s', async (_what, call) => {
  const counted: unknown[] = [];
  const meter = { allow: () => void counted.push('allow'), spend: () => void counted.push('spend'), answered() {} };
  const fetch = async () => {
    counted.push('fetch');
    return new Response('{}');
  };
  const send = createTransport({ baseURL: 'http://freshsales.invalid/api', apiKey: 'k', fetch });
  await expect(send(call, { meters: [meter] })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(counted).toEqual([]);
});

test('drops any number of trailing slashes', () => {
  expect(withoutTrailingSlashes('https://x.example/api///')).toBe('https://x.example/api');
  expect(withoutTrailingSlashes(`${'/'.repeat(1_000_000)}x`)).toHaveLength(1_000_001);
});

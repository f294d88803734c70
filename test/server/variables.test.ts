import { expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const create =
  'mutation($fields: JSON) { createContact(input: { lastName: "x", customFields: $fields }) { contact { id } userErrors { message } } }';

async function send(query: string, variables: string) {
  const { fetch, sandbox } = openWorld();
  const response = await fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
  });
  const { errors = [] } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { codes: errors.map(({ extensions }) => extensions.code), status: response.status, calls: sandbox.requests };
}

test.each([
  ['nested 4,000 levels deep', create, `{"fields":${nested(4000)}}`],
  ['nested 33 levels deep', create, `{"fields":${nested(33)}}`],
  ['with lists 4,000 levels deep', create, `{"fields":{"a":${'['.repeat(4000)}${']'.repeat(4000)}}}`],
  ['with a prototype', create, '{"fields":{"__proto__":{"isAdmin":true}}}'],
  ['with a prototype further down', create, '{"fields":{"a":[{"__proto__":1}]}}'],
  ['named like the prototype', create, '{"__proto__":{"a":1}}'],
])('refuses variables %s', async (_name, query, variables) => {
  expect(await send(query, variables)).toEqual({ codes: ['BAD_USER_INPUT'], status: 400, calls: [] });
});

test('refuses a large variable that is used often', async () => {
  const ids = JSON.stringify({ ids: Array.from({ length: 50_000 }, () => 'gid://x') });
  const query = `query($ids: [ID!]!) { ${'nodes(ids: $ids) { id } '.repeat(200)} }`;
  expect(await send(query, ids)).toMatchObject({ codes: ['BAD_USER_INPUT'], calls: [] });
});

test.each([
  '{ __proto__: contacts(first: 1) { nodes { id } } }',
  '{ contacts(first: 1) { nodes { id __proto__: owner { displayName } } } }',
  'mutation { createContact(input: { lastName: "x", customFields: { __proto__: { isAdmin: true } } }) { contact { id } } }',
])('refuses the prototype as an alias or a key: %s', async (query) => {
  expect(await send(query, '{}')).toMatchObject({ codes: ['BAD_USER_INPUT'], calls: [] });
});

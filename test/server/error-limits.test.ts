import { describe, expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const post = (query: string, variables: object = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query, variables }),
});

const createNote = 'mutation ($in: CreateNoteInput!) { createNote(input: $in) { note { id } } }';
const large = 'Value "'.repeat(32_000);
const quoted = 'Value \\"'.repeat(28_000);

const hostile: readonly (readonly [name: string, query: string, variables: object])[] = [
  ['an input key that reads like a message', createNote, { in: { [large]: 1 } }],
  [
    'a hundred input keys',
    createNote,
    { in: Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}${large.slice(0, 8000)}`, 1])) },
  ],
  ['a value of the wrong kind', 'query ($n: Int!) { contacts(first: $n) { totalCount } }', { n: large }],
  [
    'an enum value',
    'query ($f: LookupField!) { lookup(field: $f, value: "x", types: [CONTACT]) { __typename } }',
    { f: large },
  ],
  ['a literal', `{ lookup(field: "${quoted}", value: "x", types: [CONTACT]) { __typename } }`, {}],
  ['the name of a field', `{ ${'x'.repeat(224_000)} }`, {}],
  ['the name of a type', `{ node(id: 1) { ... on ${'x'.repeat(224_000)} { id } } }`, {}],
  ['an id', `{ contact(id: "gid://freshsales/Deal/${'1'.repeat(224_000)}") { id } }`, {}],
  ['the name of a view', `{ contacts(view: "${'x'.repeat(224_000)}") { totalCount } }`, {}],
  ['the number of a view', `{ contacts(view: "${'1'.repeat(224_000)}") { totalCount } }`, {}],
  ['a cursor', `{ contacts(after: "${'x'.repeat(224_000)}") { totalCount } }`, {}],
  ['a decimal', `mutation { createDeal(input: { name: "x", amount: "${'1'.repeat(224_000)}x" }) { deal { id } } }`, {}],
  ['an alias', `{ ${'x'.repeat(201)}: rateLimit { limit } }`, {}],
];

describe('refuses 224 KB in one place quickly, with a short message', () => {
  test.each(hostile)('%s', async (_name, query, variables) => {
    const { fetch, sandbox } = openWorld();
    const response = await fetch('http://127.0.0.1/graphql', post(query, variables));
    const text = await response.text();
    const { errors } = JSON.parse(text);
    expect(errors[0].extensions.code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
    for (const { message } of errors) expect(message.length).toBeLessThan(2100);
    expect(errors.length).toBeLessThanOrEqual(101);
    expect(sandbox.requests).toEqual([]);
  });
});

test('a shortened message still says what was expected', async () => {
  const { ask } = openWorld({ seed: false });
  const { errors } = await ask(createNote, { in: { [large]: 1 } });
  expect(errors?.at(-1)?.message).toMatch(/^Variable "\$in".*characters omitted.*Its fields are /s);
});

test('accepts an alias of 200 characters', async () => {
  const { ask } = openWorld({ seed: false });
  expect((await ask(`{ ${'x'.repeat(200)}: rateLimit { limit } }`)).errors).toBeUndefined();
});

test('lists a thousand errors and counts the rest', async () => {
  const { sandbox, ask } = openWorld();
  const contacts = Array.from({ length: 50 }, (_, n) => ({ id: n + 1, last_contacted: 'never' }));
  sandbox.failNext(/contacts\/view/, { status: 200, body: { contacts, meta: { total: 50 } } });
  const fields = Array.from({ length: 45 }, (_, n) => `a${n}: lastContactedAt`).join(' ');
  const { errors } = await ask(`{ contacts(first: 50, view: "1") { nodes { ${fields} } } }`);
  expect(errors).toHaveLength(1001);
  expect(errors?.at(-1)?.message).toBe('1250 more errors are not listed.');
  expect(errors?.at(-1)?.extensions?.code).toBe('UPSTREAM_ERROR');
});

test('lists ten wrong variables, because each error quotes the whole variable', async () => {
  const { ask } = openWorld({ seed: false });
  const { errors } = await ask(createNote, {
    in: Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [n, 1])),
  });
  expect(errors).toHaveLength(11);
});

import { GraphQLObjectType, isObjectType } from 'graphql';
import { afterEach, expect, test, vi } from 'vitest';
import { createCache } from '../../src/cache/cache.ts';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { tables } from '../../src/resources/index.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { type CustomField, customFields as demoFields } from '../../src/sandbox/seed/custom-fields.ts';
import { type AccountSchema, openAccountSchema } from '../../src/server/account-schema.ts';
import { createServer } from '../../src/server/create-server.ts';
import { schemaFor } from '../../src/server/schema.ts';

const open: AccountSchema[] = [];

afterEach(() => {
  for (const schema of open.splice(0)) schema.close();
});

const text = (name: string): CustomField => ({ name, label: name, type: 'text', position: 1 });

/** A sandbox whose custom fields can change, and the schema of its account. */
function openTyped(
  lists: Record<string, CustomField[]>,
  { prepare = (_sandbox: ReturnType<typeof createSandbox>) => {}, everyMs = 30 } = {},
) {
  const sandbox = createSandbox({ seed: false, customFields: lists });
  const freshsales = createFreshsales({
    ...{ baseURL: sandbox.baseURL, apiKey: 'k', product: 'suite', fetch: sandbox.fetch },
    cache: createCache({ tables, listsForMs: 20 }).for('k'),
  });
  const said: string[] = [];
  prepare(sandbox);
  const schema = openAccountSchema({
    account: { freshsales },
    ...{ staleAfterMs: 20, everyMs },
    retry: { firstMs: 20, mostMs: 100 },
    warn: (line) => said.push(`Warning: ${line}`),
    log: (line) => said.push(line),
  });
  open.push(schema);
  return { sandbox, schema, said, freshsales };
}

const fieldsIn = ({ current }: AccountSchema, typeName = 'ContactCustomFields'): string[] | undefined => {
  const type = current.getType(typeName);
  return isObjectType(type) ? Object.keys(type.getFields()) : undefined;
};

test('reads each field list once, and types the custom fields of each record type', async () => {
  const { sandbox, schema, said } = openTyped({ contacts: [text('cf_a')], deals: [text('cf_b')] });
  expect(schema.current).toBe(schemaFor('suite'));
  await schema.ready;
  expect(sandbox.requests.toSorted()).toEqual([
    'GET /settings/contacts/fields',
    'GET /settings/deals/fields',
    'GET /settings/sales_accounts/fields',
    'GET /settings/sales_activities/fields',
  ]);
  expect([fieldsIn(schema), fieldsIn(schema, 'DealCustomFields')]).toEqual([['a'], ['b']]);
  expect(fieldsIn(schema, 'SalesAccountCustomFields')).toBeUndefined();
  expect(said).toEqual([]);
});

test('replaces the schema when fields change, and logs the difference', async () => {
  const lists = { contacts: [text('cf_a'), text('cf_b'), text('cf_c')], deals: [text('cf_b')] };
  const { schema, said } = openTyped(lists);
  await schema.ready;
  const before = schema.current;
  lists.contacts = [text('cf_a'), { ...text('cf_b'), type: 'number' }, text('cf_d')];
  await vi.waitFor(() => expect(fieldsIn(schema)).toEqual(['a', 'b', 'd']), 5000);
  expect(said).toEqual(['The custom fields of Contact changed: added d; removed c; changed b.']);
  // Operations that run with the previous schema keep it.
  expect(before.getType('ContactCustomFields')).toBeInstanceOf(GraphQLObjectType);
  lists.contacts = [];
  await vi.waitFor(() => expect(fieldsIn(schema)).toBeUndefined(), 5000);
  expect(fieldsIn(schema, 'DealCustomFields')).toEqual(['b']);
});

test('types the others while one list cannot be read, and tries it again', async () => {
  const { schema, said, sandbox } = openTyped(
    { contacts: [text('cf_a')], deals: [text('cf_b')] },
    { prepare: ({ failNext }) => failNext('GET /settings/contacts/fields', { status: 403 }, 2) },
  );
  await schema.ready;
  expect([fieldsIn(schema), fieldsIn(schema, 'DealCustomFields')]).toEqual([undefined, ['b']]);
  expect(said).toEqual([
    expect.stringMatching(
      /^Warning: The custom fields of contacts cannot be read: .*\. Contact has no “custom” until they are\. Trying again\.$/,
    ),
  ]);
  await vi.waitFor(() => expect(fieldsIn(schema)).toEqual(['a']), 5000);
  expect(said.slice(1)).toEqual(['The custom fields of contacts can be read now.']);
  expect(sandbox.requests.filter((request) => request.includes('contacts')).length).toBeGreaterThanOrEqual(3);
});

test('keeps the fields it had while a list cannot be read', async () => {
  const { schema, said, sandbox } = openTyped({ contacts: [text('cf_a')] });
  await schema.ready;
  sandbox.failNext('GET /settings/contacts/fields', { status: 500 }, 1000);
  await vi.waitFor(() => expect(said).toHaveLength(1), 5000);
  expect(said[0]).toContain('It keeps those it had.');
  expect(fieldsIn(schema)).toEqual(['a']);
});

test.each([
  ['no list', {}],
  ['another shape', { fields: { a: 1 } }],
  ['no JSON', '<html>'],
])('survives %s instead of the fields', async (_what, body) => {
  const { schema, said } = openTyped(
    { contacts: [text('cf_a')], deals: [text('cf_b')] },
    { prepare: ({ failNext }) => failNext('GET /settings/contacts/fields', { status: 200, body }, 1) },
  );
  await schema.ready;
  expect(fieldsIn(schema, 'DealCustomFields')).toEqual(['b']);
  await vi.waitFor(() => expect(fieldsIn(schema)).toEqual(['a']), 5000);
  expect(said).toEqual([
    expect.stringContaining('The custom fields of contacts cannot be read'),
    'The custom fields of contacts can be read now.',
  ]);
});

test('a server answers with the current schema, which a request has read again', async () => {
  const lists: Record<string, CustomField[]> = { contacts: [...(demoFields.contacts ?? [])] };
  const { schema, freshsales } = openTyped(lists, { everyMs: 100_000 });
  const ledger = createAccountLedger();
  const { fetch } = createServer({
    connect: () => ({ freshsales, ledger }),
    schema,
  });
  await schema.ready;
  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    return (await answer.json()) as unknown;
  };
  const query = '{ __type(name: "ContactCustomTier") { enumValues { name description } } }';
  expect(await ask(query)).toMatchObject({
    data: { __type: { enumValues: [{ name: 'GOLD', description: 'Gold' }, {}, {}] } },
  });
  lists.contacts = [];
  await vi.waitFor(async () => expect(await ask(query)).toMatchObject({ data: { __type: null } }), 5000);
});

test('a list that takes long does not hold up the others', async () => {
  const { schema } = openTyped(
    { contacts: [text('cf_a')], deals: [text('cf_b')] },
    { prepare: ({ failNext }) => failNext('GET /settings/contacts/fields', { status: 503, delay: 60_000 }, 1) },
  );
  await vi.waitFor(() => expect(fieldsIn(schema, 'DealCustomFields')).toEqual(['b']), 5000);
  expect(fieldsIn(schema)).toBeUndefined();
});

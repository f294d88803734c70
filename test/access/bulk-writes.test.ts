import { type GraphQLInputType, getNamedType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { mustConfirm } from '../../src/access/use-confirmation.ts';
import { sourceOf } from '../../src/records/field-needs.ts';
import { schema } from '../../src/server/schema.ts';
import { openOffice } from './office.ts';

const grants =
  'grants: { contacts: full, contactLists: full, salesAccounts: full, deals: full, lookups: read, users: read }\n';

/** Callers who have to confirm bulk writes, and one who has to confirm from three records on. */
async function open() {
  const office = await openOffice({
    Careful: `${grants}confirm: [bulk]`,
    Strict: `${grants}confirm: [bulk]\nbulkFrom: 3`,
    Deleting: `${grants}confirm: [delete]`,
  });
  const send = async (name: string, query: string, { variables = {}, token }: Attempt = {}) => {
    const before = office.sandbox.requests.length;
    const response = await office.yoga.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${office.tokens[name]}` },
      body: JSON.stringify({ query, variables, ...(token && { extensions: { confirmationToken: token } }) }),
    });
    const answer = await response.json();
    const requests = office.sandbox.requests.slice(before);
    const writes = requests.filter((line) => !line.startsWith('GET'));
    return { answer, writes, code: answer.errors?.[0]?.extensions.code as string | undefined };
  };
  return { ...office, send };
}

interface Attempt {
  readonly variables?: Record<string, unknown>;
  readonly token?: string;
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => String(31_016_358_306 + index));

const literal = (values: readonly string[]) => `[${values.join(', ')}]`;

const update = (alias: string, more = '') =>
  `${alias}: updateContact(id: 1, input: { jobTitle: "CTO" }) ${more} { userErrors { message } }`;

const updates = (count: number) => Array.from({ length: count }, (_, index) => update(`a${index}`)).join(' ');

const ADD = 'addContactsToList(id: 1, contactIds: $ids) { message }';

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => `{ email: "p${index}@a.example", data: { lastName: "A" } }`).join(' ');

/** The same for any number of records. */
const shapes: readonly (readonly [
  string,
  (count: number) => { query: string; variables?: Record<string, unknown> },
])[] = [
  ['aliased updates', (count) => ({ query: `mutation { ${updates(count)} }` })],
  [
    'updates in a fragment',
    (count) => ({ query: `mutation { ...all } fragment all on Mutation { ... { ${updates(count)} } }` }),
  ],
  [
    'updates in fragments of fragments',
    (count) => ({
      query: `mutation { ...one ...two } fragment one on Mutation { ...two ${update('b')} } fragment two on Mutation { ${updates(count - 1)} }`,
    }),
  ],
  [
    'members of a list in a variable',
    (count) => ({ query: `mutation ($ids: [ID!]!) { ${ADD} }`, variables: { ids: ids(count) } }),
  ],
  [
    'members of a list in a default',
    (count) => ({ query: `mutation ($ids: [ID!]! = ${literal(ids(count))}) { ${ADD} }` }),
  ],
  [
    'members of a list in a literal',
    (count) => ({ query: `mutation { ${ADD.replace('$ids', literal(ids(count)))} }` }),
  ],
  [
    'members taken off a list',
    (count) => ({
      query: `mutation { removeContactsFromList(id: 1, contactIds: ${literal(ids(count))}) { message } }`,
    }),
  ],
  [
    'members moved between lists',
    (count) => ({
      query: `mutation { moveContactsBetweenLists(fromListId: 1, toListId: 2, contactIds: ${literal(ids(count))}) { message } }`,
    }),
  ],
  [
    'ids of a bulk update',
    (count) => ({
      query: `mutation { bulkUpdateContacts(ids: ${literal(ids(count))}, input: { jobTitle: "CTO" }) { acceptedIds } }`,
    }),
  ],
  [
    'ids of a bulk delete',
    (count) => ({ query: `mutation { bulkDeleteContacts(ids: ${literal(ids(count))}) { acceptedIds } }` }),
  ],
  [
    'rows of a bulk upsert',
    (count) => ({ query: `mutation { bulkUpsertContacts(input: [${rows(count)}]) { failed } }` }),
  ],
  [
    'one bulk update and single ones',
    (count) => ({
      query: `mutation { bulkUpdateContacts(ids: ${literal(ids(count - 2))}, input: { jobTitle: "CTO" }) { acceptedIds } ${updates(2)} }`,
    }),
  ],
  [
    'people linked to a deal',
    (count) => ({
      query: `mutation { updateDeal(id: 1, input: { addContactIds: ${literal(ids(count - 1))} }) { userErrors { message } } }`,
    }),
  ],
];

describe.each(shapes)('%s', (_what, request) => {
  test('requires confirmation for ten records', async () => {
    const { send } = await open();
    const { query, variables = {} } = request(10);
    const { answer, code, writes } = await send('Careful', query, { variables });
    expect(code).toBe('CONFIRMATION_REQUIRED');
    expect(writes).toEqual([]);
    const token = answer.errors[0].extensions.confirmationToken;
    expect((await send('Careful', query, { variables, token })).code).not.toBe('CONFIRMATION_REQUIRED');
  });

  test('runs at once for nine records', async () => {
    const { send } = await open();
    const { query, variables = {} } = request(9);
    expect(['FORBIDDEN', 'CONFIRMATION_REQUIRED']).not.toContain((await send('Careful', query, { variables })).code);
  });
});

test.each([
  ['everybody on a list', 'removeAllContactsFromList(id: 1) { message }'],
  [
    'what belongs to an account',
    'deleteSalesAccount(id: 1, deleteAssociatedContactsAndDeals: true) { deletedSalesAccountId }',
  ],
  ['what belongs to many', 'bulkDeleteSalesAccounts(ids: [1], deleteAssociatedContactsAndDeals: true) { acceptedIds }'],
])('a write to %s has to be confirmed, for nobody knows how many they are', async (_what, field) => {
  const { send } = await open();
  expect(await send('Careful', `mutation { ${field} }`)).toMatchObject({ code: 'CONFIRMATION_REQUIRED', writes: [] });
});

test('does not count skipped fields, whatever skips them', async () => {
  const { send } = await open();
  const skipped = Array.from({ length: 20 }, (_, index) => update(`s${index}`, '@skip(if: $no)')).join(' ');
  const query = `mutation ($no: Boolean!) { ${update('a')} ${skipped} ... @include(if: false) { ${updates(20)} } }`;
  expect((await send('Careful', query, { variables: { no: true } })).writes).toHaveLength(1);
  expect(await send('Careful', query, { variables: { no: false } })).toMatchObject({
    code: 'CONFIRMATION_REQUIRED',
    writes: [],
  });
});

test('applies the limit of each caller to each request alone', async () => {
  const { send } = await open();
  for (let time = 0; time < 3; time += 1)
    expect((await send('Strict', `mutation { ${updates(2)} }`)).writes).toHaveLength(2);
  expect((await send('Strict', `mutation { ${updates(3)} }`)).code).toBe('CONFIRMATION_REQUIRED');
});

test('does not count records for a caller who confirms deletes only', async () => {
  const { send } = await open();
  expect((await send('Deleting', `mutation { ${updates(12)} }`)).writes).toHaveLength(12);
  const gone = 'mutation { bulkDeleteContacts(ids: [1]) { acceptedIds } }';
  expect(await send('Deleting', gone)).toMatchObject({ code: 'CONFIRMATION_REQUIRED', writes: [] });
});

test('shows the preview once', async () => {
  const { send } = await open();
  const { answer } = await send('Strict', `mutation { ${updates(3)} }`);
  expect(answer.errors[0].extensions.preview).toHaveLength(3);
  expect(answer.extensions.preview).toBeUndefined();
});

test('reports an invalid number with its line', async () => {
  await expect(openOffice({ Wrong: 'grants: { contacts: full }\nbulkFrom: 0' })).rejects.toThrow(
    /callers\.yaml:\d+: .*bulkFrom/,
  );
});

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

describe.each(mutations.map((field) => [field.name, field] as const))('%s', (_name, field) => {
  const isList = (type: GraphQLInputType) => isListType(isNonNullType(type) ? type.ofType : type);

  test('declares how many records it writes, and counts each id and row', () => {
    const write = sourceOf(field.extensions).write;
    if (!write) throw new Error(`${field.name} does not say what it writes`);
    expect(write.records({})).toBeGreaterThanOrEqual(0);
    for (const { name } of field.args.filter((arg) => isList(arg.type)))
      expect(write.records({ [name]: Array(60).fill('1') })).toBe(60);
    if (!field.args.some((arg) => isList(arg.type))) expect(write.records({})).toBeGreaterThanOrEqual(1);
    const input = getNamedType(field.args.find(({ name }) => name === 'input')?.type);
    const links = isInputObjectType(input)
      ? Object.keys(input.getFields()).filter((key) => /contactIds$/i.test(key))
      : [];
    for (const name of links)
      expect(write.records({ ids: ['1'], input: { [name]: Array(60).fill('1') } })).toBeGreaterThanOrEqual(60);
    const isConfirmed = mustConfirm({ confirm: ['bulk'], bulkFrom: 1 }, [{ action: write.action, records: 1 }]);
    expect(isConfirmed).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { NEW, openOffice, PIPELINE } from '../mutations/office.ts';
import { openWorld } from '../world.ts';

const CONTACTS = '31003548176';

test('nothing runs after a response with a failed part, and its cost is complete', async () => {
  const { ask, sandbox } = openWorld();
  sandbox.failNext(/tasks/, { status: 403, body: {} });
  const { data, extensions, requests } = await ask(
    `{ tasks { nodes { id } } contacts(view: ${CONTACTS}, first: 100) { nodes { deals { nodes { tags } } } } }`,
    {},
    { 'x-freshsales-explain': '1' },
  );
  expect(data).toMatchObject({ tasks: null, contacts: { nodes: expect.any(Array) } });
  expect(requests.length).toBeGreaterThan(1);
  expect(extensions).toMatchObject({ cost: { actualQueryCost: requests.length } });
  expect((extensions as { calls: { status: number }[] }).calls.map(({ status }) => status)).toEqual([
    403,
    ...requests.slice(1).map(() => 200),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sandbox.requests).toHaveLength(requests.length);
});

describe('the plan of a write', () => {
  test('counts the list that is read after its members change, unless only its id is selected', async () => {
    for (const [selection, needed, requests] of [
      ['contactList { id databaseId } message', 1, ['PUT /lists/61/add_contacts']],
      ['contactList { name }', 2, ['PUT /lists/61/add_contacts', 'GET /lists?page=1&per_page=100']],
    ] as const) {
      const { ask, plan } = openOffice();
      const mutation = `mutation { addContactsToList(id: 61, contactIds: [102]) { ${selection} userErrors { code } } }`;
      expect(await plan(mutation)).toMatchObject({ needed, lowerBound: 1, upperBoundIfHonoured: needed });
      expect(await ask(mutation)).toMatchObject({ errors: undefined, requests });
    }
  });

  test('counts the stages only if they are read', async () => {
    for (const [input, lowerBound] of [
      [`name: "x", amount: "5", stageId: ${NEW}`, 1],
      [`name: "x", amount: "5", stageId: ${NEW}, pipelineId: ${PIPELINE}`, 2],
    ] as const) {
      const { ask, plan } = openOffice();
      const mutation = `mutation { createDeal(input: { ${input} }) { deal { id } userErrors { code } } }`;
      expect((await plan(mutation)).lowerBound).toBe(lowerBound);
      expect((await ask(mutation)).requests).toHaveLength(lowerBound);
    }
  });

  test('costs at least one call even if the record is cached', async () => {
    const { ask, plan } = openOffice();
    await ask('{ contact(id: 101) { city } }');
    const mutation = 'mutation { updateContact(id: 101, input: { city: "x" }) { userErrors { code } } }';
    expect((await plan(mutation)).lowerBound).toBe(1);
  });

  test('may cost nothing with an idempotency key', async () => {
    const { ask, plan } = openOffice();
    const create =
      'createTask(input: { title: "x", dueAt: "2026-01-01T00:00:00Z", targetId: "gid://freshsales/Contact/101" })';
    const mutation = `mutation { a: ${create} @idempotent(key: "k") { task { id } } b: ${create} @idempotent(key: "k") { task { id } } }`;
    expect((await plan(mutation)).lowerBound).toBe(0);
    expect((await ask(mutation)).requests).toHaveLength(1);
    expect((await ask(mutation)).requests).toEqual([]);
    const byHeader = mutation.replaceAll(' @idempotent(key: "k")', '');
    expect((await plan(byHeader)).lowerBound).toBe(2);
    expect((await plan(byHeader, {}, { 'idempotency-key': 'h' })).lowerBound).toBe(0);
  });
});

test('many records by id are one planned call, in addition to their list', async () => {
  const { plan } = openWorld();
  const ids = Array.from({ length: 8 }, (_, index) => `c${index}: contact(id: ${31016358306 + index}) { id }`);
  const { calls, fallbacks } = await plan(`{ ${ids.join(' ')} }`);
  expect(calls).toEqual([
    expect.objectContaining({
      path: '/contacts/{id}',
      atMost: 8,
      certain: true,
      fields: expect.arrayContaining(['c0', 'c7']),
    }),
  ]);
  expect(fallbacks.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/contacts/view/{id}', '/contacts/filters']),
  );
});

test('calls that the cache may save are not certain', async () => {
  const { ask, plan } = openWorld();
  const query = `{ contacts(view: ${CONTACTS}, last: 5) { nodes { id } } search(query: "ada") { recordId } }`;
  expect((await plan(query)).calls.map(({ certain }) => certain)).toEqual([true, true]);
  await ask(query);
  const known = await plan(query);
  expect(known.lowerBound).toBe(0);
  expect(known.calls.map(({ certain }) => certain)).toEqual([false, false]);
});

test.each([
  ['first: 501', /At most 500/],
  ['first: -1', /0 or more/],
  ['last: 501', /At most 500/],
  ['after: "zzz"', /cursor is not valid for this list/],
])('a list with %s is refused before its view is looked for', async (args, message) => {
  const { ask } = openWorld();
  const { errors, requests } = await ask(`{ contacts(${args}) { nodes { id } } }`);
  expect(requests).toEqual([]);
  expect(errors?.[0]).toMatchObject({
    message: expect.stringMatching(message),
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

test('many records by id are planned by their list if it is known to be short', async () => {
  const { ask, plan, sandbox } = openWorld();
  const ids = sandbox
    .rows(contactType)
    .map(({ id }) => id)
    .slice(100, 160);
  const query = `{ nodes(ids: [${ids.map((id) => `"gid://freshsales/Contact/${id}"`)}]) { ... on Contact { jobTitle } } }`;
  expect(await plan(query)).toMatchObject({ needed: 60, allowed: false });
  await ask('{ contacts(first: 1) { totalCount } }');
  const found = await plan(query);
  expect(found).toMatchObject({ lowerBound: 1, needed: 4, allowed: true });
  const { data, errors, requests } = await ask(query);
  expect(errors).toBeUndefined();
  expect(data).toEqual({ nodes: ids.map(() => ({ jobTitle: expect.any(String) })) });
  expect(requests).toEqual([1, 2].map((page) => `GET /contacts/view/31003548176?page=${page}&per_page=100`));
});

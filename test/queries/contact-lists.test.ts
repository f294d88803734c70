import { expect, test } from 'vitest';
import { contactListLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { openWorld, type WorldOptions } from '../world.ts';

/** One contact who is on as many lists, beside the four that every sandbox has. */
function openLists(count: number, options: WorldOptions = {}) {
  const world = openWorld({ seed: false, ...options });
  const { sandbox } = world;
  const lists = Array.from({ length: count }, (_, index) => sandbox.put(contactListLookup, { name: `List ${index}` }));
  const contact = sandbox.put(contactType, { display_name: 'Ada', list_ids: lists.map(({ id }) => id) });
  return { ...world, contact };
}

const page = (number: number): string => `GET /lists?page=${number}&per_page=100`;
const named = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `List ${index}` }));

test.each([
  [30, [page(1)]],
  [96, [page(1)]],
  [97, [page(1), page(2)]],
  [230, [page(1), page(2), page(3)]],
])('%i lists of contacts are all read', async (count, requests) => {
  const { ask, plan } = openLists(count);
  const query = '{ contactLists { name } }';
  const { upperBound } = await plan(query);
  const answer = await ask(query);
  expect(answer.errors).toBeUndefined();
  const { contactLists } = answer.data as { contactLists: object[] };
  expect(contactLists).toHaveLength(count + 4);
  expect(contactLists).toEqual(expect.arrayContaining(named(count)));
  expect(answer.requests).toEqual(requests);
  expect(upperBound).toBeGreaterThanOrEqual(requests.length);
  expect((await ask(query)).requests).toEqual([]);
});

test('a contact is on all of its lists, also those of the second page', async () => {
  const { ask, contact } = openLists(130);
  const { data, errors } = await ask(`{ contact(id: ${contact.id}) { lists { name } } }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({ contact: { lists: expect.arrayContaining(named(130)) } });
});

test('pages are read to the last where their answer does not say how many there are', async () => {
  const { ask, sandbox } = openLists(0);
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: from + index, name: `List ${from + index}` }));
  sandbox.failNext(/lists.*page=1/, { status: 200, body: { lists: rows(1, 100) } });
  sandbox.failNext(/lists.*page=2/, { status: 200, body: { lists: rows(101, 7) } });
  const { data, errors, requests } = await ask('{ contactLists { name } }');
  expect(errors).toBeUndefined();
  expect((data as { contactLists: object[] }).contactLists).toHaveLength(107);
  expect(requests).toEqual([page(1), page(2)]);
});

test.each([
  [21, [page(1)]],
  [22, [page(1), page(2)]],
  [296, Array.from({ length: 12 }, (_, index) => page(index + 1))],
])('%i lists are all read from an upstream that sends 25 a page', async (count, requests) => {
  const { ask, plan } = openLists(count, { behaviours: { maxPerPage: 25 } });
  const query = '{ contactLists { name } }';
  const { upperBound } = await plan(query);
  const answer = await ask(query);
  expect(answer.errors).toBeUndefined();
  expect(answer.data?.contactLists).toHaveLength(count + 4);
  expect(answer.requests).toEqual(requests);
  expect(upperBound).toBeGreaterThanOrEqual(requests.length);
});

test('a page that may be full is not taken for the last, if nothing says how many there are', async () => {
  const { ask, sandbox } = openLists(0);
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: from + index, name: `List ${from + index}` }));
  sandbox.failNext(/lists.*page=1/, { status: 200, body: { lists: rows(1, 25) } });
  sandbox.failNext(/lists.*page=2/, { status: 200, body: { lists: rows(26, 25) } });
  sandbox.failNext(/lists.*page=3/, { status: 200, body: { lists: [] } });
  const { data, requests } = await ask('{ contactLists { name } }');
  expect(data?.contactLists).toHaveLength(50);
  expect(requests).toEqual([page(1), page(2), page(3)]);
});

test('more than a thousand are refused rather than shown in part', async () => {
  const { ask } = openLists(1001);
  const { errors, requests } = await ask('{ contactLists { name } }');
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'NOT_AVAILABLE' } });
  expect(errors?.[0]?.message).toMatch(/more than 1000/);
  expect(requests).toEqual([page(1)]);
});

test('notes of an account are all read from their own address, if an upstream sends 25 a page', async () => {
  const { ask, sandbox } = openWorld({ seed: false, behaviours: { maxPerPage: 25 } });
  const { id } = sandbox.put(salesAccountType, { name: 'Acme' });
  for (let index = 0; index < 60; index += 1)
    sandbox.put(noteType, { description: `Note ${index}`, targetables: [{ type: 'SalesAccount', id }] });
  const { data, errors, requests } = await ask(`{ salesAccount(id: ${id}) { notes(first: 100) { nodes { id } } } }`);
  expect(errors).toBeUndefined();
  expect((data as { salesAccount: { notes: { nodes: object[] } } }).salesAccount.notes.nodes).toHaveLength(60);
  expect(requests.filter((line) => line.includes('/notes?'))).toHaveLength(3);
});

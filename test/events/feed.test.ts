import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { openLive } from './live.ts';

const readContact = (id: string) => `{ contact(id: "${id}") { jobTitle } }`;
const [one = '', two = ''] = ['31016358306', '31016358307'];

function open(options: Parameters<typeof openLive>[0] = {}) {
  const live = openLive(options);
  const [first, second] = live.sandbox.rows(contactType);
  return { ...live, first: first?.id ?? one, second: second?.id ?? two };
}

const update = (id: string) =>
  `mutation { updateContact(id: "${id}", input: { jobTitle: "Head of ${Math.random()}" }) { contact { id } userErrors { message } } }`;

describe('reports of one record within two seconds', () => {
  test('are one change', async () => {
    const { hook, changes, first } = open();
    for (let count = 0; count < 5; count += 1) await hook('/contact/updated', { id: first });
    expect(await changes()).toEqual([`Contact/${first} UPDATED WEBHOOK`]);
    await delay(2300);
    expect(await changes()).toHaveLength(1);
    await hook('/contact/updated', { id: first });
    expect(await changes()).toHaveLength(2);
  });

  test('are two changes if the record was read in between, each after its invalidation', async () => {
    const { hook, changes, ask, first } = open();
    await hook('/contact/updated', { id: first });
    expect((await ask(readContact(first))).requests).toEqual([`GET /contacts/${first}`]);
    await hook('/contact/updated', { id: first });
    expect((await ask(readContact(first))).requests).toEqual([`GET /contacts/${first}`]);
    await hook('/contact/updated', { id: first });
    expect(await changes()).toHaveLength(1);
    await delay(2300);
    expect(await changes()).toEqual([`Contact/${first} UPDATED WEBHOOK`, `Contact/${first} UPDATED WEBHOOK`]);
  });

  test('do not hide a deletion', async () => {
    const { hook, changes } = open();
    await hook('/deal/updated', { id: 7 });
    await hook('/deal/deleted', { id: 7 });
    await hook('/deal/updated', { id: 7 });
    expect(await changes()).toEqual(['Deal/7 UPDATED WEBHOOK', 'Deal/7 DELETED WEBHOOK']);
  });

  test('of different records are a change each', async () => {
    const { hook, changes } = open();
    await Promise.all([1, 2, 3].map((id) => hook('/deal/updated', { id })));
    await Promise.all([1, 2, 3].map((id) => hook('/deal/updated', { id })));
    expect((await changes()).toSorted()).toEqual([1, 2, 3].map((id) => `Deal/${id} UPDATED WEBHOOK`));
  });
});

describe('writes of this API', () => {
  test('are changes, with the fields they change', async () => {
    const { ask, first: contact } = open();
    const { data } = await ask(update(contact));
    expect(data).toMatchObject({ updateContact: { userErrors: [] } });
    const feed = await ask('{ changes { nodes { action source recordId changedFields } } }');
    expect(feed.data.changes).toEqual({
      nodes: [
        {
          action: 'UPDATED',
          source: 'MUTATION',
          recordId: `gid://freshsales/Contact/${contact}`,
          changedFields: ['jobTitle'],
        },
      ],
    });
    expect(feed.requests).toEqual([]);
  });

  test('create, upsert and delete are told apart', async () => {
    const { ask, changes } = open();
    const create = await ask(
      'mutation { createContact(input: { lastName: "Vance", email: "v@example.com" }) { contact { databaseId } userErrors { message } } }',
    );
    const { databaseId: id } = (create.data.createContact as { contact: { databaseId: string } }).contact;
    const upsert = (email: string) =>
      `mutation { upsertContact(by: { email: "${email}" }, input: { lastName: "Vance" }) { contact { databaseId } userErrors { message } } }`;
    await ask(upsert('v@example.com'));
    const second = await ask(upsert('w@example.com'));
    const { databaseId: other } = (second.data.upsertContact as { contact: { databaseId: string } }).contact;
    await ask(`mutation { deleteContact(id: "${id}") { userErrors { message } } }`);
    expect(await changes()).toEqual([
      `Contact/${id} CREATED MUTATION`,
      `Contact/${id} UPDATED MUTATION`,
      `Contact/${other} CREATED MUTATION`,
      `Contact/${id} DELETED MUTATION`,
    ]);
  });

  test('that Freshsales refuses, and previews, are no changes', async () => {
    const { ask, changes, post, first } = open();
    await ask('mutation { updateContact(id: "1", input: { jobTitle: "x" }) { userErrors { code } } }');
    await post({ query: update(first) }, { 'x-freshsales-preview': '1' });
    expect(await changes()).toEqual([]);
  });

  test('are changes for each id of a bulk write, and for the rows of a bulk upsert with ids', async () => {
    const { ask, changes, first, second } = open();
    await ask(
      `mutation { bulkUpdateContacts(ids: ["${first}", "${second}"], input: { jobTitle: "x" }) { acceptedIds } }`,
    );
    await ask(
      `mutation { bulkUpsertContacts(input: [{ id: "${first}", data: { jobTitle: "y" } }]) { succeeded userErrors { message } } }`,
    );
    expect(await changes()).toEqual([first, second, first].map((id) => `Contact/${id} UPDATED MUTATION`));
  });

  test('are announced by Freshsales without a second change, but with another invalidation', async () => {
    const { ask, hook, changes, first } = open();
    await ask(update(first));
    await ask(readContact(first));
    expect((await ask(readContact(first))).requests).toEqual([]);
    await hook('/contact/updated', { id: first });
    expect((await ask(readContact(first))).requests).toEqual([`GET /contacts/${first}`]);
    await hook('/contact/updated', { id: first });
    expect(await changes()).toEqual([`Contact/${first} UPDATED MUTATION`]);
  });

  test('are one change if the announcement is faster than the response', async () => {
    const live = open();
    const { feed, changes, first } = live;
    const since = performance.now();
    await live.hook('/contact/updated', { id: first });
    await feed.addWrites([{ type: 'Contact', id: first, action: 'updated' }], since);
    await live.hook('/contact/updated', { id: first });
    expect(await changes()).toEqual([`Contact/${first} UPDATED WEBHOOK`]);
  });

  test('are a second change if the record was read between two announcements', async () => {
    const { hook, ask, feed, changes, first } = open();
    const since = performance.now();
    await hook('/contact/updated', { id: first });
    await ask(readContact(first));
    await hook('/contact/updated', { id: first });
    await feed.addWrites([{ type: 'Contact', id: first, action: 'updated' }], since);
    const expected = [`Contact/${first} UPDATED WEBHOOK`, `Contact/${first} UPDATED MUTATION`];
    expect(await changes()).toEqual(expected);
    await delay(2300);
    expect(await changes()).toEqual(expected);
  });
});

test('a record that is not there when it is read was deleted', async () => {
  const { hook, ask, changes, sandbox, first } = open();
  await hook('/contact/updated', { id: first });
  sandbox.remove(contactType, first);
  expect((await ask(readContact(first))).data).toEqual({ contact: null });
  await expect.poll(changes).toEqual([`Contact/${first} UPDATED WEBHOOK`, `Contact/${first} DELETED POLL`]);
  await ask(readContact('999'));
  expect(await changes()).toHaveLength(2);
});

test('the records of a page are planned, and read together', async () => {
  const { hook, ask, post, sandbox } = open();
  const contacts = sandbox.rows(contactType).slice(0, 20);
  const deals = sandbox.rows(dealType).slice(0, 20);
  for (const { id } of contacts) await hook('/contact/updated', { id });
  for (const { id } of deals) await hook('/deal/updated', { id });
  await hook('/deal/deleted', { id: deals[0]?.id });
  const query = (first: number, types: string, selection: string) =>
    `{ changes(first: ${first}, types: [${types}]) { nodes { record { ${selection} } } } }`;
  const costOf = async (text: string) => {
    const response = await post({ query: text }, { 'x-freshsales-dry-run': '1' });
    return ((await response.json()) as { extensions: { plan: { needed: number; upperBound: number } } }).extensions
      .plan;
  };
  const both = '... on Contact { jobTitle } ... on Deal { amount owner { displayName } }';
  expect(await costOf(query(30, 'CONTACT, DEAL', both))).toMatchObject({ needed: 30 });
  expect(await costOf(query(1, 'CONTACT', '... on Contact { jobTitle }'))).toMatchObject({ needed: 1, upperBound: 1 });
  const { data, requests } = await ask(query(50, 'CONTACT, DEAL', both));
  const { nodes } = data.changes as { nodes: { record: object | null }[] };
  expect(nodes.filter(({ record }) => record !== null)).toHaveLength(40);
  expect(requests.toSorted()).toEqual([
    'GET /contacts/filters',
    expect.stringMatching(/^GET \/contacts\/view\/\d+\?page=1/),
    'GET /deals/filters',
    expect.stringMatching(/^GET \/deals\/view\/\d+\?page=1.*include=owner/),
  ]);
  // The lists are known to be short now.
  expect((await costOf(query(30, 'CONTACT', '... on Contact { jobTitle }'))).needed).toBeLessThan(5);
  const ids = query(50, 'CONTACT, DEAL', '__typename ... on Contact { id }');
  expect(await costOf(ids)).toMatchObject({ needed: 0 });
  expect((await ask(ids)).requests).toEqual([]);
});

test('records of changes are read in one call each', async () => {
  const { hook, ask, first, second } = open();
  await hook('/contact/updated', { id: first });
  await hook('/contact/updated', { id: second });
  await hook('/note/created', { id: 5 });
  const query = '{ changes { nodes { record { ... on Contact { id jobTitle owner { displayName } } } } } }';
  const { data, requests } = await ask(query);
  expect(data.changes).toMatchObject({
    nodes: [{ record: { id: expect.anything() } }, { record: {} }, { record: null }],
  });
  expect(requests.length).toBeLessThanOrEqual(2);
  expect((await ask(query)).requests).toEqual([]);
});

test('a record that cannot be read is null with an error that names it', async () => {
  const { hook, post, sandbox, first } = open();
  await hook('/contact/updated', { id: first });
  sandbox.failNext(/GET .contacts/, { status: 500 }, 9);
  const response = await post({ query: '{ changes { nodes { recordId record { ... on Contact { jobTitle } } } } }' });
  const recordId = `gid://freshsales/Contact/${first}`;
  expect(await response.json()).toMatchObject({
    data: { changes: { nodes: [{ recordId, record: null }] } },
    errors: [{ path: ['changes', 'nodes', 0, 'record'], extensions: { code: 'UPSTREAM_ERROR', record: recordId } }],
  });
});

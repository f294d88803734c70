import { describe, expect, test } from 'vitest';
import { MAX_JOB_CHECKS } from '../../src/freshsales/bulk.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { openOffice } from './office.ts';

test('runs the mutations of one operation in order, each after the effects of the previous one', async () => {
  const { ask } = openOffice();
  const { data, errors, requests } = await ask(`mutation {
    account: createSalesAccount(input: { name: "Initech" }) { salesAccount { name } }
    deal: updateDeal(id: 301, input: { name: "Bigger one" }) { deal { name contacts { nodes { jobTitle city } } } }
    contact: updateContact(id: 101, input: { city: "Turin" }) { contact { city deals { nodes { name } } } }
    again: updateDeal(id: 301, input: { amount: 5 }) { deal { name amount contacts { nodes { city } } } }
    gone: deleteContact(id: 101) { deletedContactId }
    late: updateContact(id: 101, input: { city: "Rome" }) { contact { city } userErrors { code } }
  }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    account: { salesAccount: { name: 'Initech' } },
    deal: { deal: { name: 'Bigger one', contacts: { nodes: [{ jobTitle: 'Engineer', city: null }] } } },
    contact: { contact: { city: 'Turin', deals: { nodes: [{ name: 'Bigger one' }] } } },
    again: { deal: { name: 'Bigger one', amount: '5.0', contacts: { nodes: [{ city: 'Turin' }] } } },
    gone: { deletedContactId: 'gid://freshsales/Contact/101' },
    late: { contact: null, userErrors: [{ code: 'NOT_FOUND' }] },
  });
  // A contact that came along with the deal has no city: it is read, anew after each write.
  expect(requests).toEqual([
    'POST /sales_accounts',
    'PUT /deals/301?include=contacts',
    'GET /contacts/101',
    'PUT /contacts/101?include=deals',
    'PUT /deals/301?include=contacts',
    'GET /contacts/101',
    'DELETE /contacts/101',
    'PUT /contacts/101',
  ]);
});

/** A write, a query whose answer it makes stale, and the answers before and after. */
const stale: readonly (readonly [mutation: string, query: string, before: object, after: object])[] = [
  [
    'updateContact(id: 101, input: { firstName: "Augusta" }) { userErrors { code } }',
    '{ deal(id: 301) { contacts { nodes { firstName } } } }',
    { deal: { contacts: { nodes: [{ firstName: 'Ada' }] } } },
    { deal: { contacts: { nodes: [{ firstName: 'Augusta' }] } } },
  ],
  [
    'createNote(input: { description: "New", targetId: "gid://freshsales/Contact/102" }) { userErrors { code } }',
    '{ contact(id: 102) { recentNote notes { nodes { description } } } }',
    { contact: { recentNote: null, notes: { nodes: [] } } },
    { contact: { recentNote: 'New', notes: { nodes: [{ description: 'New' }] } } },
  ],
  [
    'deleteTask(id: 401) { userErrors { code } }',
    '{ contact(id: 101) { tasks { totalCount } } }',
    { contact: { tasks: { totalCount: 1 } } },
    { contact: { tasks: { totalCount: 0 } } },
  ],
  [
    'updateDeal(id: 301, input: { amount: 900 }) { userErrors { code } }',
    '{ salesAccount(id: 501) { openDealsAmount } contact(id: 101) { openDealsAmount } }',
    { salesAccount: { openDealsAmount: '100.0' }, contact: { openDealsAmount: '100.0' } },
    { salesAccount: { openDealsAmount: '900.0' }, contact: { openDealsAmount: '900.0' } },
  ],
  [
    'deleteDeal(id: 301) { userErrors { code } }',
    '{ deals { totalCount } salesAccount(id: 501) { deals { totalCount } } }',
    { deals: { totalCount: 2 }, salesAccount: { deals: { totalCount: 1 } } },
    { deals: { totalCount: 1 }, salesAccount: { deals: { totalCount: 0 } } },
  ],
  [
    'updateSalesAccount(id: 501, input: { name: "Acme Two" }) { userErrors { code } }',
    '{ contact(id: 101) { primarySalesAccount { name } } deal(id: 301) { salesAccount { name } } }',
    { contact: { primarySalesAccount: { name: 'Acme' } }, deal: { salesAccount: { name: 'Acme' } } },
    { contact: { primarySalesAccount: { name: 'Acme Two' } }, deal: { salesAccount: { name: 'Acme Two' } } },
  ],
  [
    'bulkDeleteContacts(ids: [102]) { acceptedIds }',
    '{ contacts { totalCount } contact(id: 102) { email } }',
    { contacts: { totalCount: 2 }, contact: { email: 'ben@globex.example' } },
    { contacts: { totalCount: 1 }, contact: null },
  ],
  [
    'bulkUpsertContacts(input: [{ email: "ben@globex.example", data: { city: "Turin" } }]) { succeeded }',
    '{ contact(id: 102) { city } }',
    { contact: { city: null } },
    { contact: { city: 'Turin' } },
  ],
  [
    'renameContactList(id: 61, name: "Writers") { userErrors { code } }',
    '{ contact(id: 101) { lists { name } } }',
    { contact: { lists: [{ name: 'Readers' }] } },
    { contact: { lists: [{ name: 'Writers' }] } },
  ],
];

test.each(stale)('shows the effect of %s in the next request', async (mutation, query, before, after) => {
  const { ask } = openOffice();
  expect((await ask(query)).data).toMatchObject(before);
  const { errors } = await ask(`mutation { ${mutation} }`);
  expect(errors).toBeUndefined();
  const answer = await ask(query);
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toMatchObject(after);
});

describe('responses that are read during a bulk job are not served after it', () => {
  const cityOf = '{ contact(id: 102) { city } }';
  const input = '[{ email: "ben@globex.example", data: { city: "Turin" } }]';
  const job = { job_status_url: 'https://x.example/crm/sales/api/job_statuses/1' };
  const done = { status: 'SUCCESS', progress: 100, data: { record_status: { succeeded: 1, failed: 0 } } };

  test.each([
    ['it has done its work', { status: 200, body: done }, 'succeeded', 1],
    ['it does not end', { status: 200, body: { status: 'IN_PROGRESS', progress: 1, data: null } }, 'unknown', 1],
    ['nobody may look at it any longer', { status: 403, body: { errors: { code: 403 } } }, 'unknown', 1],
  ] as const)('because %s', async (_why, answer, count, rows) => {
    let looks = 0;
    const office = openOffice({
      sleep: async () => {
        looks += 1;
        if (looks > 1) return;
        // Somebody reads the record, and only then the job comes to it.
        expect((await office.ask(cityOf)).data).toEqual({ contact: { city: null } });
        office.sandbox.put(contactType, { ...office.sandbox.get(contactType, '102'), city: 'Turin' });
      },
    });
    office.sandbox.failNext(/bulk_upsert/, { status: 200, body: job });
    office.sandbox.failNext(/job_statuses/, answer, MAX_JOB_CHECKS);
    const { data } = await office.ask(`mutation { it: bulkUpsertContacts(input: ${input}) { ${count} } }`);
    expect(data).toEqual({ it: { [count]: rows } });
    expect((await office.ask(cityOf)).data).toEqual({ contact: { city: 'Turin' } });
  });
});

test('treats a write of unknown outcome as done', async () => {
  const { sandbox, ask } = openOffice();
  const query = '{ contact(id: 101) { city } }';
  expect((await ask(query)).data).toEqual({ contact: { city: null } });
  sandbox.failNext(/^PUT/, { status: 500, body: {}, performed: true });
  expect(
    (await ask('mutation { updateContact(id: 101, input: { city: "x" }) { userErrors { code } } }')).errors,
  ).toHaveLength(1);
  expect((await ask(query)).data).toEqual({ contact: { city: 'x' } });
});

test('finishes the current write and starts no further one when the client hangs up', async () => {
  const { sandbox, fetch } = openOffice();
  sandbox.failNext(/^PUT/, { status: 200, body: { contact: { id: 101 } }, performed: true, delay: 150 });
  const hangUp = new AbortController();
  const query = `mutation {
    first: updateContact(id: 101, input: { city: "Turin" }) { userErrors { code } }
    second: createNote(input: { description: "Never", targetId: "gid://freshsales/Contact/101" }) { userErrors { code } }
  }`;
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify({ query }), signal: hangUp.signal };
  const answer = fetch('http://127.0.0.1/graphql', init).catch((error: unknown) => error);
  setTimeout(() => hangUp.abort(), 50);
  await answer;
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(sandbox.requests).toEqual(['PUT /contacts/101']);
  expect(sandbox.get(contactType, '101')?.city).toBe('Turin');
  expect(sandbox.rows(noteType).map(({ description }) => description)).toEqual(['Likes tea']);
});

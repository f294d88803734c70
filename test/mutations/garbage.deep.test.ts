import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { createServer } from '../../src/server/create-server.ts';
import fc, { deepRuns } from '../property.ts';
import { garbage, spoil } from '../spoil.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));

/** Recorded answers of writes, and a mutation that is answered so. */
const cases = [
  [
    'contacts.put',
    'updateContact(id: 1, input: { city: "x" }) { contact { displayName tags emails { value } customFields owner { email } deals { nodes { name } } } userErrors { message } }',
  ],
  [
    'contacts.upsert.include_sales_accounts',
    'upsertContact(by: { id: 1 }, input: {}) { created contact { email openDealsAmount salesAccounts { edges { isPrimary node { name } } } } userErrors { message } }',
  ],
  [
    'sales_accounts.upsert',
    'upsertSalesAccount(by: { name: "x" }, input: {}) { created salesAccount { name annualRevenue openDealsCount } userErrors { message } }',
  ],
  [
    'deals.put.include_products',
    'updateDeal(id: 1, input: { products: [] }) { deal { amount products { name quantity product { name } } stage { name } } userErrors { message } }',
  ],
  [
    'tasks.post',
    'createTask(input: { title: "x", dueAt: "2026-01-01T00:00:00Z", targetId: "gid://freshsales/Contact/1" }) { task { title status dueAt target { __typename } } userErrors { message } }',
  ],
  [
    'appointments.post',
    'updateAppointment(id: 1, input: { title: "x" }) { appointment { title startsAt attendees { __typename } target { ... on Contact { email } } } userErrors { message } }',
  ],
  [
    'notes.post',
    'updateNote(id: 1, input: { description: "x" }) { note { description target { __typename } creator { email } } userErrors { message } }',
  ],
  [
    'cpq.products.put.include_product_pricings',
    'updateProduct(id: 1, input: { name: "x" }) { product { name pricings { unitPrice currencyCode } } userErrors { message } }',
  ],
  ['contacts.delete', 'deleteContact(id: 1) { deletedContactId userErrors { message } }'],
  ['cpq_documents.delete', 'deleteProduct(id: 1) { deletedProductId userErrors { message } }'],
  ['lists.post', 'createContactList(name: "x") { contactList { name } message userErrors { message } }'],
  ['lists.add_contacts', 'addContactsToList(id: 1, contactIds: [1]) { message userErrors { message } }'],
  [
    'contacts.bulk_destroy',
    'bulkDeleteContacts(ids: [1]) { acceptedIds unknownIds messages interruption { code } userErrors { message } }',
  ],
  [
    'contacts.bulk_upsert',
    'bulkUpsertContacts(input: [{ email: "bad@example", data: {} }]) { succeeded failed unknown notSent rows { status messages jobId } interruption { code } userErrors { message } }',
  ],
  [
    'job_statuses.get',
    'bulkUpsertContacts(input: [{ email: "bad@example", data: {} }]) { succeeded failed unknown notSent rows { status messages } interruption { code } userErrors { message } }',
  ],
] as const;

const refusals = [
  'error.400.single',
  'error.400.contact_not_unique',
  'error.403',
  'error.404',
  'error.422.csrf',
  'error.500',
];

/** NOT_AVAILABLE: garbage may say that the record is in the recycle bin now, where no more is told of it. */
const codes = ['UPSTREAM_ERROR', 'UPSTREAM_TIMEOUT', 'RATE_LIMITED', 'FORBIDDEN', 'UNAUTHENTICATED', 'NOT_AVAILABLE'];

/** A Freshsales that answers everything with one body; jobs are taken before it tells of them. */
async function ask(status: number, body: unknown, mutation: string, isJob = false) {
  const reported: unknown[] = [];
  const ledger = createAccountLedger();
  const sent: string[] = [];
  const fetch: typeof globalThis.fetch = async (_input, init) => {
    sent.push(init?.method ?? 'GET');
    const taken = isJob && init?.method === 'POST';
    return new Response(JSON.stringify(taken ? fixture('contacts.bulk_upsert') : (body ?? null)), {
      status: taken ? 200 : status,
    });
  };
  const freshsales = createFreshsales({
    baseURL: 'http://garbage.invalid/api',
    apiKey: 'k',
    fetch,
    ledger,
    sleep: async () => {},
  });
  const yoga = createServer({ connect: () => ({ freshsales, ledger }), report: (_id, error) => reported.push(error) });
  const query = `mutation { it: ${mutation} }`;
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
  return { answer: await (await yoga.fetch('http://127.0.0.1/graphql', init)).json(), reported, sent };
}

const wounds = fc.array(fc.tuple(fc.nat(5000), garbage), { minLength: 1, maxLength: 6 });

test.each(cases)(
  '%s with garbage in it is a payload or an error with a code, and was sent once',
  async (name, mutation) => {
    const recorded = fixture(name);
    await fc.assert(
      fc.asyncProperty(wounds, fc.constantFrom(200, 201), async (spots, status) => {
        const { answer, reported, sent } = await ask(status, spoil(recorded, spots), mutation, name.startsWith('job'));
        expect(reported).toEqual([]);
        for (const { extensions } of answer.errors ?? []) expect(codes).toContain(extensions.code);
        expect(sent.filter((method) => method !== 'GET')).toHaveLength(1);
      }),
      deepRuns(25),
    );
  },
);

test.each(refusals)('returns userErrors or an error with a code for garbage in %s', async (name) => {
  const recorded = fixture(name);
  const status = Number(/\d+/.exec(name)?.[0]);
  await fc.assert(
    fc.asyncProperty(wounds, fc.constantFrom(...cases), async (spots, [, mutation]) => {
      const { answer, reported } = await ask(status, spoil(recorded, spots), mutation);
      expect(reported).toEqual([]);
      for (const { extensions } of answer.errors ?? []) expect(codes).toContain(extensions.code);
      const { userErrors = [], failed = 0, interruption = null } = answer.data?.it ?? {};
      expect(answer.errors !== undefined || userErrors.length + failed > 0 || interruption !== null).toBe(true);
    }),
    deepRuns(40),
  );
});

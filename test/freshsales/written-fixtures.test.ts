import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { createServer } from '../../src/server/create-server.ts';

const folder = new URL('../fixtures/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(`${name}.json`, folder), 'utf8');

interface Recorded {
  readonly status?: number;
  /** What a read after the write is answered. */
  readonly read?: string;
  /** Whose record that is made to be. */
  readonly readId?: string;
}

/** Sends a mutation to a Freshsales that gives a recorded answer to the write. */
async function mutate(name: string, mutation: string, { status = 200, read, readId }: Recorded = {}) {
  const requests: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, { method = 'GET' } = {}) => {
    requests.push(`${method} ${decodeURIComponent(String(input)).replace('http://recorded.invalid/api', '')}`);
    if (method !== 'GET') return new Response(fixture(name), { status });
    const found = read && fixture(read).replace(/"id": \d+/, (same) => (readId ? `"id": ${readId}` : same));
    return found ? new Response(found) : new Response(fixture('error.404'), { status: 404 });
  };
  const ledger = createAccountLedger();
  const sleep = async () => {};
  const freshsales = createFreshsales({ baseURL: 'http://recorded.invalid/api', apiKey: 'k', fetch, ledger, sleep });
  const yoga = createServer({ connect: () => ({ freshsales, ledger }) });
  const query = `mutation { it: ${mutation} }`;
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
  const { data, errors } = await (await yoga.fetch('http://127.0.0.1/graphql', init)).json();
  return { it: data?.it, errors, requests };
}

type Line = readonly [fixture: string, mutation: string, payload: object, requests: readonly string[], more?: Recorded];

const target = 'targetId: "gid://freshsales/Contact/31016358306"';

const records: readonly Line[] = [
  [
    'contacts.put',
    'updateContact(id: 1, input: { firstName: "New" }) { contact { databaseId displayName customFields emails { value isPrimary } openDealsAmount lastContactedAt } }',
    {
      contact: {
        ...{
          databaseId: '1',
          displayName: 'New Name',
          customFields: { cf_is_active: true },
          openDealsAmount: '5600.0',
        },
        emails: [{ value: 'janesampleton@example.com', isPrimary: true }],
        lastContactedAt: '2023-05-07T08:52:08.000Z',
      },
    },
    ['PUT /contacts/1'],
  ],
  [
    'contacts.upsert.include_sales_accounts',
    'upsertContact(by: { email: "testuser@example.com" }, input: { timeZone: "IST" }) { created contact { displayName salesAccounts { edges { isPrimary node { name } } } } }',
    {
      created: false,
      contact: {
        displayName: 'Priya Nair',
        salesAccounts: {
          edges: [
            { isPrimary: true, node: { name: 'Orbit Ltd' } },
            { isPrimary: false, node: { name: 'Lakeside Group' } },
          ],
        },
      },
    },
    ['POST /contacts/upsert?include=sales_accounts'],
  ],
  [
    'sales_accounts.upsert',
    'upsertSalesAccount(by: { name: "Orbit Supplies" }, input: {}) { created salesAccount { name numberOfEmployees annualRevenue createdAt } }',
    {
      created: false,
      salesAccount: {
        ...{ name: 'Orbit Supplies', numberOfEmployees: 11, annualRevenue: '1000' },
        createdAt: '2022-08-17T08:15:00.000Z',
      },
    },
    ['POST /sales_accounts/upsert'],
  ],
  [
    // Right after an upsert the sums are null, whatever they are: they are read.
    'sales_accounts.upsert',
    'upsertSalesAccount(by: { name: "Orbit Supplies" }, input: {}) { created salesAccount { name openDealsAmount } }',
    { created: true, salesAccount: { openDealsAmount: '1600.0' } },
    ['POST /sales_accounts/upsert', 'GET /sales_accounts/70003771396'],
    { status: 201, read: 'sales_accounts.get', readId: '70003771396' },
  ],
  [
    'deals.put.include_products',
    'updateDeal(id: 31001944158, input: { products: [{ productId: 31000985829, quantity: 1 }] }) { deal { amount hasProducts products { name quantity unitPrice } } }',
    {
      deal: { amount: '0.0', hasProducts: false, products: [{ name: 'Sample Product', quantity: 1, unitPrice: '0' }] },
    },
    ['PUT /deals/31001944158?include=products'],
  ],
  [
    'tasks.post',
    `createTask(input: { title: "Sample Task", dueAt: "2099-06-21T11:00:00Z", ${target} }) { task { title status dueAt } }`,
    { task: { title: 'Sample Task', status: 'OPEN', dueAt: '2099-06-21T11:00:00.000Z' } },
    ['POST /tasks'],
    { status: 201 },
  ],
  [
    'appointments.post',
    'createAppointment(input: { title: "Sample Appointment", startsAt: "2016-06-20T05:00:00Z", endsAt: "2016-06-20T06:00:00Z" }) { appointment { title startsAt timeZone attendees { __typename } } }',
    {
      appointment: {
        title: 'Sample Appointment',
        startsAt: '2016-06-20T05:00:00.000Z',
        timeZone: 'Chennai',
        attendees: [],
      },
    },
    ['POST /appointments?include=appointment_attendees,targetable'],
    { status: 201 },
  ],
  [
    'notes.post',
    `createNote(input: { description: "Sample note for contact create", ${target} }) { note { description createdAt } }`,
    { note: { description: 'Sample note for contact create', createdAt: '2023-05-14T12:59:40.000Z' } },
    ['POST /notes'],
  ],
  [
    'cpq.products.put',
    'updateProduct(id: 31000985825, input: { name: "Updated Product Name" }) { product { name isActive pricingType } }',
    { product: { name: 'Updated Product Name', isActive: true, pricingType: 'NONE' } },
    ['PUT /cpq/products/31000985825'],
  ],
  [
    'cpq.products.put.include_product_pricings',
    'updateProduct(id: 31000985854, input: { pricings: [{ currencyCode: "USD", unitPrice: 1000 }] }) { product { pricings { currencyCode unitPrice } } }',
    {
      product: {
        pricings: [
          { currencyCode: 'USD', unitPrice: '1000' },
          { currencyCode: 'EUR', unitPrice: '2000' },
        ],
      },
    },
    ['PUT /cpq/products/31000985854?include=product_pricings'],
  ],
  [
    'lists.post',
    'createContactList(name: "Brand Lovers") { contactList { name databaseId } }',
    { contactList: { name: 'Brand Lovers', databaseId: '31000045356' } },
    ['POST /lists'],
  ],
  [
    'lists.put',
    'renameContactList(id: 31000045356, name: "Fans") { message }',
    { message: null },
    ['PUT /lists/31000045356'],
  ],
  [
    'lists.add_contacts',
    'addContactsToList(id: 1, contactIds: [1, 2]) { message }',
    { message: '2 contacts updated.' },
    ['PUT /lists/1/add_contacts'],
  ],
  [
    'lists.remove_contacts.all',
    'removeAllContactsFromList(id: 1) { message }',
    { message: "Updating now... we'll let you know once this is done." },
    ['PUT /lists/1/remove_contacts'],
  ],
];

const gone: readonly Line[] = [
  [
    'contacts.delete',
    'deleteContact(id: 1) { deletedContactId }',
    { deletedContactId: 'gid://freshsales/Contact/1' },
    ['DELETE /contacts/1'],
  ],
  [
    'contacts.delete',
    'forgetContact(id: 1) { forgottenContactId }',
    { forgottenContactId: 'gid://freshsales/Contact/1' },
    ['DELETE /contacts/1/forget'],
  ],
  [
    'notes.delete',
    'deleteNote(id: 1) { deletedNoteId }',
    { deletedNoteId: 'gid://freshsales/Note/1' },
    ['DELETE /notes/1'],
  ],
  [
    'cpq_documents.delete',
    'deleteProduct(id: 1) { deletedProductId }',
    { deletedProductId: 'gid://freshsales/Product/1' },
    ['DELETE /cpq/products/1'],
  ],
  [
    'notes.delete',
    'restoreProduct(id: 31000985825) { product { name } }',
    { product: { name: 'Updated Product Name' } },
    ['PUT /cpq/products/31000985825/restore', 'GET /cpq/products/31000985825'],
    { read: 'cpq.products.put' },
  ],
];

const many: readonly Line[] = [
  [
    'contacts.bulk_destroy',
    'bulkDeleteContacts(ids: [1, 2]) { acceptedIds messages }',
    { acceptedIds: ['gid://freshsales/Contact/1', 'gid://freshsales/Contact/2'], messages: ['2 contacts deleted.'] },
    ['POST /contacts/bulk_destroy'],
  ],
  [
    'contacts.bulk_assign_owner',
    'bulkAssignOwnerToContacts(ids: [1], ownerId: 2) { messages }',
    { messages: ["Assigning now... we'll let you know once this is done."] },
    ['POST /contacts/bulk_assign_owner'],
  ],
  [
    // The report has a hundred rows, 98 of them done; of two that were given, the one that it names failed.
    'contacts.bulk_upsert',
    'bulkUpsertContacts(input: [{ email: "BAD@example", data: {} }, { email: "ok@x.example", data: {} }]) { failed succeeded unknown failures { identifier messages } rows { jobId } }',
    {
      ...{ failed: 1, succeeded: 0, unknown: 1 },
      failures: [{ identifier: 'BAD@example', messages: ['Email is invalid'] }],
      rows: Array(2).fill({ jobId: '1c9d0d5e-0000-4000-8000-000000000001' }),
    },
    ['POST /contacts/bulk_upsert', 'GET /job_statuses/1c9d0d5e-0000-4000-8000-000000000001'],
    { read: 'job_statuses.get' },
  ],
];

const groups: readonly (readonly [what: string, lines: readonly Line[]])[] = [
  ['a record', records],
  ['what is gone', gone],
  ['many records', many],
];

describe.each(groups)('the recorded answer to a write of %s', (_what, lines) => {
  test.each(lines.map((line) => [line[0], line[1], line] as const))('%s: %s', async (name, mutation, line) => {
    const [, , payload, requests, more] = line;
    const answer = await mutate(name, mutation.replace(/ }$/, ' userErrors { message } }'), more);
    expect(answer.errors).toBeUndefined();
    expect(answer.it).toMatchObject({ ...payload, userErrors: [] });
    expect(answer.requests).toEqual(requests);
  });
});

const NAME = 'updateSalesAccount(id: 1, input: { name: "Acme" }) { userErrors { field code } }';
const CONTACT = 'createContact(input: { email: "a@b.example", mobileNumber: "+1" }) { userErrors { field code } }';

describe('a recorded refusal', () => {
  const taken = (...names: string[]) => names.map((name) => ({ field: ['input', name], code: 'NOT_UNIQUE' }));

  test.each([
    ['error.400.single', 400, NAME, taken('name')],
    ['error.400.contact_not_unique', 400, CONTACT, taken('email', 'mobileNumber')],
    [
      'error.400.sales_accounts_invalid',
      400,
      'updateContact(id: 1, input: { salesAccounts: [] }) { userErrors { field code } }',
      [{ field: ['input', 'salesAccounts'], code: 'INVALID' }],
    ],
    ['error.404', 404, NAME, [{ field: ['id'], code: 'NOT_FOUND' }]],
    ['error.422.csrf', 422, NAME, [{ field: null, code: 'INVALID' }]],
  ] as const)('%s is userErrors', async (name, status, mutation, userErrors) => {
    const { it, errors } = await mutate(name, mutation, { status });
    expect(errors).toBeUndefined();
    expect(it).toEqual({ userErrors });
  });

  test.each([
    ['error.401', 401, 'UNAUTHENTICATED', 'NOT_DONE'],
    ['error.403', 403, 'FORBIDDEN', 'NOT_DONE'],
    ['error.429', 429, 'RATE_LIMITED', 'NOT_DONE'],
    ['error.500', 500, 'UPSTREAM_ERROR', 'UNKNOWN'],
  ] as const)('%s is an error with a code', async (name, status, code, outcome) => {
    const { errors } = await mutate(name, NAME, { status });
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code, outcome }) })]);
  });
});

test('covers every recorded response to a write', () => {
  const covered = new Set([...records, ...gone, ...many].map(([name]) => name));
  // Quotes, files and calls are not in the graph.
  const others = /^(cpq\.documents|documents|document_links|phone_calls)\./;
  const written = readdirSync(folder)
    .filter((file) => /\.(post|put|delete|upsert|bulk_\w+|add_contacts|remove_contacts)\./.test(file))
    .map((file) => file.replace('.json', ''));
  expect(written.filter((name) => !covered.has(name) && !others.test(name))).toEqual([]);
});

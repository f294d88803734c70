import { describe, expect, test } from 'vitest';
import { openOffice } from './office.ts';
import { expectRefused, type Refusal } from './refusal.ts';

const many = (count: number, one: (index: number) => string) => Array.from({ length: count }, (_, i) => one(i)).join();
const task = 'title: "x", dueAt: "2026-07-01T00:00:00Z"';
const visit =
  'title: "x", startsAt: "2026-07-02T00:00:00Z", endsAt: "2026-07-03T00:00:00Z", typeId: 31000477934, targetId: "gid://freshsales/Contact/101"';
const lines = (count: number) => many(count, (index) => `{ productId: ${701 + index} }`);
const accounts = (count: number, more = '') =>
  many(count, (index) => `{ id: ${501 + index}, isPrimary: ${index === 0} }`) + more;

/** What a record cannot be without. */
const needed: readonly Refusal[] = [
  ['createSalesAccount(input: { name: "  " })', 'input.name', 'REQUIRED', /must not be empty/],
  ['updateSalesAccount(id: 501, input: { name: null })', 'input.name', 'REQUIRED', /must not be empty/],
  ['createDeal(input: { name: "", amount: 1 })', 'input.name', 'REQUIRED', /must not be empty/],
  ['updateDeal(id: 301, input: { amount: null })', 'input.amount', 'REQUIRED', /must not be empty/],
  ['updateTask(id: 401, input: { title: " " })', 'input.title', 'REQUIRED', /must not be empty/],
  ['updateTask(id: 401, input: { dueAt: null })', 'input.dueAt', 'REQUIRED', /must not be empty/],
  ['updateTask(id: 401, input: { targetId: null })', 'input.targetId', 'REQUIRED', /must not be empty/],
  ['updateAppointment(id: 601, input: { startsAt: null })', 'input.startsAt', 'REQUIRED', /must not be empty/],
  ['updateNote(id: 801, input: { description: "" })', 'input.description', 'REQUIRED', /must not be empty/],
  ['updateSalesActivity(id: 901, input: { typeId: null })', 'input.typeId', 'REQUIRED', /must not be empty/],
  ['createProduct(input: { name: "" })', 'input.name', 'REQUIRED', /must not be empty/],
  ['upsertContact(by: { email: " " }, input: {})', 'by.email', 'REQUIRED', /must not be empty/],
  ['createContactList(name: "")', 'name', 'REQUIRED', /must not be empty/],
  ['addContactsToList(id: 61, contactIds: [])', 'contactIds', 'REQUIRED', /at least one contact/],
  ['bulkDeleteDeals(ids: [])', 'ids', 'REQUIRED', /at least one id/],
  ['bulkUpsertContacts(input: [])', 'input', 'REQUIRED', /at least one row/],
  ['bulkUpsertContacts(input: [{ data: {} }])', 'input.0', 'REQUIRED', /exactly one of email, id\. 0/],
  ['bulkUpsertContacts(input: [{ email: "a@b.example", id: 101, data: {} }])', 'input.0', 'REQUIRED', /2 are given/],
  ['bulkUpsertContacts(input: [{ email: " ", data: {} }])', 'input.0.email', 'REQUIRED', /must not be empty/],
  ...['Contact(id: 101', 'SalesAccount(id: 501', 'Deal(id: 301', 'Task(id: 401', 'Appointment(id: 601'].map(
    (start): Refusal => [`update${start}, input: {})`, 'input', 'REQUIRED', /at least one field/],
  ),
  ['updateNote(id: 801, input: {})', 'input', 'REQUIRED', /at least one field/],
  ['updateProduct(id: 701, input: {})', 'input', 'REQUIRED', /at least one field/],
  ['bulkUpdateDeals(ids: [301], input: {})', 'input', 'REQUIRED', /at least one field/],
];

/** What a task, note or sales activity is about. */
const targets: readonly Refusal[] = [
  [`createTask(input: { ${task}, targetId: 101 })`, 'input.targetId', 'REQUIRED', /does not state its type/],
  [`createTask(input: { ${task}, targetId: "gid://freshsales/User/1" })`, 'input.targetId', 'INVALID', /has type User/],
  [`createTask(input: { ${task}, targetId: "Ada" })`, 'input.targetId', 'INVALID', /not an id/],
  [
    `createTask(input: { ${task}, targetId: "gid://freshsales/Deal/301", targetType: CONTACT })`,
    'input.targetId',
    'INVALID',
    /targetType is another type/,
  ],
  ['updateNote(id: 801, input: { targetType: DEAL })', 'input.targetId', 'REQUIRED', /requires targetId/],
];

/** What does not go together, or is too much. */
const sets: readonly Refusal[] = [
  [
    `updateContact(id: 101, input: { salesAccounts: [${accounts(2).replace('false', 'true')}] })`,
    'input.salesAccounts',
    'INVALID',
    /2 of 2 are marked/,
  ],
  [
    'updateContact(id: 101, input: { salesAccounts: [{ id: 501 }] })',
    'input.salesAccounts',
    'INVALID',
    /0 of 1 are marked/,
  ],
  [
    `updateContact(id: 101, input: { salesAccounts: [${accounts(26)}] })`,
    'input.salesAccounts',
    'INVALID',
    /at most 25.*26/,
  ],
  [
    `updateContact(id: 101, input: { salesAccounts: [${accounts(1, ', { id: "gid://freshsales/SalesAccount/501" }')}] })`,
    'input.salesAccounts',
    'INVALID',
    /twice/,
  ],
  ['updateContact(id: 101, input: { email: "ada" })', 'input.email', 'INVALID', /no @/],
  ['updateContact(id: 101, input: { email: "a@b.c", emails: [] })', 'input.emails', 'INVALID', /not both/],
  [
    'updateContact(id: 101, input: { emails: [{ value: "a@b.c", isPrimary: true }, { value: "d@e.f", isPrimary: true }] })',
    'input.emails',
    'INVALID',
    /At most one.*2 are/,
  ],
  [
    'updateContact(id: 101, input: { phoneNumbers: [{ value: "" }] })',
    'input.phoneNumbers.0.value',
    'REQUIRED',
    /empty/,
  ],
  ['updateContact(id: 101, input: { customFields: [1] })', 'input.customFields', 'INVALID', /must be an object/],
  [
    'updateContact(id: 101, input: { customFields: { nickname: "x" } })',
    'input.customFields.nickname',
    'INVALID',
    /start with cf_/,
  ],
  [`updateDeal(id: 301, input: { products: [${lines(101)}] })`, 'input.products', 'INVALID', /at most 100.*101/],
  [
    'updateDeal(id: 301, input: { products: [{ productId: 701, quantity: -1 }] })',
    'input.products.0.quantity',
    'INVALID',
    /0 or more/,
  ],
  [
    'updateDeal(id: 301, input: { addContactIds: [101], removeContactIds: ["gid://freshsales/Contact/101"] })',
    'input.removeContactIds',
    'INVALID',
    /both added and removed/,
  ],
  [
    'createAppointment(input: { title: "x", startsAt: "2026-07-02T00:00:00Z", endsAt: "2026-07-01T00:00:00Z" })',
    'input.endsAt',
    'INVALID',
    /before startsAt/,
  ],
  ['updateAppointment(id: 601, input: { timeZone: "Europe/Berlin" })', 'input.timeZone', 'INVALID', /Rails time zone/],
  [
    `createSalesActivity(input: { ${visit.replace('2026-07-03', '2026-07-01')} })`,
    'input.endsAt',
    'INVALID',
    /before startsAt/,
  ],
  [
    'updateProduct(id: 701, input: { pricings: [{ currencyCode: "usd", unitPrice: 1 }] })',
    'input.pricings.0.currencyCode',
    'INVALID',
    /three-letter ISO 4217/,
  ],
  [
    'updateProduct(id: 701, input: { pricings: [{ currencyCode: "USD", unitPrice: 1, isRemoved: true }] })',
    'input.pricings.0.id',
    'REQUIRED',
    /price to remove/,
  ],
  [
    'moveContactsBetweenLists(fromListId: 61, toListId: "gid://freshsales/ContactList/61", contactIds: [101])',
    'toListId',
    'INVALID',
    /the same list/,
  ],
  [
    'bulkUpsertContacts(input: [{ email: "A@b.example", data: {} }, { email: "a@B.example ", data: {} }])',
    'input.1.email',
    'INVALID',
    /earlier row/i,
  ],
  [
    'bulkUpsertContacts(input: [{ email: "a@b.example", data: { ownerId: "gid://freshsales/Deal/1" } }])',
    'input.0.data.ownerId',
    'INVALID',
    /id of type User/,
  ],
];

describe.each([
  ['something missing', needed],
  ['a target', targets],
  ['a set', sets],
])('%s is refused before a call', (_what, refusals) => {
  test.each(refusals)('%s', (...refusal) => expectRefused(refusal));
});

test('reports several errors at once', async () => {
  const { sandbox, ask } = openOffice();
  const { data } = await ask(
    `mutation { createTask(input: { title: " ", dueAt: "2026-07-01T00:00:00Z", targetId: 1, ownerId: "gid://freshsales/Deal/1" }) { task { id } userErrors { field code } } }`,
  );
  expect(data).toEqual({
    createTask: {
      task: null,
      userErrors: [
        { field: ['input', 'title'], code: 'REQUIRED' },
        { field: ['input', 'ownerId'], code: 'INVALID' },
        { field: ['input', 'targetId'], code: 'REQUIRED' },
      ],
    },
  });
  expect(sandbox.requests).toEqual([]);
});

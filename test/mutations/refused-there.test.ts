import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Identified } from '../../src/freshsales/resource.ts';
import { recordTypes } from '../../src/resources/index.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openOffice } from './office.ts';

const update = (input: string) => `updateContact(id: 101, input: { ${input} })`;
const long = (count: number) => 'x'.repeat(count);

/** Freshsales' own refusals, as the sandbox makes them after the recorded ones. */
const refusals: readonly (readonly [mutation: string, field: string | null, code: string, message: RegExp])[] = [
  ['createContact(input: { firstName: "x" })', 'input.email', 'REQUIRED', /^Need to fill this Email$/],
  ['createContact(input: {})', 'input.email', 'REQUIRED', /^Need to fill this Email$/],
  [update('email: null'), 'input.email', 'REQUIRED', /^Need to fill this Email$/],
  [update('email: "BEN@globex.example"'), 'input.email', 'NOT_UNIQUE', /already exists\.$/],
  ['createContact(input: { email: "Ada@Acme.example" })', 'input.email', 'NOT_UNIQUE', /already exists\.$/],
  ['createContact(input: { emails: [{ value: "ada@acme.example" }] })', 'input.emails', 'NOT_UNIQUE', /already exists/],
  ['cloneContact(id: 101)', 'input.email', 'NOT_UNIQUE', /already exists/],
  ['cloneContact(id: 101, input: { city: "Pune" })', 'input.email', 'NOT_UNIQUE', /already exists/],
  [
    'upsertContact(by: { id: 102 }, input: { email: "ada@acme.example" })',
    'input.email',
    'NOT_UNIQUE',
    /already exists/,
  ],
  ['upsertSalesAccount(by: { id: 502 }, input: { name: "acme" })', 'input.name', 'NOT_UNIQUE', /already been taken/],
  [update('email: "a@b"'), 'input.email', 'INVALID', /invalid email address/],
  [update(`email: "${long(70)}@x.example"`), 'input.email', 'INVALID', /invalid email address/],
  [update(`email: "${long(300)}@x.example"`), 'input.email', 'INVALID', /invalid email address/],
  [update(`firstName: "${long(300)}"`), 'input.firstName', 'INVALID', /not in required length/],
  [update('statusId: 9'), 'input.statusId', 'INVALID', /^Invalid contact status provided\.$/],
  [update('lifecycleStageId: 9'), 'input.lifecycleStageId', 'INVALID', /^Invalid lifecycle stage provided\.$/],
  [update('ownerId: 9'), 'input.ownerId', 'INVALID', /^Owner doesn't exist$/],
  ['createSalesAccount(input: { name: "ACME" })', 'input.name', 'NOT_UNIQUE', /^Name has already been taken$/],
  ['cloneSalesAccount(id: 501)', 'input.name', 'NOT_UNIQUE', /^Name has already been taken$/],
  ['cloneSalesAccount(id: 501, input: { name: "Globex" })', 'input.name', 'NOT_UNIQUE', /already been taken$/],
  ['updateSalesAccount(id: 501, input: { name: "globex" })', 'input.name', 'NOT_UNIQUE', /already been taken$/],
  ['updateSalesAccount(id: 501, input: { website: "not a url" })', 'input.website', 'INVALID', /required format/],
  ['updateSalesAccount(id: 501, input: { parentId: 501 })', 'input.parentId', 'INVALID', /invalid$/],
  // Freshsales' own word for the amount, which is not that of the column.
  ['updateDeal(id: 301, input: { amount: "9007199254740993" })', null, 'INVALID', /^Deal value is too large$/],
  [
    'createTask(input: { title: "x", dueAt: "2026-07-01T00:00:00Z", targetId: "gid://freshsales/Contact/9" })',
    'input.targetId',
    'INVALID',
    /^Targetable doesn't exist$/,
  ],
  [
    'updateAppointment(id: 601, input: { timeZone: "Mars" })',
    'input.timeZone',
    'INVALID',
    /^Not a supported time zone$/,
  ],
  ['createContactList(name: "Buyers")', 'name', 'NOT_UNIQUE', /^Name has already been taken$/],
];

test.each(refusals)('%s', async (mutation, field, code, message) => {
  const { sandbox, ask } = openOffice();
  const before = JSON.stringify(tables(sandbox));
  const { data, errors, requests } = await ask(`mutation { it: ${mutation} { userErrors { field code message } } }`);
  expect(errors).toBeUndefined();
  const problem = { field: field?.split('.') ?? null, code, message: expect.stringMatching(message) };
  expect(data).toEqual({ it: { userErrors: [problem] } });
  expect(requests).toHaveLength(1);
  expect(JSON.stringify(tables(sandbox))).toBe(before);
});

const tables = (sandbox: Sandbox) => recordTypes.map((table) => sandbox.rows<Identified>(table));

/** Every sentence that was recorded, with what was sent when it came. */
const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/error.400.validation_texts.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string> | string[]>;

const asked: Readonly<
  Record<string, Readonly<Record<string, readonly [mutation: string, field: string | null, code: string]>>>
> = {
  contact: {
    'no e-mail': ['createContact(input: { firstName: "x" })', 'input.email', 'REQUIRED'],
    'duplicate e-mail': [update('email: "dup@acme.example"'), 'input.email', 'NOT_UNIQUE'],
    'bad e-mail': [update('email: "a@b"'), 'input.email', 'INVALID'],
    'too long': [update('firstName: "x"'), null, 'INVALID'],
    'bad status': [update('statusId: 9'), 'input.statusId', 'INVALID'],
    'bad lifecycle': [update('lifecycleStageId: 9'), 'input.lifecycleStageId', 'INVALID'],
    'non-JSON body': [update('city: "x"'), null, 'INVALID'],
  },
  sales_account: {
    'empty name': ['createSalesAccount(input: { name: "x" })', 'input.name', 'INVALID'],
    duplicate: ['createSalesAccount(input: { name: "x" })', 'input.name', 'NOT_UNIQUE'],
    'bad website': ['updateSalesAccount(id: 501, input: { website: "x" })', 'input.website', 'INVALID'],
    'name > 255': ['createSalesAccount(input: { name: "x" })', null, 'INVALID'],
  },
  deal: {
    'empty name': ['createDeal(input: { name: "x", amount: 1 })', 'input.name', 'INVALID'],
    'unknown stage': ['createDeal(input: { name: "x", amount: 1, stageId: 9 })', 'input.stageId', 'INVALID'],
  },
  task: {
    'blank title': ['updateTask(id: 401, input: { title: "x" })', 'input.title', 'INVALID'],
    'no due date': ['updateTask(id: 401, input: { dueAt: "2026-07-01T00:00:00Z" })', 'input.dueAt', 'INVALID'],
  },
  note: { empty: ['updateNote(id: 801, input: { description: "x" })', null, 'INVALID'] },
};

const sentences = Object.entries(recorded).flatMap(([record, texts]) =>
  Array.isArray(texts) ? [] : Object.entries(texts).map(([what, text]) => [record, what, text] as const),
);

describe('a recorded message', () => {
  test.each(sentences)('%s, %s: %s', async (record, what, text) => {
    const { sandbox, ask } = openOffice();
    const message = text.replace('<email>', 'dup@acme.example');
    const [mutation, field, code] = asked[record]?.[what] ?? ['', '', ''];
    sandbox.failNext(/^(POST|PUT)/, { status: 400, body: { errors: { code: 400, message: [message] } } });
    const { data, errors } = await ask(`mutation { it: ${mutation} { userErrors { field code message } } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ it: { userErrors: [{ field: field?.split('.') ?? null, code, message }] } });
  });

  test('reports three of them at once', async () => {
    const { sandbox, ask } = openOffice();
    const message = recorded.appointment as string[];
    sandbox.failNext(/appointments/, { status: 400, body: { errors: { code: 400, message } } });
    const { data } = await ask(
      'mutation { createAppointment(input: { title: "x", startsAt: "2026-07-01T00:00:00Z", endsAt: "2026-07-01T00:00:00Z", timeZone: "Mars" }) { userErrors { field message } } }',
    );
    const fields = ['title', 'startsAt', 'endsAt', 'timeZone'];
    expect(data).toEqual({
      createAppointment: {
        userErrors: fields.map((field, index) => ({ field: ['input', field], message: message[index] })),
      },
    });
  });
});

/** A record that is not there, for every mutation that takes its id. */
const missing = [
  ...['Contact', 'SalesAccount', 'Deal', 'Task', 'Appointment', 'Note', 'SalesActivity', 'Product'].map(
    (type) => `delete${type}(id: 999)`,
  ),
  ...['updateContact', 'updateSalesAccount'].map((name) => `${name}(id: 999, input: { city: "x" })`),
  ...['updateDeal(id: 999, input: { tags: [] })', 'updateTask(id: 999, input: { title: "x" })'],
  ...['updateAppointment(id: 999, input: { title: "x" })', 'updateNote(id: 999, input: { description: "x" })'],
  ...['updateSalesActivity(id: 999, input: { title: "x" })', 'updateProduct(id: 999, input: { name: "x" })'],
  ...['cloneContact(id: 999)', 'cloneDeal(id: 999)', 'cloneSalesAccount(id: 999)', 'completeTask(id: 999)'],
  ...['forgetContact(id: 999)', 'forgetDeal(id: 999)', 'forgetSalesAccount(id: 999)'],
  // Neither can what is not in the recycle bin be brought back from it, nor what is there be changed.
  ...['restoreContact(id: 101)', 'restoreProduct(id: 701)', 'updateContact(id: 103, input: { city: "x" })'],
  ...['renameContactList(id: 999, name: "x")', 'addContactsToList(id: 999, contactIds: [101])'],
];

test.each(missing)('reports NOT_FOUND at the id: %s', async (mutation) => {
  const { ask } = openOffice();
  const { data, errors, requests } = await ask(`mutation { it: ${mutation} { userErrors { field code message } } }`);
  expect(errors).toBeUndefined();
  const problem = { field: ['id'], code: 'NOT_FOUND', message: expect.stringMatching(/not in the CRM/) };
  expect(data).toEqual({ it: { userErrors: [problem] } });
  expect(requests).toHaveLength(1);
});

test('reports the id of an upsert if no record has it', async () => {
  const { ask } = openOffice();
  const { data } = await ask(
    'mutation { upsertContact(by: { id: 999 }, input: {}) { created userErrors { field code } } }',
  );
  expect(data).toEqual({ upsertContact: { created: null, userErrors: [{ field: ['by', 'id'], code: 'NOT_FOUND' }] } });
});

test('reports both lists if Freshsales does not say which is missing', async () => {
  const { ask } = openOffice();
  const { data } = await ask(
    'mutation { moveContactsBetweenLists(fromListId: 999, toListId: 61, contactIds: [101]) { contactList { id } userErrors { field code } } }',
  );
  expect(data).toEqual({
    moveContactsBetweenLists: { contactList: null, userErrors: [{ field: null, code: 'NOT_FOUND' }] },
  });
});

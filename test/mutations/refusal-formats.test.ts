import { describe, expect, test } from 'vitest';
import type { FailedAnswer } from '../../src/sandbox/sandbox.ts';
import { openOffice } from './office.ts';

/** An update of each record type, and the path and wire name of a column it sends. */
const writes = [
  ['updateContact(id: 101, input: { email: "x@y.example" })', 'contact', 'email', 'input.email', 'suite'],
  ['updateSalesAccount(id: 501, input: { name: "Initech" })', 'sales_account', 'name', 'input.name', 'suite'],
  [
    'updateDeal(id: 301, input: { expectedCloseOn: "2026-07-01" })',
    'deal',
    'expected_close',
    'input.expectedCloseOn',
    'suite',
  ],
  ['updateLead(id: 201, input: { email: "x@y.example" })', 'lead', 'email', 'input.email', 'classic'],
  ['updateTask(id: 401, input: { dueAt: "2026-07-01T09:00:00Z" })', 'task', 'due_date', 'input.dueAt', 'suite'],
  [
    'updateAppointment(id: 601, input: { startsAt: "2026-07-01T09:00:00Z" })',
    'appointment',
    'from_date',
    'input.startsAt',
    'suite',
  ],
  ['updateNote(id: 801, input: { description: "x" })', 'note', 'description', 'input.description', 'suite'],
  ['updateSalesActivity(id: 901, input: { title: "x" })', 'sales_activity', 'title', 'input.title', 'suite'],
  ['updateProduct(id: 701, input: { skuNumber: "x" })', 'product', 'sku_number', 'input.skuNumber', 'suite'],
] as const;

/** The formats that name a column. */
const formats: readonly (readonly [string, (column: string, one: string) => unknown])[] = [
  ['errors by column', (column) => ({ errors: { [column]: ['is invalid'] } })],
  ['errors by column as text', (column) => ({ errors: { [column]: 'is invalid' } })],
  ['a list of errors by column', (column) => ({ errors: [{ [column]: ['is invalid'] }] })],
  ['a list of objects', (column) => ({ errors: [{ field: column, message: 'is invalid' }] })],
  ['a list without an envelope', (column) => [{ attribute: column, message: 'is invalid' }]],
  ['an envelope in the name', (column, one) => ({ errors: [{ field: `${one}.${column}`, message: 'is invalid' }] })],
  ['nested by record type', (column, one) => ({ errors: { [one]: { [column]: ['is invalid'] } } })],
];

const cases = writes.flatMap(([mutation, one, column, path, product]) =>
  // A description as text may be that of the error.
  formats
    .filter(([what]) => column !== 'description' || what !== 'errors by column as text')
    .map(([what, format]) => [`${one}, ${what}`, mutation, format(column, one), path, product] as const),
);

test.each(cases)('names the argument: %s', async (_what, mutation, body, path, product) => {
  const { sandbox, ask } = openOffice({ product });
  sandbox.failNext(/^PUT/, { status: 422, body });
  const { data, errors, requests } = await ask(`mutation { it: ${mutation} { userErrors { field code message } } }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({ it: { userErrors: [{ field: path.split('.'), code: 'INVALID', message: 'is invalid' }] } });
  expect(requests).toHaveLength(1);
});

const CONTACT = 'updateContact(id: 101, input: { emails: [{ value: "x@y.example" }], customFields: { cf_seats: 1 } })';

test.each([
  ['emails[0].value', ['input', 'emails', '0', 'value']],
  ['emails.0.is_primary', ['input', 'emails', '0', 'isPrimary']],
  ['/contact/emails/0/value', ['input', 'emails', '0', 'value']],
  ['custom_field.cf_seats', ['input', 'customFields', 'cf_seats']],
  ['contact[custom_field][cf_seats]', ['input', 'customFields', 'cf_seats']],
  ['cf_seats', ['input', 'customFields', 'cf_seats']],
  ['owner_id', ['input', 'ownerId']],
  ['owner', ['input', 'ownerId']],
  ['MobileNumber', ['input', 'mobileNumber']],
  ['Mobile number', ['input', 'mobileNumber']],
])('finds the argument of “%s”', async (column, field) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/^PUT/, { status: 400, body: { errors: [{ field: column, message: 'is invalid' }] } });
  const { data } = await ask(`mutation { it: ${CONTACT} { userErrors { field message } } }`);
  expect(data).toEqual({ it: { userErrors: [{ field, message: 'is invalid' }] } });
});

test('keeps the name of a column that is not an argument', async () => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/^PUT/, { status: 400, body: { errors: { merge_score: ['is too low'] } } });
  const { data } = await ask(`mutation { it: ${CONTACT} { userErrors { field message } } }`);
  expect(data).toEqual({ it: { userErrors: [{ field: null, message: 'merge_score is too low' }] } });
});

test('finds the custom field that a message names', async () => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/^PUT/, { status: 400, body: { message: 'cf_seats must be a number' } });
  const { data } = await ask(`mutation { it: ${CONTACT} { userErrors { field } } }`);
  expect(data).toEqual({ it: { userErrors: [{ field: ['input', 'customFields', 'cf_seats'] }] } });
});

test.each([
  ['has already been taken', undefined, 'NOT_UNIQUE'],
  ['is taken', undefined, 'NOT_UNIQUE'],
  ['is already used by another contact', undefined, 'NOT_UNIQUE'],
  ['x', 'duplicate_value', 'NOT_UNIQUE'],
  ['x', 'missing_field', 'REQUIRED'],
  ['x', 'datatype_mismatch', 'INVALID'],
] as const)('gives the code of “%s” with %s', async (message, code, expected) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/^PUT/, { status: 409, body: { errors: [{ field: 'emails', message, code }] } });
  const { data } = await ask(`mutation { it: ${CONTACT} { userErrors { code } } }`);
  expect(data).toEqual({ it: { userErrors: [{ code: expected }] } });
});

describe('a 4xx response with a reason', () => {
  const bodies = [{ errors: ['Not so.'] }, { error: 'Not so.' }, { message: 'Not so.' }, { description: 'Not so.' }];
  const statuses = [400, 402, 406, 409, 413, 415, 422].flatMap((status) => bodies.map((body) => ({ status, body })));
  const [, PUT = ''] = /(.*)/.exec(writes[1][0]) ?? [];

  test.each(statuses)('becomes userErrors after a write: $status $body', async (answer: FailedAnswer) => {
    for (const mutation of [PUT, 'createDeal(input: { name: "x", amount: 1 })', 'deleteTask(id: 401)']) {
      const { sandbox, ask } = openOffice();
      sandbox.failNext(/./, answer);
      const { data, errors, requests } = await ask(
        `mutation { it: ${mutation} { userErrors { field code message } } }`,
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({ it: { userErrors: [{ field: null, code: 'INVALID', message: 'Not so.' }] } });
      expect(requests).toHaveLength(1);
    }
  });
});

test.each([402, 406, 413, 415])(
  'returns an error for a %i without a reason, and reports that nothing was done',
  async (status) => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/./, { status, text: '<html>' });
    const { errors, requests } = await ask(`mutation { it: ${CONTACT} { userErrors { code } } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_ERROR', outcome: 'NOT_DONE' });
    expect(requests).toHaveLength(1);
  },
);

test.each(['{ contact(id: 101) { displayName } }', '{ deal(id: 301) { name } }', '{ owners { email } }'])(
  'a 403 to a read keeps its sentence: %s',
  async (query) => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/./, { status: 403, body: { errors: { code: 403, message: ['U bent niet bevoegd.'] } } });
    const { errors } = await ask(query);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/U bent niet bevoegd\.$/),
      extensions: { code: 'FORBIDDEN' },
    });
  },
);

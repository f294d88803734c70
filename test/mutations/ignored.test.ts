import { describe, expect, test } from 'vitest';
import { openOffice } from './office.ts';

/** A create or update of each record type that sends a custom field which the account does not have. */
const misspelt = [
  ['updateContact(id: 101, input: { customFields: { cf_nicknam: "x" } })', 'contact', 'cf_nickname', 'contacts'],
  [
    'updateSalesAccount(id: 501, input: { customFields: { cf_is_vipp: true } })',
    'salesAccount',
    'cf_is_vip',
    'sales_accounts',
  ],
  ['updateDeal(id: 301, input: { customFields: { cf_nowhere_at_all: 1 } })', 'deal', null, 'deals'],
  ['updateLead(id: 201, input: { customFields: { cf_nowhere_at_all: 1 } })', 'lead', null, 'leads'],
] as const;

describe('a custom field that does not exist', () => {
  // The sandbox takes any custom field of a lead.
  test.each(misspelt.filter(([, record]) => record !== 'lead'))(
    'is reported beside the record: %s',
    async (mutation, record) => {
      const { ask } = openOffice();
      const { data, errors, requests } = await ask(
        `mutation { it: ${mutation} { ${record} { databaseId } userErrors { field code message } } }`,
      );
      expect(errors).toBeUndefined();
      const name = /cf_\w+/.exec(mutation)?.[0];
      const message = expect.stringMatching(`^The account has no custom field “${name}”\\.`);
      expect(data).toEqual({
        it: {
          [record]: { databaseId: expect.any(String) },
          userErrors: [{ field: ['input', 'customFields', name], code: 'IGNORED', message }],
        },
      });
      expect(requests).toHaveLength(1);
    },
  );

  test.each(misspelt)(
    'is refused before the call if the field list is cached: %s',
    async (mutation, _record, meant, path) => {
      const { ask } = openOffice({ product: path === 'leads' ? 'classic' : 'suite' });
      const type = { contacts: 'CONTACT', sales_accounts: 'SALES_ACCOUNT', deals: 'DEAL', leads: 'LEAD' }[path];
      const fields = await ask(`{ fields(type: ${type}) { name } }`);
      expect(fields).toMatchObject({ errors: undefined, requests: [`GET /settings/${path}/fields`] });
      const names = (fields.data as unknown as { fields: { name: string }[] }).fields.map(({ name }) => name);
      const { data, requests } = await ask(`mutation { it: ${mutation} { userErrors { field code message } } }`);
      const name = /cf_\w+/.exec(mutation)?.[0];
      expect(data).toEqual({
        it: {
          userErrors: [
            {
              ...{ field: ['input', 'customFields', name], code: 'INVALID' },
              message: expect.stringMatching(
                meant && names.includes(meant) ? `Did you mean ${meant}` : '^The account has no',
              ),
            },
          ],
        },
      });
      expect(requests).toEqual([]);
    },
  );

  test('is refused in each row of a bulk write', async () => {
    const { ask } = openOffice();
    await ask('{ fields(type: CONTACT) { name } }');
    const { data, requests } = await ask(
      'mutation { it: bulkUpsertContacts(input: [{ email: "a@x.example", data: { customFields: { cf_nope: 1 } } }]) { userErrors { field code } } }',
    );
    expect(data).toEqual({
      it: { userErrors: [{ field: ['input', '0', 'data', 'customFields', 'cf_nope'], code: 'INVALID' }] },
    });
    expect(requests).toEqual([]);
  });
});

/** What is sent, the record in the response, and the arguments that were ignored. */
const responses = [
  ['updateContact(id: 101, input: { mobileNumber: "abc" })', { mobile_number: null }, ['mobileNumber']],
  ['updateContact(id: 101, input: { mobileNumber: "1-926-555-9504" })', { mobile_number: '19265559504' }, []],
  ['updateContact(id: 101, input: { mobileNumber: "1" })', {}, []],
  ['updateContact(id: 101, input: { mobileNumber: null, city: "" })', { mobile_number: null, city: null }, []],
  ['updateContact(id: 101, input: { tags: ["a"] })', { tags: [] }, ['tags']],
  ['updateContact(id: 101, input: { customFields: { cf_seats: 0 } })', { custom_field: { cf_seats: null } }, []],
  // Telephone numbers.
  [
    'updateContact(id: 101, input: { mobileNumber: "1-926-555-9504" })',
    { mobile_number: '19265550000' },
    ['mobileNumber'],
  ],
  ['updateContact(id: 101, input: { mobileNumber: "+49 (0)30 1234" })', { mobile_number: '+49 (0)30 1234' }, []],
  ['updateContact(id: 101, input: { workNumber: "0049 30 123456" })', { work_number: '+4930123456' }, []],
  ['updateContact(id: 101, input: { workNumber: "030 123456" })', { work_number: 4930123456 }, []],
  ['updateContact(id: 101, input: { workNumber: "555 1234 5678" })', { work_number: '1' }, ['workNumber']],
  ['updateContact(id: 101, input: { mobileNumber: " +1 926 555 9504 " })', { mobile_number: '9265559504' }, []],
  ['updateSalesAccount(id: 501, input: { phone: "555 123456" })', { phone: '555 654321' }, ['phone']],
  // E-mail addresses are refused if they are wrong. The primary one may stay another.
  ['updateContact(id: 101, input: { email: " Ada@X.example" })', { email: 'ada@x.example' }, []],
  ['updateContact(id: 101, input: { email: "new@x.example" })', { email: 'ada@acme.example' }, []],
  // Days and times.
  [
    'updateDeal(id: 301, input: { expectedCloseOn: "2026-07-01" })',
    { expected_close: '2026-07-02' },
    ['expectedCloseOn'],
  ],
  [
    'updateDeal(id: 301, input: { expectedCloseOn: "2026-07-01" })',
    { expected_close: '2026-07-01T00:00:00+05:30' },
    [],
  ],
  ['updateDeal(id: 301, input: { expectedCloseOn: "2026-07-01" })', { expected_close: '2026-06-30T22:00:00Z' }, []],
  ['updateDeal(id: 301, input: { expectedCloseOn: "2026-07-13" })', { expected_close: '13/07/2026' }, []],
  ['updateDeal(id: 301, input: { expectedCloseOn: "2026-07-13" })', { expected_close: '12/07/2026' }, []],
  ['updateTask(id: 401, input: { dueAt: "2026-07-01T09:00:00+02:00" })', { due_date: '2026-07-01T12:30:00+05:30' }, []],
  ['updateTask(id: 401, input: { dueAt: "2026-07-01T09:00:30Z" })', { due_date: '2026-07-01T09:00:00Z' }, []],
  ['updateTask(id: 401, input: { dueAt: "2026-07-01T09:00:00Z" })', { due_date: '2026-07-01 11:00:00' }, []],
  ['updateTask(id: 401, input: { dueAt: "2026-07-01T09:00:00Z" })', { due_date: '2026-07-03T09:00:00Z' }, ['dueAt']],
  ['updateTask(id: 401, input: { dueAt: "2026-07-01T09:00:00Z" })', { due_date: 1782896400 }, []],
  // Amounts.
  ['updateDeal(id: 301, input: { amount: 1000 })', { amount: '1000.0' }, []],
  ['updateDeal(id: 301, input: { amount: "1000.50" })', { amount: 1000.5 }, []],
  ['updateDeal(id: 301, input: { amount: 1000 })', { amount: '100.0' }, ['amount']],
  ['updateDeal(id: 301, input: { amount: 1000 })', { amount: '100.0', has_products: true }, []],
  ['updateSalesAccount(id: 501, input: { annualRevenue: "12.50" })', { annual_revenue: 12.5 }, []],
  ['updateSalesAccount(id: 501, input: { annualRevenue: "12.50" })', { annual_revenue: 12 }, ['annualRevenue']],
  ['updateSalesAccount(id: 501, input: { numberOfEmployees: 50 })', { number_of_employees: 11 }, []],
  // Lists.
  ['updateContact(id: 101, input: { tags: ["a", "b"] })', { tags: ['a'] }, ['tags']],
  ['updateContact(id: 101, input: { tags: ["a;b"] })', { tags: ['a;b'] }, []],
] as const;

test.each(responses)('%s with %j', async (mutation, row, ignored) => {
  const { sandbox, ask } = openOffice();
  const [, type = '', id] = /update(\w+)\(id: (\d+)/.exec(mutation) ?? [];
  const one = type === 'SalesAccount' ? 'sales_account' : type.toLowerCase();
  sandbox.failNext(/^PUT/, { status: 200, body: { [one]: { id, ...row } } });
  const field = type === 'SalesAccount' ? 'salesAccount' : one;
  const { data, errors } = await ask(`mutation { it: ${mutation} { ${field} { id } userErrors { field code } } }`);
  expect(errors).toBeUndefined();
  const userErrors = ignored.map((name) => ({ field: ['input', name], code: 'IGNORED' }));
  expect(data).toEqual({ it: { [field]: { id: `gid://freshsales/${type}/${id}` }, userErrors } });
});

test.each([
  [
    '{ emails: [{ value: "Ada@X.example" }, { value: "b@x.example" }] }',
    { emails: [{ value: 'ada@x.example' }] },
    ['emails', '1', 'value'],
  ],
  ['{ phoneNumbers: [{ value: "+1 (926) 555-9504" }] }', { phone_numbers: ['19265559504'] }, undefined],
  [
    '{ phoneNumbers: [{ value: "+1 (926) 555-9504" }] }',
    { phone_numbers: [{ value: '5' }] },
    ['phoneNumbers', '0', 'value'],
  ],
  ['{ customFields: { cf_seats: 5 } }', { custom_field: { cf_seats: '5.0' } }, undefined],
  ['{ customFields: { cf_seats: 5 } }', { custom_field: { cf_seats: 6 } }, ['customFields', 'cf_seats']],
  ['{ customFields: { cf_on: "2026-07-01" } }', { custom_field: { cf_on: '2026-07-01T00:00:00+02:00' } }, undefined],
  ['{ customFields: { cf_on: "2026-07-01" } }', { custom_field: { cf_on: '2026-01-07' } }, ['customFields', 'cf_on']],
  ['{ customFields: { cf_yes: true } }', { custom_field: { cf_yes: 'false' } }, ['customFields', 'cf_yes']],
])('%s with %j', async (input, row, path) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/^PUT/, { status: 200, body: { contact: { id: 101, ...row } } });
  const { data } = await ask(`mutation { it: updateContact(id: 101, input: ${input}) { userErrors { field code } } }`);
  expect(data).toEqual({ it: { userErrors: path ? [{ field: ['input', ...path], code: 'IGNORED' }] : [] } });
});

test.each([
  'upsertContact(by: { id: 101 }, input: { mobileNumber: "555 1234567" })',
  'cloneContact(id: 101, input: { email: "c@x.example", mobileNumber: "555 1234567" })',
  'createContact(input: { email: "c@x.example", mobileNumber: "555 1234567" })',
])('another number is reported, whatever the write: %s', async (mutation) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/^POST/, { status: 200, body: { contact: { id: 101, mobile_number: '555' } } });
  const { data } = await ask(`mutation { it: ${mutation} { userErrors { field code message } } }`);
  const message = 'Freshsales stored “555” instead of this value. Check its format.';
  expect(data).toEqual({ it: { userErrors: [{ field: ['input', 'mobileNumber'], code: 'IGNORED', message }] } });
});

test('reports a date that Freshsales dropped', async () => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/^POST/, { status: 200, body: { deal: { id: 301, name: 'x', expected_close: null } } });
  const { data } = await ask(
    'mutation { it: createDeal(input: { name: "x", amount: 1, expectedCloseOn: "2026-07-01" }) { deal { databaseId } userErrors { field code } } }',
  );
  expect(data).toEqual({
    it: { deal: { databaseId: '301' }, userErrors: [{ field: ['input', 'expectedCloseOn'], code: 'IGNORED' }] },
  });
});

describe('a delete with an unusual response', () => {
  const deletes = [
    ...['Contact', 'SalesAccount', 'Deal', 'Task', 'Appointment', 'Note', 'SalesActivity', 'Product'].map(
      (type) => [type, 'suite'] as const,
    ),
    ['Lead', 'classic'] as const,
  ];
  const ids: Readonly<Record<string, number>> = {
    ...{ Contact: 101, SalesAccount: 501, Deal: 301, Task: 401, Appointment: 601, Note: 801 },
    ...{ SalesActivity: 901, Product: 701, Lead: 201 },
  };
  const denials = [
    false,
    { success: false },
    { success: 'false' },
    { success: '400' },
    { msg: { id: 1, code: 'error' } },
    ...['false', 0, { status: 'failed' }, { result: false }, { deleted: false }, { code: 500 }],
  ];

  test.each(deletes.flatMap(([type, product]) => denials.map((body) => [type, body, product] as const)))(
    'delete%s answered with %j',
    async (type, body, product) => {
      const { sandbox, ask } = openOffice({ product });
      sandbox.failNext(/^DELETE/, { status: 200, body });
      const { data, errors, requests } = await ask(
        `mutation { it: delete${type}(id: ${ids[type]}) { id: deleted${type}Id userErrors { field code message } } }`,
      );
      expect(errors).toBeUndefined();
      const message = 'Freshsales answered that it did not do this.';
      expect(data).toEqual({ it: { id: null, userErrors: [{ field: null, code: 'INVALID', message }] } });
      expect(requests).toHaveLength(1);
    },
  );

  test.each([true, { success: '200' }, { success: true }, { msg: { id: 1, code: 'success' } }, { code: 0 }, null])(
    'deleteContact answered with %j',
    async (body) => {
      const { sandbox, ask } = openOffice();
      sandbox.failNext(/^DELETE/, { status: 200, body });
      const { data } = await ask('mutation { it: deleteContact(id: 101) { deletedContactId userErrors { code } } }');
      expect(data).toEqual({ it: { deletedContactId: 'gid://freshsales/Contact/101', userErrors: [] } });
    },
  );

  test('keeps Freshsales’ message if the delete is denied', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^POST/, { status: 200, body: { success: false, message: 'Too many deals.' } });
    const { data } = await ask(
      'mutation { it: createDeal(input: { name: "x", amount: 1 }) { userErrors { message } } }',
    );
    expect(data).toEqual({ it: { userErrors: [{ message: 'Too many deals.' }] } });
  });
});

import { describe, expect, test } from 'vitest';
import { productType } from '../../src/resources/product/record.ts';
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
] as const;

test.each(responses)('%s with %j', async (mutation, row, ignored) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/^PUT/, { status: 200, body: { contact: { id: 101, ...row } } });
  const { data, errors } = await ask(`mutation { it: ${mutation} { contact { id } userErrors { field code } } }`);
  expect(errors).toBeUndefined();
  const userErrors = ignored.map((name) => ({ field: ['input', name], code: 'IGNORED' }));
  expect(data).toEqual({ it: { contact: { id: 'gid://freshsales/Contact/101' }, userErrors } });
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

describe('prices of a new product', () => {
  const CREATE =
    'mutation { it: createProduct(input: { name: "Seat", pricings: [{ currencyCode: "USD", unitPrice: "10.5" }, { currencyCode: "EUR", unitPrice: 9 }] }) { product { pricings { currencyCode unitPrice } } userErrors { field code } } }';
  const POST = 'POST /cpq/products?include=product_pricings';
  const PUT = 'PUT /cpq/products/705?include=product_pricings';
  const GET = 'GET /cpq/products/705?include=product_pricings';
  const both = [
    { currencyCode: 'USD', unitPrice: '10.5' },
    { currencyCode: 'EUR', unitPrice: '9' },
  ];

  /** An office whose POST answers as given. The product exists without prices. */
  function openShop(product_pricings: object[] | undefined) {
    const office = openOffice();
    office.sandbox.put(productType, { id: '705', name: 'Seat', pricing_type: 1, product_pricings: [] });
    office.sandbox.failNext(/^POST/, {
      status: 201,
      body: { product: { id: 705, name: 'Seat', pricing_type: 1, ...(product_pricings && { product_pricings }) } },
    });
    return office;
  }

  test('are written by PUT if the response shows none', async () => {
    const { sandbox, ask } = openShop([]);
    const { data, errors, requests, extensions } = await ask(CREATE);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ it: { product: { pricings: both }, userErrors: [] } });
    expect(requests).toEqual([POST, PUT]);
    expect(sandbox.sent.at(-1)?.body).toEqual({
      product: {
        pricing_type: 1,
        product_pricings: [
          { currency_code: 'USD', unit_price: 10.5 },
          { currency_code: 'EUR', unit_price: 9 },
        ],
      },
    });
    expect(extensions).toMatchObject({ cost: { actualQueryCost: 2 } });
  });

  test('are read if the response shows no prices at all', async () => {
    const { ask } = openShop(undefined);
    const { data, requests } = await ask(CREATE);
    expect(data).toEqual({ it: { product: { pricings: both }, userErrors: [] } });
    expect(requests).toEqual([POST, GET, PUT]);
  });

  test('are written once if only some are missing', async () => {
    const { sandbox, ask } = openShop([{ id: 1, currency_code: 'USD', unit_price: '10.50' }]);
    const { requests } = await ask(CREATE);
    expect(requests).toEqual([POST, PUT]);
    expect(sandbox.sent.at(-1)?.body).toMatchObject({ product: { product_pricings: [{ currency_code: 'EUR' }] } });
  });

  test('are reported if PUT ignores them as well', async () => {
    const { sandbox, ask } = openShop([]);
    sandbox.failNext(/^PUT/, { status: 200, body: { product: { id: 705, name: 'Seat', product_pricings: [] } } });
    const { data, requests } = await ask(CREATE);
    expect(data).toEqual({
      it: {
        product: { pricings: [] },
        userErrors: ['0', '1'].map((index) => ({ field: ['input', 'pricings', index], code: 'IGNORED' })),
      },
    });
    expect(requests).toEqual([POST, PUT]);
  });

  test.each([400, 403, 500])('do not hide the product if PUT fails with %i', async (status) => {
    const { sandbox, ask } = openShop([]);
    sandbox.failNext(/^PUT/, { status, body: { message: 'No.' } });
    const { data, errors } = await ask(CREATE.replace('pricings { currencyCode unitPrice }', 'databaseId'));
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      it: { product: { databaseId: '705' }, userErrors: [{ field: ['input', 'pricings'], code: 'IGNORED' }] },
    });
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

  test.each([true, { success: '200' }, { success: true }, { msg: { id: 1, code: 'success' } }, null])(
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

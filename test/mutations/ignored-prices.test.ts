import { describe, expect, test } from 'vitest';
import { productType } from '../../src/resources/product/record.ts';
import { openOffice } from './office.ts';

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

  test('are written by PUT on an account that ignores them in a create', async () => {
    const { ask } = openOffice({ behaviours: { pricesInCreate: false } });
    const { data, errors, requests } = await ask(CREATE);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ it: { product: { pricings: both }, userErrors: [] } });
    expect(requests.map((each) => each.split(' ')[0])).toEqual(['POST', 'PUT']);
  });

  test.each([
    ['unit_price', 9],
    ['setup_fee', null],
    ['billing_type', 2],
    ['billing_cycle', 6],
    ['currency_code', 'EUR'],
  ])('are compared with all that was sent: %s', async (name, value) => {
    const { sandbox, ask } = openOffice();
    const stored = {
      id: 1,
      currency_code: 'USD',
      unit_price: '10.50',
      setup_fee: '1.0',
      billing_type: 1,
      billing_cycle: 12,
    };
    const update =
      'mutation { it: updateProduct(id: 701, input: { pricings: [{ currencyCode: "USD", unitPrice: "10.5", setupFee: 1, billingType: 1, billingCycle: 12 }] }) { userErrors { field code } } }';
    for (const [row, count] of [
      [stored, 0],
      [{ ...stored, [name]: value }, 1],
    ] as const) {
      sandbox.failNext(/^PUT/, { status: 200, body: { product: { id: 701, product_pricings: [row] } } });
      const userErrors = Array(count).fill({ field: ['input', 'pricings', '0'], code: 'IGNORED' });
      expect((await ask(update)).data).toEqual({ it: { userErrors } });
    }
  });

  test('that were not removed are reported', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^PUT/, {
      status: 200,
      body: { product: { id: 701, product_pricings: [{ id: 751, currency_code: 'USD' }] } },
    });
    const { data } = await ask(
      'mutation { it: updateProduct(id: 701, input: { pricings: [{ id: 751, currencyCode: "USD", unitPrice: 1, isRemoved: true }] }) { userErrors { field message } } }',
    );
    expect(data).toEqual({
      it: { userErrors: [{ field: ['input', 'pricings', '0'], message: 'Freshsales did not remove this price.' }] },
    });
  });

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

  test('are looked for if the response shows no prices at all', async () => {
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

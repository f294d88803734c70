import { expect, it } from 'vitest';
import { productType } from '../../src/resources/product/record.ts';
import { cpqDocumentTable } from '../../src/sandbox/writes/cpq-document.ts';
import { world } from './world.ts';

const ID = '31000985825';

it('makes a product with its prices', async () => {
  const { post, sandbox } = world();
  const product_pricings = [
    { currency_code: 'EUR', unit_price: 20 },
    { currency_code: 'USD', unit_price: '10.5' },
  ];
  const { status, body } = await post('/cpq/products', { product: { name: 'Plan', product_pricings } });
  expect([status, body.product?.product_pricings]).toEqual([200, undefined]);
  expect(sandbox.get(productType, String(body.product?.id))).toMatchObject({
    ...{ name: 'Plan', is_active: true, pricing_type: 1, base_currency_amount: 10.5 },
    product_pricings: [
      { currency_code: 'EUR', unit_price: 20 },
      { currency_code: 'USD', unit_price: 10.5 },
    ],
  });
  expect((await post('/cpq/products', { product: {} })).body.errors?.message).toEqual(["Name can't be blank"]);
});

it('changes prices by id and by currency, and takes them away', async () => {
  const { put, sandbox } = world();
  const write = (...product_pricings: object[]) =>
    put(`/cpq/products/${ID}?include=product_pricings`, { product: { product_pricings } });
  const prices = () =>
    sandbox
      .get(productType, ID)
      ?.product_pricings.map(({ id, currency_code, unit_price }) => [id, currency_code, unit_price]);
  await write({ id: 31000863851, unit_price: 60 }, { currency_code: 'EUR', unit_price: 55 });
  expect(prices()).toEqual([
    ['31000863851', 'USD', 60],
    ['31000863852', 'EUR', 55],
  ]);
  const { body } = await write({ id: 31000863852, _destroy: true });
  expect(body.product?.product_pricings).toMatchObject([
    { id: 31000863851, currency_code: 'USD', _destroy: false, is_locked: false },
  ]);
  expect((await write({ currency_code: 'XXX', unit_price: 1 })).body.errors?.message).toEqual([
    'Currency code is invalid',
  ]);
  expect((await write({ currency_code: 'EUR' })).body.errors?.message).toEqual(["Unit price can't be blank"]);
});

it('writes quotes, with what is on them', async () => {
  const { get, post, put, del, sandbox } = world();
  const made = await post('/cpq/cpq_documents', { cpq_document: { display_name: 'Quote', document_type: 'Quote' } });
  const id = String(made.body.cpq_document?.id);
  const path = `/cpq/cpq_documents/${id}`;
  const products = [{ id: Number(ID), quantity: 2, discount: 10 }];
  const { body } = await put(`${path}?include=products`, { cpq_document: { products } });
  expect(body.cpq_document).toMatchObject({
    amount: 90,
    has_products: false,
    products: [{ cpq_document_id: Number(id), quantity: 2 }],
  });
  expect((await get(`${path}?include=products`)).body.cpq_document?.products).toHaveLength(1);
  expect((await get(path)).body.cpq_document).not.toHaveProperty('products');
  expect((await get(`${path}/related_products`)).body.products).toMatchObject([
    { id: Number(ID), lookup_information: {} },
  ]);
  const done = { msg: { id: Number(id), code: 'success' } };
  expect((await del(path)).body).toEqual(done);
  expect([(await get(path)).status, sandbox.get(cpqDocumentTable, id)?.is_deleted]).toEqual([404, true]);
  expect((await put(`${path}/restore`, {})).body).toEqual(done);
  expect((await del(`${path}/forget`)).body).toEqual(done);
  expect([(await put(`${path}/restore`, {})).status, sandbox.get(cpqDocumentTable, id)]).toEqual([404, undefined]);
  const refused = await post('/cpq/cpq_documents', { cpq_document: { deal_id: 1 } });
  expect(refused.body.errors?.message).toEqual([
    "Deal doesn't exist",
    "Display name can't be blank",
    "Document type can't be blank",
  ]);
});

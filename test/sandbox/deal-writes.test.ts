import { expect, it } from 'vitest';
import { dealPipelineLookup, dealStageLookup } from '../../src/lookups/lookup-types.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { world } from './world.ts';

const ID = '31001944159';
const [WON, LOST] = [31000425876, 31000425877];
const [ONE, TWO] = [31016358306, 31016358307];
const [CHEAP, DEAR] = [31000985825, 31000985826];

it('makes a deal in the first stage of the pipeline', async () => {
  const { post, sandbox } = world();
  const { status, body } = await post('/deals?include=contacts', {
    deal: {
      name: 'Big',
      amount: 1234.5,
      contacts_added_list: [ONE, TWO],
      sales_account_id: 31003638274,
      contact_ids: [1],
    },
  });
  expect([status, body.deal?.amount, body.deal?.contact_ids]).toEqual([200, '1234.5', [ONE, TWO]]);
  expect(sandbox.get(dealType, String(body.deal?.id))).toMatchObject({
    ...{ deal_pipeline_id: '31000060739', deal_stage_id: '31000425871', probability: 100 },
    ...{ base_currency_amount: '1234.5', expected_deal_value: '1234.5', closed_date: null },
    ...{ contact_ids: [String(ONE), String(TWO)], sales_account_id: '31003638274' },
  });
});

it.each([
  [20, '20.0'],
  ['0', '0.0'],
  ['007.50', '7.5'],
  [-3, '-3.0'],
  ['9007199254740.255', '9007199254740.255'],
])('writes the amount %j as %s', async (amount, written) => {
  const { put, sandbox } = world();
  expect((await put(`/deals/${ID}`, { deal: { amount } })).body.deal?.amount).toBe(written);
  expect(sandbox.get(dealType, ID)).toMatchObject({ amount: written, base_currency_amount: written });
});

it('refuses what makes no deal', async () => {
  const { post, put } = world();
  const fine = { name: 'Big', amount: 1 };
  const cases: [given: object, ...messages: string[]][] = [
    [{}, "Deal name can't be empty", "Deal value can't be empty"],
    [{ ...fine, name: ' ' }, "Deal name can't be empty"],
    [{ ...fine, amount: 'much' }, 'Deal value is not a number'],
    [{ ...fine, amount: 1e17 }, 'Deal value is too large'],
    [{ ...fine, deal_stage_id: 1 }, "Deal stage doesn't exist", 'Probability is not a number'],
    [{ ...fine, contacts_added_list: [1] }, "Contact doesn't exist"],
    [{ ...fine, products: [{ id: 1 }] }, "Product doesn't exist"],
    [{ ...fine, products: 'all' }, 'The type for products is invalid.'],
    [{ ...fine, products: Array.from({ length: 101 }, () => ({ id: CHEAP })) }, "You can't add more than 100 products"],
  ];
  for (const [deal, ...messages] of cases) {
    const { status, body } = await post('/deals', { deal });
    expect([status, body.errors?.message]).toEqual([400, messages]);
  }
  expect((await put(`/deals/${ID}`, { deal: { name: '' } })).body.errors?.message).toEqual([
    "Deal name can't be empty",
  ]);
  expect((await post('/deals', { deal: { ...fine, name: 'x'.repeat(300) } })).status).toBe(200);
});

it('makes nothing of a day that does not exist', async () => {
  const { put, sandbox } = world();
  const close = async (expected_close: unknown): Promise<unknown> => {
    expect((await put(`/deals/${ID}`, { deal: { expected_close } })).status).toBe(200);
    return sandbox.get(dealType, ID)?.expected_close;
  };
  expect(await close('2026-07-01')).toBe('2026-07-01');
  expect(await close('2026-02-30')).toBe(null);
  expect(await close('2026-07-01T23:30:00Z')).toBe('2026-07-02');
  expect(await close('soon')).toBe(null);
});

it('follows the stage', async () => {
  const { put, sandbox, at } = world();
  await put(`/deals/${ID}`, { deal: { deal_stage_id: 31000425873 } });
  at(new Date('2026-07-01T08:00:00Z'));
  const now = () => sandbox.get(dealType, ID);
  await put(`/deals/${ID}`, { deal: { deal_stage_id: LOST, deal_reason_id: 31000538252 } });
  expect(now()).toMatchObject({
    ...{ deal_stage_id: String(LOST), probability: 0, closed_date: '2026-07-01', deal_reason_id: '31000538252' },
    ...{ stage_updated_time: '2026-07-01T10:00:00+02:00', expected_deal_value: '0.0' },
  });
  await put(`/deals/${ID}`, { deal: { deal_stage_id: WON, closed_date: '2026-06-30', probability: 90 } });
  expect(now()).toMatchObject({ probability: 90, closed_date: '2026-06-30', deal_prediction: 6 });
  await put(`/deals/${ID}`, { deal: { deal_stage_id: 31000425872 } });
  expect(now()).toMatchObject({ probability: 100, closed_date: null });
});

it('goes to the pipeline of its stage, and to the first stage of a pipeline', async () => {
  const { post, put, sandbox } = world();
  sandbox.put(dealPipelineLookup, { id: '7', name: 'Renewals', position: 2 });
  const stage = { deal_pipeline_id: '7', forecast_type: 'Open', probability: 30 };
  sandbox.put(dealStageLookup, { ...stage, id: '72', name: 'Second', position: 2 });
  sandbox.put(dealStageLookup, { ...stage, id: '71', name: 'First', position: 1, probability: 10 });
  const where = (): unknown[] => {
    const row = sandbox.get(dealType, ID);
    return [row?.deal_pipeline_id, row?.deal_stage_id, row?.probability];
  };
  await put(`/deals/${ID}`, { deal: { deal_stage_id: 72 } });
  expect(where()).toEqual(['7', '72', 30]);
  await put(`/deals/${ID}`, { deal: { deal_pipeline_id: 7, amount: 10 } });
  expect(where()).toEqual(['7', '72', 30]);
  await put(`/deals/${ID}`, { deal: { deal_pipeline_id: null, deal_stage_id: null } });
  expect(where()).toEqual(['7', '72', 30]);
  await put(`/deals/${ID}`, { deal: { deal_pipeline_id: 31000060739 } });
  expect(where()).toEqual(['31000060739', '31000425871', 100]);
  const { body } = await post('/deals', { deal: { name: 'Again', amount: 1, deal_pipeline_id: 7 } });
  expect(body.deal).toMatchObject({
    deal_pipeline_id: 7,
    deal_stage_id: 71,
    probability: 10,
    expected_deal_value: '0.1',
  });
});

it('adds and removes contacts', async () => {
  const { put, sandbox } = world();
  const before = sandbox.get(dealType, ID)?.contact_ids ?? [];
  await put(`/deals/${ID}`, {
    deal: { contacts_added_list: [ONE, TWO, ONE], contacts_removed_list: [Number(before[0])] },
  });
  const after = sandbox.get(dealType, ID)?.contact_ids;
  expect(after).toEqual([...new Set([...before.slice(1), String(ONE), String(TWO)])].filter((id) => id !== before[0]));
  await put(`/deals/${ID}`, { deal: { sales_account_id: null, contacts_added_list: null } });
  expect(sandbox.get(dealType, ID)).toMatchObject({ contact_ids: after, sales_account_id: null });
});

it('makes the amount of the products', async () => {
  const { put, sandbox } = world();
  const products = [
    { id: CHEAP, quantity: 2, unit_price: 10.1, discount: 10 },
    { id: DEAR, discount: 25, discount_type: 2 },
  ];
  const { body } = await put(`/deals/${ID}?include=products`, { deal: { products, amount: 5 } });
  expect(body.deal).toMatchObject({ amount: '93.18', has_products: false });
  expect(body.deal?.products).toMatchObject([
    {
      id: CHEAP,
      product_id: CHEAP,
      deal_id: Number(ID),
      quantity: 2,
      unit_price: 10.1,
      discount: 10,
      discount_type: 1,
    },
    { id: DEAR, quantity: 1, unit_price: 100, discount: 25, discount_type: 2, currency_code: 'USD' },
  ]);
  expect(body.deal?.products?.[0]?._id).toBe(String(body.deal?.products?.[0]?.association_id));
  expect(sandbox.get(dealType, ID)).toMatchObject({
    amount: '93.18',
    base_currency_amount: '93.18',
    has_products: true,
  });
  const cleared = await put(`/deals/${ID}?include=products`, { deal: { products: [] } });
  expect(cleared.body.deal).toMatchObject({ amount: '0.0', products: [], has_products: true });
  expect(sandbox.get(dealType, ID)).toMatchObject({ amount: '0.0', products: [], has_products: false });
});

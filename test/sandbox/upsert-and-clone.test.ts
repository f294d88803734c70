import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { world } from './world.ts';

const CONTACT = '31016358306';
const contact = (key: string, value: unknown, given: object = {}) => ({
  unique_identifier: { [key]: value },
  contact: given,
});

it('makes what is not there and changes what is', async () => {
  const { post, sandbox } = world();
  const first = await post('/contacts/upsert', contact('emails', 'up@moss.example', { first_name: 'Up' }));
  const id = String(first.body.contact?.id);
  expect([first.status, first.body.contact?.email]).toEqual([201, 'up@moss.example']);
  const second = await post(
    '/contacts/upsert?include=owner',
    contact('emails', 'UP@moss.example', { last_name: 'Sert' }),
  );
  expect([second.status, Object.keys(second.body), String(second.body.contact?.id)]).toEqual([
    200,
    ['users', 'contact'],
    id,
  ]);
  expect(sandbox.get(contactType, id)).toMatchObject({ display_name: 'Up Sert', email: 'up@moss.example' });
});

it('does not know amounts and counts yet, in that answer only', async () => {
  const { get, post } = world();
  const totals = ['open_deals_amount', 'open_deals_count', 'won_deals_amount', 'won_deals_count'];
  const { body } = await post('/contacts/upsert', contact('id', Number(CONTACT), { city: 'Bonn' }));
  expect(totals.map((column) => body.contact?.[column])).toEqual([null, null, null, null]);
  const read = (await get(`/contacts/${CONTACT}`)).body.contact;
  expect(totals.map((column) => read?.[column])).not.toContain(null);
});

it('goes by number, external id, own field, name and id', async () => {
  const { post, sandbox } = world();
  sandbox.put(contactType, {
    id: '7',
    email: 's@moss.example',
    external_id: 'E7',
    mobile_number: '+777',
    custom_field: { cf_nickname: 'Seven' },
  });
  for (const [key, value] of [
    ['external_id', 'E7'],
    ['mobile_number', '+777'],
    ['cf_nickname', 'Seven'],
    ['id', 7],
  ] as const) {
    const { status, body } = await post('/contacts/upsert', contact(key, value, { city: key }));
    expect([key, status, body.contact?.id]).toEqual([key, 200, 7]);
    expect(sandbox.get(contactType, '7')?.city).toBe(key);
  }
  const made = await post(
    '/contacts/upsert',
    contact('cf_nickname', 'Eight', { email: '8@moss.example', custom_field: { cf_seats: 8 } }),
  );
  expect(sandbox.get(contactType, String(made.body.contact?.id))?.custom_field).toEqual({
    cf_nickname: 'Eight',
    cf_seats: 8,
  });
  const name = String(sandbox.get(salesAccountType, '31003638274')?.name);
  const account = await post('/sales_accounts/upsert', {
    unique_identifier: { name },
    sales_account: { city: 'Bonn' },
  });
  expect([account.status, account.body.sales_account?.id]).toEqual([200, 31003638274]);
  const deal = await post('/deals/upsert', { unique_identifier: { name: 'New one' }, deal: { amount: 5 } });
  expect([deal.status, sandbox.get(dealType, String(deal.body.deal?.id))?.name]).toEqual([201, 'New one']);
});

it('refuses what a single write refuses, and needs to know by what', async () => {
  const { post } = world();
  expect((await post('/contacts/upsert', contact('external_id', 'E9'))).body.errors?.message).toEqual([
    'Need to fill this Email',
  ]);
  expect((await post('/contacts/upsert', contact('id', 9))).status).toBe(404);
  expect((await post('/contacts/upsert', contact('shoe_size', 9))).status).toBe(400);
  expect((await post('/contacts/upsert', { contact: { email: 'x@moss.example' } })).status).toBe(400);
});

it('clones a contact with another address', async () => {
  const { post, sandbox } = world();
  const before = sandbox.get(contactType, CONTACT);
  const { status, body } = await post(`/contacts/${CONTACT}/clone?include=sales_accounts`, {
    contact: { email: 'twin@moss.example', first_name: 'Twin', custom_field: { cf_seats: 1 } },
  });
  expect([status, body.contact?.sales_accounts]).toMatchObject([200, [{ id: 31003638274 }]]);
  expect(sandbox.get(contactType, String(body.contact?.id))).toMatchObject({
    ...{ last_name: before?.last_name, city: before?.city, tags: before?.tags, owner_id: before?.owner_id },
    ...{ first_name: 'Twin', display_name: `Twin ${before?.last_name}`, contact_status_id: before?.contact_status_id },
    emails: [{ value: 'twin@moss.example', is_primary: true }],
    custom_field: { ...before?.custom_field, cf_seats: 1 },
    created_at: '2026-06-15T12:00:00+02:00',
  });
});

it('clones a deal with its products and people, and an account by a new name', async () => {
  const { post, sandbox } = world();
  const before = sandbox.get(dealType, '31001944158');
  const deal = await post('/deals/31001944158/clone', {});
  const copy = sandbox.get(dealType, String(deal.body.deal?.id));
  expect(copy).toMatchObject({
    name: before?.name,
    amount: before?.amount,
    contact_ids: before?.contact_ids,
    deal_stage_id: before?.deal_stage_id,
  });
  expect(copy?.products.map(({ product_id }) => product_id)).toEqual(
    before?.products.map(({ product_id }) => product_id),
  );
  const account = await post('/sales_accounts/31003638274/clone', { sales_account: { name: 'Twin Ltd' } });
  expect([account.status, account.body.sales_account?.name]).toEqual([200, 'Twin Ltd']);
});

import { expect, it } from 'vitest';
import { type Json, world } from './world.ts';

it('searches by parts, ten rows unless asked for more', async () => {
  const { get } = world();
  const rows = (await get('/search?q=a&include=contact')).body;
  expect(rows).toHaveLength(10);
  expect(typeof rows[0]?.id).toBe('string');
  expect((await get('/search?q=a&include=contact&per_page=30')).body).toHaveLength(30);
  expect((await get('/search?q=qqqq&include=contact')).body).toEqual([]);
  const types = (await get('/search?q=alder&include=sales_account,deal,lead&per_page=100')).body.map(
    (row: Json) => row.type,
  );
  expect(new Set(types)).toEqual(new Set(['sales_account', 'deal']));
});

it('writes long ids without losing a digit', async () => {
  const { get, sandbox } = world();
  const [contact] = (await get('/contacts/31016358307')).text.match(/"mcr_id":\d{19}/) ?? [];
  expect(contact).toBe('"mcr_id":1656200031016358307');
  expect((await get('/search?q=beatriz&include=contact&per_page=1')).text).toMatch(/"mcr_id":1656200031016358307,/);
  expect(sandbox.requests).toHaveLength(2);
});

it.each([
  ['email', 'first@sandbox.example', 1],
  ['email', 'second@sandbox.example', 1],
  ['name', 'threefold  EMPLOYED', 1],
  ['name', 'threefold', 0],
  ['mobile_number', '15550300000', 1],
  ['cf_interests', 'Analytics;Telephony', 3],
])('looks up contacts by %s %s', async (field, value, least) => {
  const { get } = world();
  const { body } = await get(`/lookup?q=${encodeURIComponent(value)}&f=${field}&entities=contact`);
  expect(body.contacts?.contacts?.length).toBeGreaterThanOrEqual(least);
  if (least === 0) expect(body.contacts?.contacts).toEqual([]);
});

it('nests twice, with the side-loads inside', async () => {
  const { get } = world();
  const { body } = await get(
    '/lookup?q=Alder Logistics&f=name&entities=sales_account,contact,lead&include=owner,deals',
  );
  expect(Object.keys(body)).toEqual(['sales_accounts', 'contacts']);
  expect(body.sales_accounts?.sales_accounts).toHaveLength(1);
  expect(body.sales_accounts).toHaveProperty('users');
  expect(body.sales_accounts?.sales_accounts?.[0]).toHaveProperty('deal_ids');
});

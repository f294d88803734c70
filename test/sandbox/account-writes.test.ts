import { expect, it } from 'vitest';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { type Answer, world } from './world.ts';

const ID = '31003638274';

it('makes an account that belongs to nobody until it is said', async () => {
  const { post, sandbox } = world();
  const { status, body } = await post('/sales_accounts', {
    sales_account: {
      ...{ name: 'Orbit', phone: 'call us', website: 'orbit.example/start', number_of_employees: 50 },
      ...{ annual_revenue: '1000.5', parent_sales_account_id: Number(ID), industry_type_id: 31004057004 },
    },
  });
  expect([status, Object.keys(body)]).toEqual([200, ['sales_account']]);
  expect(sandbox.get(salesAccountType, String(body.sales_account?.id))).toMatchObject({
    ...{ name: 'Orbit', phone: null, website: 'orbit.example/start', number_of_employees: 11, annual_revenue: 1000.5 },
    ...{ owner_id: null, parent_sales_account_id: ID, industry_type_id: '31004057004' },
  });
});

it('insists on a name that nobody else has', async () => {
  const { post, put, sandbox } = world();
  const name = String(sandbox.get(salesAccountType, ID)?.name);
  const asked: [answer: Answer, message: string][] = [
    [await post('/sales_accounts', {}), "Name can't be empty"],
    [await post('/sales_accounts', { sales_account: { name: ' ' } }), "Name can't be empty"],
    [await put(`/sales_accounts/${ID}`, { sales_account: { name: null } }), "Name can't be empty"],
    [await post('/sales_accounts', { sales_account: { name } }), 'Name has already been taken'],
    [await put('/sales_accounts/31003638275', { sales_account: { name } }), 'Name has already been taken'],
    [await post(`/sales_accounts/${ID}/clone`, {}), 'Name has already been taken'],
    [await post('/sales_accounts', { sales_account: { name: 'x'.repeat(256) } }), 'Name is not in required length'],
    [
      await post('/sales_accounts', { sales_account: { name: 'Orbit', website: 'not a url' } }),
      'The website is not in required format',
    ],
  ];
  for (const [{ status, body }, message] of asked) expect([status, body.errors?.message]).toEqual([400, [message]]);
  expect((await put(`/sales_accounts/${ID}`, { sales_account: { name } })).status).toBe(200);
  expect((await put(`/sales_accounts/${ID}`, { sales_account: { parent_sales_account_id: ID } })).status).toBe(400);
});

it('answers an update with everything that was asked for', async () => {
  const { put, sandbox } = world();
  const { body } = await put(`/sales_accounts/${ID}?include=owner,deals`, { sales_account: { city: 'Pune' } });
  expect(Object.keys(body)).toEqual(expect.arrayContaining(['users', 'deals', 'sales_account', 'meta']));
  expect(body.sales_account?.deal_ids?.length).toBeGreaterThan(0);
  expect(sandbox.get(salesAccountType, ID)).toMatchObject({ city: 'Pune', updater_id: '31000148397' });
});

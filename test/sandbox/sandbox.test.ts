import { describe, expect, it } from 'vitest';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { type Json, NOON, world } from './world.ts';

describe('put', () => {
  it('fills what is not given', () => {
    const { sandbox } = world({ seed: false });
    const person = sandbox.put(contactType, { first_name: 'Ann', last_name: 'Lee', email: 'ann@a.example' });
    expect(person).toMatchObject({
      display_name: 'Ann Lee',
      owner_id: '31000148397',
      contact_status_id: '31000543557',
      created_at: '2026-06-15T12:00:00+02:00',
    });
    expect(person.id).toMatch(/^\d{10,12}$/);
    const deal = sandbox.put(dealType, { name: 'D', amount: '10.0', deal_stage_id: '31000425877' });
    expect(deal).toMatchObject({ probability: 0, expected_deal_value: '0.0', deal_pipeline_id: '31000060739' });
  });

  it('links from either side', async () => {
    const { sandbox, get } = world({ seed: false });
    const a = sandbox.put(contactType, { first_name: 'A' });
    const b = sandbox.put(contactType, { first_name: 'B' });
    const account = sandbox.put(salesAccountType, { name: 'Acme', contact_ids: [a.id, b.id] });
    const deal = sandbox.put(dealType, {
      name: 'D',
      amount: '10.0',
      contact_ids: [a.id],
      sales_account_id: account.id,
    });
    sandbox.put(taskType, { title: 'T', targetables: [{ type: 'Deal', id: deal.id }] });
    const { body } = await get(`/sales_accounts/${account.id}?include=contacts,deals`);
    expect(body.sales_account).toMatchObject({
      contact_ids: [Number(a.id), Number(b.id)],
      deal_ids: [Number(deal.id)],
      open_deals_amount: '10.0',
      open_deals_count: 1,
    });
    expect((await get(`/deals/${deal.id}?include=tasks`)).body.tasks).toHaveLength(1);
    expect((await get(`/contacts/${a.id}?include=deals`)).body.contact).toMatchObject({
      deal_ids: [Number(deal.id)],
      open_deals_count: 1,
    });
  });

  it('replaces a row with the same id', () => {
    const { sandbox } = world({ seed: false });
    sandbox.put(userLookup, { id: '5', display_name: 'One' });
    sandbox.put(userLookup, { id: '5', display_name: 'Two' });
    expect(sandbox.get(userLookup, '5')?.display_name).toBe('Two');
    sandbox.remove(userLookup, '5');
    expect(sandbox.get(userLookup, '5')).toBeUndefined();
  });
});

it('goes back to the beginning', async () => {
  const { sandbox, get } = world({ behaviours: { hourlyLimit: 7 } });
  const before = sandbox.rows(contactType).length;
  sandbox.put(contactType, { first_name: 'New' });
  sandbox.behaviours.hourlyLimit = 1;
  await get('/selector/owners');
  sandbox.failNext('/', { status: 500 });
  sandbox.reset();
  expect([sandbox.rows(contactType).length, sandbox.behaviours.hourlyLimit, sandbox.requests]).toEqual([before, 7, []]);
  expect((await get('/selector/owners')).status).toBe(200);
});

it('grows the same company each time, with numbers that add up', () => {
  const now = (): Date => NOON;
  const [one, two] = [createSandbox({ now }), createSandbox({ now })];
  expect(one.rows(dealType)).toEqual(two.rows(dealType));
  expect(one.rows(contactType).length).toBeGreaterThan(310);
  expect(one.rows(salesAccountType)).toHaveLength(80);
});

it('keeps amounts on accounts in step with their deals', async () => {
  const { get } = world();
  const { body } = await get('/sales_accounts/view/31003548200?per_page=100&include=deals');
  const stages = new Map((body.deal_stages ?? []).map((stage: Json) => [stage.id, stage.forecast_type]));
  for (const account of body.sales_accounts ?? []) {
    const won = (body.deals ?? []).filter(
      (deal: Json) => deal.sales_account_id === account.id && String(stages.get(deal.deal_stage_id)) === 'Closed Won',
    );
    expect(account.won_deals_count).toBe(won.length);
    expect(Number(account.won_deals_amount)).toBeCloseTo(
      won.reduce((sum: number, deal: Json) => sum + Number(deal.amount), 0),
    );
  }
});

it('takes a seed of one’s own', async () => {
  const sandbox = createSandbox({ seed: ({ put }) => void put(contactType, { id: '4', first_name: 'Only' }) });
  expect(sandbox.rows(contactType).map(({ id }) => id)).toEqual(['4']);
});

it('is not changed through what it hands out', () => {
  const { sandbox } = world();
  sandbox.get(dealType, '31001949001')?.contact_ids?.splice(0);
  expect(sandbox.get(dealType, '31001949001')?.contact_ids).toHaveLength(12);
  expect(world().sandbox.get(dealType, '31001949001')?.contact_ids).toHaveLength(12);
});

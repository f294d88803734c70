import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { ACCOUNT, DEAL } from './recorded-case.ts';
import { differences, shapeOf } from './shape.ts';
import { world } from './world.ts';

const sample: object = JSON.parse(
  readFileSync(new URL('../events/samples/workflow.deal.simple.json', import.meta.url), 'utf8'),
);

/** What the workflow of an update posts. */
async function posted(path: string, one: string): Promise<Record<string, unknown>> {
  const { put, sandbox } = world();
  const bodies: string[] = [];
  sandbox.workflows.target = {
    url: 'http://receiver.invalid/webhooks',
    fetch: async (_url, init) => {
      bodies.push(String(init?.body));
      return new Response(null, { status: 204 });
    },
  };
  sandbox.put(dealType, {
    id: DEAL,
    ...{ name: 'Renewal', amount: '50000.0', sales_account_id: ACCOUNT, deal_stage_id: '31000412936' },
    ...{ created_at: '2026-06-01T07:00:00Z', expected_close: '2026-07-01', deal_reason_id: '31000104591' },
    custom_field: { cf_purchase_order: 'P-1', cf_discount: 12.5, cf_decision_on: '2027-01-01' },
  });
  sandbox.put(salesAccountType, { id: ACCOUNT, name: 'Alder Logistics', city: 'Hamburg' });
  sandbox.put(taskType, { id: '31001298018', title: 'Call', due_date: '2026-12-31T22:30:00Z', status: 0 });
  await put(path, { [one]: {} });
  await sandbox.workflows.sent();
  return JSON.parse(bodies[0] ?? '{}');
}

it('posts a deal in the shape of the sample, with the names of its stage and pipeline', async () => {
  const body = await posted(`/deals/${DEAL}`, 'deal');
  const own = Object.entries(sample).filter(([key]) => !key.startsWith('deal_cf_'));
  const lacking = differences(shapeOf(Object.fromEntries(own)), shapeOf(body)).filter((one) => !/too much/.test(one));
  expect(lacking).toEqual([]);
  expect(body).toMatchObject({
    ...{ deal_id: Number(DEAL), deal_amount: 50_000, deal_sales_account_id: Number(ACCOUNT) },
    ...{ deal_sales_account_name: 'Alder Logistics', deal_sales_account_city: 'Hamburg' },
    ...{ deal_created_at: '06-01-2026 09:00:00', deal_expected_close: '07-01-2026' },
    ...{ deal_cf_purchase_order: 'P-1', deal_cf_discount: '12.5', deal_cf_decision_on: '01-01-2027' },
  });
  expect(body.deal_deal_pipeline_name).toBe('Default Pipeline');
  expect(body).not.toHaveProperty('deal_deal_stage_id');
});

it('posts times in the zone of the account', async () => {
  expect(await posted('/tasks/31001298018', 'task')).toMatchObject({
    ...{ task_id: 31_001_298_018, task_status: 0, task_owner_id: 31_000_148_397 },
    task_due_date: '01-01-2027 00:30:00',
  });
});

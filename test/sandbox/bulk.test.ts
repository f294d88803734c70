import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { type Answer, NOON, type World, world } from './world.ts';

const later = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);
const upsert = ({ post }: World, rows: readonly object[]): Promise<Answer> =>
  post('/contacts/bulk_upsert', { contacts: rows });
const statusOf = ({ get }: World, job: Answer): Promise<Answer> =>
  get(String(job.body.job_status_url).replace(/^.*\/api/, ''));

it('runs a job by the clock, and reports every row that failed', async () => {
  const account = world({ behaviours: { jobSeconds: 10 } });
  const { sandbox, at } = account;
  const job = await upsert(account, [
    { emails: 'bulk@moss.example', data: { first_name: 'Bulk' } },
    { id: 31016358306, data: { city: 'Bonn' } },
    { emails: 'no address', data: {} },
    { id: 9, data: {} },
    { data: { first_name: 'Nobody' } },
  ]);
  expect(job.body.job_status_url).toMatch(/^http:\/\/sandbox\.invalid\/crm\/sales\/api\/job_statuses\/[\da-f-]{36}$/);
  at(later(4));
  const half = await statusOf(account, job);
  expect(half.body).toMatchObject({ status: 'IN_PROGRESS', job_type_name: 'bulk_upsert', progress: 40, data: null });
  at(later(60));
  expect((await statusOf(account, job)).body).toEqual({
    ...{ status: 'SUCCESS', job_type_name: 'bulk_upsert', progress: 100 },
    ...{ created_at: '2026-06-15T10:00:00Z', status_updated_at: '2026-06-15T10:00:10Z' },
    data: {
      record_status: { succeeded: 2, failed: 3 },
      detailed_failure_report: [
        { emails: 'no address', error_message: ['You have entered an invalid email address: no address'] },
        { id: '9', error_message: ['Record not found'] },
        { error_message: ['Invalid or missing attributes'] },
      ],
    },
  });
  expect(sandbox.get(contactType, '31016358306')?.city).toBe('Bonn');
  expect(sandbox.rows(contactType).filter(({ email }) => email === 'bulk@moss.example')).toHaveLength(1);
});

it('may write its data as text', async () => {
  const account = world({ behaviours: { jobSeconds: 0, jobDataAsText: true } });
  const job = await upsert(account, [{ emails: 'bulk@moss.example', data: {} }]);
  const { data } = (await statusOf(account, job)).body;
  expect(JSON.parse(String(data))).toEqual({ record_status: { succeeded: 1, failed: 0 }, detailed_failure_report: [] });
});

it('takes a hundred rows, and so many jobs at a time', async () => {
  const account = world({ behaviours: { maxParallelJobs: 2 } });
  const rows = (count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({ emails: `${index}@moss.example`, data: {} }));
  const statuses = [];
  for (const count of [0, 101, 100, 1, 1]) statuses.push((await upsert(account, rows(count))).status);
  expect(statuses).toEqual([400, 400, 200, 200, 405]);
  account.at(later(2));
  expect((await upsert(account, rows(1))).status).toBe(200);
  expect((await account.get('/job_statuses/none')).status).toBe(404);
});

it('upserts accounts, and deals only by a field that is unique, without their people', async () => {
  const { post, sandbox } = world();
  const name = 'Bulk Ltd';
  expect(
    (await post('/sales_accounts/bulk_upsert', { sales_accounts: [{ name, data: { city: 'Bonn' } }] })).status,
  ).toBe(200);
  expect(sandbox.rows(salesAccountType).find((row) => row.name === name)?.city).toBe('Bonn');
  const data = { name: 'Bulk deal', amount: 1, contacts_added_list: [31016358306] };
  const send = () => post('/deals/bulk_upsert', { deals: [{ cf_purchase_order: 'PO-1', data }] });
  expect((await send()).status).toBe(400);
  sandbox.behaviours.uniqueDealField = 'cf_purchase_order';
  expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
  const deals = sandbox.rows(dealType).filter((row) => row.name === 'Bulk deal');
  expect(deals).toMatchObject([{ contact_ids: [], custom_field: { cf_purchase_order: 'PO-1' } }]);
  const twin = { name: 'Twin', amount: 1, custom_field: { cf_purchase_order: 'PO-1' } };
  expect((await post('/deals', { deal: twin })).body.errors?.message).toEqual(['cf_purchase_order is not unique']);
});

it('deletes many, and with an account its people', async () => {
  const { post, sandbox } = world();
  const ids = [31016358306, 31016358307, 1];
  expect((await post('/contacts/bulk_destroy', { selected_ids: ids })).body).toEqual({
    message: '2 contacts deleted.',
  });
  expect(ids.map((id) => sandbox.get(contactType, String(id))?.is_deleted)).toEqual([true, true, undefined]);
  const account = { selected_ids: [31003638280], delete_associated_contacts_deals: true };
  expect((await post('/sales_accounts/bulk_destroy', account)).body).toEqual({ message: '1 sales account deleted.' });
  const people = sandbox.rows(contactType).filter((row) => row.sales_accounts.some(({ id }) => id === '31003638280'));
  expect([people.length > 0, people.every(({ is_deleted }) => is_deleted)]).toEqual([true, true]);
  expect((await post('/contacts/bulk_destroy', {})).status).toBe(400);
});

it('changes many in one way, or none', async () => {
  const { put, sandbox } = world();
  const ids = [31001944158, 31001944159];
  const names = () => ids.map((id) => sandbox.get(dealType, String(id))?.name);
  const before = names();
  const refused = await put('/deals/bulk_update', { ids, deal: { name: '' } });
  expect([refused.status, refused.body.errors?.message, names()]).toEqual([400, ["Deal name can't be empty"], before]);
  expect((await put('/deals/bulk_update', { ids, deal: { name: 'Same' } })).body).toEqual({
    message: '2 deals updated.',
  });
  expect(names()).toEqual(['Same', 'Same']);
});

it('gives many another owner', async () => {
  const { post, sandbox } = world();
  const selected_ids = [31016358306, 31016358307];
  const { body } = await post('/contacts/bulk_assign_owner', { selected_ids, owner_id: 31000148400 });
  expect(body).toEqual({ message: "Assigning now... we'll let you know once this is done." });
  expect(selected_ids.map((id) => sandbox.get(contactType, String(id))?.owner_id)).toEqual([
    '31000148400',
    '31000148400',
  ]);
  expect((await post('/contacts/bulk_assign_owner', { selected_ids, owner_id: 1 })).status).toBe(400);
});

import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import type { Account, RecordSandbox } from '../account.ts';
import { answer, inBackground, refuse } from '../answers.ts';
import { isBusy, jobStatus, MOST_ROWS, rowsOf, takeJob, updateAll, upsertAll } from '../writes/bulk.ts';
import { rowOf } from '../writes/draft.ts';
import { discard, discardAll } from '../writes/recycle.ts';
import { viewed } from './records.ts';
import { attributesIn, bodyOf, found, unreadable } from './request.ts';

/** Bulk calls. */
export function bulkRoutes(api: Hono, _ui: Hono, account: Account): void {
  for (const sandbox of viewed(account)) {
    const { path } = sandbox.recordType;
    api.post(`/${path}/bulk_upsert`, (c) => bulkUpsert(account, sandbox, c));
    api.post(`/${path}/bulk_destroy`, (c) => bulkDestroy(account, sandbox, c));
    api.put(`/${path}/bulk_update`, (c) => bulkUpdate(account, sandbox, c));
    if (sandbox.isAssignable) api.post(`/${path}/bulk_assign_owner`, (c) => bulkAssign(account, sandbox, c));
  }
  api.get('/job_statuses/:id', (c) => answer(found(jobStatus(account, c.req.param('id')), 'job')));
}

/** Starts a job. Its rows are written at once; its status changes when its time has passed. */
async function bulkUpsert(account: Account, sandbox: RecordSandbox, c: Context): Promise<Response> {
  const { recordType } = sandbox;
  const body = await bodyOf(c, sandbox);
  const rows = body[recordType.many];
  if (!Array.isArray(rows) || rows.length === 0) return unreadable();
  if (rows.length > MOST_ROWS) return refuse(400, `You can't upsert more than ${MOST_ROWS} records at a time`);
  const problem = sandbox.refuseBulkUpsert?.(account);
  if (problem !== undefined) return refuse(400, problem);
  if (isBusy(account)) return refuse(405, 'Too many jobs are in progress');
  const failures = upsertAll(account, recordType, rows);
  const id = takeJob(account, 'bulk_upsert', failures, rows.length);
  return answer({ job_status_url: `${new URL(c.req.url).origin}${account.uiBase}/api/job_statuses/${id}` });
}

const count = (rows: readonly unknown[], { one, many }: Resource): string =>
  `${rows.length} ${(rows.length === 1 ? one : many).replaceAll('_', ' ')}`;

async function bulkDestroy(account: Account, sandbox: RecordSandbox, c: Context): Promise<Response> {
  const { recordType } = sandbox;
  const body = await bodyOf(c, sandbox);
  const rows = rowsOf(account, recordType, body.selected_ids);
  if (!rows) return unreadable();
  const all = String(body.delete_associated_contacts_deals) === 'true';
  for (const row of rows) (all ? discardAll : discard)(account, recordType, row);
  return answer({ message: `${count(rows, recordType)} deleted.` });
}

async function bulkUpdate(account: Account, sandbox: RecordSandbox, c: Context): Promise<Response> {
  const { recordType } = sandbox;
  const body = await bodyOf(c, sandbox);
  const rows = rowsOf(account, recordType, body.ids);
  if (!rows) return unreadable();
  const { ids: _ids, ...attributes } = attributesIn(body, recordType.one);
  const problems = updateAll(account, recordType, rows, attributes);
  return problems.length > 0 ? refuse(400, ...problems) : answer({ message: `${count(rows, recordType)} updated.` });
}

async function bulkAssign(account: Account, sandbox: RecordSandbox, c: Context): Promise<Response> {
  const { recordType } = sandbox;
  const body = await bodyOf(c, sandbox);
  const rows = rowsOf(account, recordType, body.selected_ids);
  if (!rows || !rowOf(account, 'User', body.owner_id)) return unreadable();
  updateAll(account, recordType, rows, { owner_id: body.owner_id });
  return answer({ message: inBackground('Assigning') });
}

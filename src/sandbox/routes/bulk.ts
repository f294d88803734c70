import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import type { Account } from '../account.ts';
import { answer, notFound, refuse, workGoesOn } from '../answers.ts';
import { attributesIn, bodyOf, unreadable } from '../writes/body.ts';
import { MOST_ROWS, rowsOf, updateAll, upsertAll } from '../writes/bulk.ts';
import { rowOf } from '../writes/draft.ts';
import { isBusy, jobStatus, takeJob } from '../writes/job.ts';
import { discard, discardWithPeople } from '../writes/recycle.ts';
import { viewed } from './records.ts';

/** Many records in one call. */
export function bulkRoutes(api: Hono, _ui: Hono, account: Account): void {
  for (const resource of viewed(account)) {
    const { path, name } = resource;
    api.post(`/${path}/bulk_upsert`, (c) => bulkUpsert(account, resource, c));
    api.post(`/${path}/bulk_destroy`, (c) => bulkDestroy(account, resource, c));
    api.put(`/${path}/bulk_update`, (c) => bulkUpdate(account, resource, c));
    if (name === 'Contact' || name === 'Lead')
      api.post(`/${path}/bulk_assign_owner`, (c) => bulkAssign(account, resource, c));
  }
  api.get('/job_statuses/:id', (c) => {
    const status = jobStatus(account, c.req.param('id'));
    return status ? answer(status) : notFound('job');
  });
}

/** Takes a job. Its rows are written at once, and its end is told when its time has passed. */
async function bulkUpsert(account: Account, resource: Resource, c: Context): Promise<Response> {
  const body = await bodyOf(c, resource.one);
  if (body instanceof Response) return body;
  const rows = body[resource.many];
  if (!Array.isArray(rows) || rows.length === 0) return unreadable();
  if (rows.length > MOST_ROWS) return refuse(400, `You can't upsert more than ${MOST_ROWS} records at a time`);
  const { uniqueDealField } = account.behaviours;
  if (resource.name === 'Deal' && uniqueDealField === null)
    return refuse(400, 'Bulk upsert needs a unique field, and deals have none');
  if (isBusy(account)) return refuse(405, 'Too many jobs are in progress');
  const failures = upsertAll(account, resource, rows);
  const id = takeJob(account, 'bulk_upsert', failures, rows.length);
  return answer({ job_status_url: `${new URL(c.req.url).origin}${account.uiBase}/api/job_statuses/${id}` });
}

const count = (rows: readonly unknown[], { one, many }: Resource): string =>
  `${rows.length} ${(rows.length === 1 ? one : many).replaceAll('_', ' ')}`;

async function bulkDestroy(account: Account, resource: Resource, c: Context): Promise<Response> {
  const body = await bodyOf(c, resource.one);
  if (body instanceof Response) return body;
  const rows = rowsOf(account, resource, body.selected_ids);
  if (!rows) return unreadable();
  const withPeople = resource.name === 'SalesAccount' && String(body.delete_associated_contacts_deals) === 'true';
  for (const row of rows) {
    if (withPeople) discardWithPeople(account, row);
    else discard(account, resource, row);
  }
  return answer({ message: `${count(rows, resource)} deleted.` });
}

async function bulkUpdate(account: Account, resource: Resource, c: Context): Promise<Response> {
  const body = await bodyOf(c, resource.one);
  if (body instanceof Response) return body;
  const rows = rowsOf(account, resource, body.ids);
  if (!rows) return unreadable();
  const { ids: _ids, ...attributes } = attributesIn(body, resource.one);
  const problems = updateAll(account, resource, rows, attributes);
  return problems.length > 0 ? refuse(400, ...problems) : answer({ message: `${count(rows, resource)} updated.` });
}

async function bulkAssign(account: Account, resource: Resource, c: Context): Promise<Response> {
  const body = await bodyOf(c, resource.one);
  if (body instanceof Response) return body;
  const rows = rowsOf(account, resource, body.selected_ids);
  if (!rows || !rowOf(account, 'User', body.owner_id)) return unreadable();
  updateAll(account, resource, rows, { owner_id: body.owner_id });
  return answer({ message: workGoesOn('Assigning') });
}

import type { Context, Hono } from 'hono';
import type { Resource, Table } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject, type RecordSandbox } from '../account.ts';
import { answer, inBackground, refuse } from '../answers.ts';
import { stamp } from '../clock.ts';
import type { Row } from '../store.ts';
import { rowOf } from '../writes/draft.ts';
import { discard, discardAll } from '../writes/recycle.ts';
import { identifierIn, upsertRecord } from '../writes/upsert.ts';
import { updateRecord, type Written } from '../writes/write.ts';
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

/** Table of bulk jobs. */
const JOBS = 'Job';

const endOf = ({ behaviours }: Account, job: Row): number => Number(job.at) + behaviours.jobSeconds * 1000;

/** True if the maximum number of unfinished jobs is reached. */
function isBusy(account: Account): boolean {
  const now = account.now().getTime();
  const running = account.store.of(JOBS).query((job) => endOf(account, job) > now);
  return running.length >= account.behaviours.maxParallelJobs;
}

/** Stores a job whose rows are already written. Returns its id. */
function takeJob(account: Account, job_type_name: string, failures: readonly Columns[], rows: number): string {
  const record_status = { succeeded: rows - failures.length, failed: failures.length };
  const data = { record_status, detailed_failure_report: failures };
  const id = crypto.randomUUID();
  account.store.of(JOBS).insert({ id, at: account.now().getTime(), job_type_name, data });
  return id;
}

/** The status of a job; `undefined` if there is none with that id. */
function jobStatus(account: Account, id: string): Columns | undefined {
  const job = account.store.of(JOBS).get(id);
  if (!job) return undefined;
  const [began, end, now] = [Number(job.at), endOf(account, job), account.now().getTime()];
  const done = now >= end;
  const data = account.behaviours.jobDataAsText ? JSON.stringify(job.data) : job.data;
  return {
    status: done ? 'SUCCESS' : 'IN_PROGRESS',
    job_type_name: job.job_type_name,
    created_at: stamp(new Date(began), 'Z'),
    status_updated_at: stamp(new Date(Math.min(now, end)), 'Z'),
    progress: done ? 100 : Math.floor((100 * (now - began)) / (end - began)),
    data: done && isObject(job.data) ? data : null,
  };
}

/** Maximum number of rows in one job. */
const MOST_ROWS = 100;

/** The existing records among the ids, without duplicates; `undefined` if these are not ids. */
function rowsOf(account: Account, table: Table, ids: unknown): readonly Row[] | undefined {
  if (!Array.isArray(ids) || ids.length === 0) return undefined;
  return [...new Set(ids.flatMap((id: unknown) => rowOf(account, table.name, id) ?? []))];
}

/** Makes the same change to many records, all or none. */
function updateAll(account: Account, table: Table, rows: readonly Row[], given: Columns): readonly string[] {
  const before = account.store.snapshot();
  const problems = rows.flatMap((row) => {
    const written = updateRecord(account, table, row, given);
    return 'problems' in written ? written.problems : [];
  });
  if (problems.length > 0) account.store.restore(before);
  return [...new Set(problems)];
}

/** Upserts row by row. Reports failed rows by their identifier. */
function upsertAll(account: Account, table: Table, rows: readonly unknown[]): Columns[] {
  return rows.flatMap((row) => {
    const { data, ...identity } = isObject(row) ? row : {};
    const by = identifierIn(account, table.name, identity);
    const dropped = account.types.of(table.name)?.notInBulk ?? [];
    const given = Object.entries(isObject(data) ? data : {}).filter(([column]) => !dropped.includes(column));
    const written = by ? upsertRecord(account, table, by, Object.fromEntries(given)) : undefined;
    const error_message = problemsOf(written, by !== undefined);
    return error_message.length > 0 ? [{ ...(by ? { [by.key]: by.value } : identity), error_message }] : [];
  });
}

function problemsOf(written: Written | undefined, identified: boolean): readonly string[] {
  if (!identified) return ['Invalid or missing attributes'];
  if (!written) return ['Record not found'];
  return 'problems' in written ? written.problems : [];
}

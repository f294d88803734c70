import type { Table } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { stamp } from '../clock.ts';
import type { Row } from '../store.ts';
import { rowOf } from './draft.ts';
import { identifierIn, upsertRecord } from './upsert.ts';
import { updateRecord, type Written } from './write.ts';

/** Table of bulk jobs. */
const JOBS = 'Job';

const endOf = ({ behaviours }: Account, job: Row): number => Number(job.at) + behaviours.jobSeconds * 1000;

/** True if the maximum number of unfinished jobs is reached. */
export function isBusy(account: Account): boolean {
  const now = account.now().getTime();
  const running = account.store.of(JOBS).query((job) => endOf(account, job) > now);
  return running.length >= account.behaviours.maxParallelJobs;
}

/** Stores a job whose rows are already written. Returns its id. */
export function takeJob(account: Account, job_type_name: string, failures: readonly Columns[], rows: number): string {
  const record_status = { succeeded: rows - failures.length, failed: failures.length };
  const data = { record_status, detailed_failure_report: failures };
  const id = crypto.randomUUID();
  account.store.of(JOBS).insert({ id, at: account.now().getTime(), job_type_name, data });
  return id;
}

/** The status of a job; `undefined` if there is none with that id. */
export function jobStatus(account: Account, id: string): Columns | undefined {
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
export const MOST_ROWS = 100;

/** The existing records among the ids, without duplicates; `undefined` if these are not ids. */
export function rowsOf(account: Account, table: Table, ids: unknown): readonly Row[] | undefined {
  if (!Array.isArray(ids) || ids.length === 0) return undefined;
  return [...new Set(ids.flatMap((id: unknown) => rowOf(account, table.name, id) ?? []))];
}

/** Makes the same change to many records, all or none. */
export function updateAll(account: Account, table: Table, rows: readonly Row[], given: Columns): readonly string[] {
  const before = account.store.snapshot();
  const problems = rows.flatMap((row) => {
    const written = updateRecord(account, table, row, given);
    return 'problems' in written ? written.problems : [];
  });
  if (problems.length > 0) account.store.restore(before);
  return [...new Set(problems)];
}

/** Upserts row by row. Reports failed rows by their identifier. */
export function upsertAll(account: Account, table: Table, rows: readonly unknown[]): Columns[] {
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

import { type Account, type Columns, isObject } from '../account.ts';
import { stamp } from '../clock.ts';
import type { Row } from '../store.ts';

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

import { FreshsalesError } from './errors.ts';
import { isObject, parseJson } from './json.ts';

/** A row that a job refused, by identifier. */
export interface JobFailure {
  readonly identifiers: readonly string[];
  readonly messages: readonly string[];
}

/** The state of a bulk job (FACTS 13). */
export interface Job {
  readonly status: string;
  /** Undefined for a word that is not known. */
  readonly state: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | undefined;
  readonly progress: number | undefined;
  readonly isEnded: boolean;
  /** The job ended without any effect. */
  readonly isFailed: boolean;
  readonly succeeded: number | undefined;
  readonly failed: number | undefined;
  readonly failures: readonly JobFailure[];
}

/** The last segment of a job's URL. The rest of the URL in the response is ignored. */
export function jobIdOf(body: unknown): string {
  const url = isObject(body) ? body.job_status_url : undefined;
  const [, id] = /\/job_statuses\/([\w-]{1,100})(\.json)?$/.exec(typeof url === 'string' ? url : '') ?? [];
  if (id) return id;
  const error = new FreshsalesError('UPSTREAM_ERROR', 'Freshsales accepted a job without an id.');
  error.outcome = 'UNKNOWN';
  throw error;
}

const UNDER_WAY = /progress|process|queue|pend|wait|schedul|start|init|run|creat|new|open/i;

/** Reads the state of a job. Its data is an object or JSON text (QUIRKS 60). */
export function toJob(body: unknown): Job {
  if (!isObject(body) || typeof body.status !== 'string')
    throw new FreshsalesError('UPSTREAM_ERROR', 'Freshsales sent no state for the job.');
  const data = dataOf(body.data);
  const record = isObject(data.record_status) ? data.record_status : {};
  const report = Array.isArray(data.detailed_failure_report) ? data.detailed_failure_report : [];
  const isFailed = /fail|error|abort|cancel/i.test(body.status);
  const isDone = /success|succeed|complete|finish|done/i.test(body.status);
  const progress = countOf(body.progress);
  return {
    status: body.status,
    state: isFailed ? 'FAILED' : isDone ? 'SUCCEEDED' : UNDER_WAY.test(body.status) ? 'IN_PROGRESS' : undefined,
    progress,
    isFailed,
    isEnded: isFailed || isDone || progress === 100,
    succeeded: countOf(record.succeeded),
    failed: countOf(record.failed),
    failures: report.filter(isObject).map(toFailure),
  };
}

function dataOf(data: unknown): Record<string, unknown> {
  if (isObject(data)) return data;
  const parsed = typeof data === 'string' ? parseJson(data) : undefined;
  return isObject(parsed) ? parsed : {};
}

function toFailure({ error_message, ...identifiers }: Record<string, unknown>): JobFailure {
  const messages = [error_message].flat().filter((message) => typeof message === 'string');
  const values = Object.values(identifiers).flat();
  return {
    identifiers: values.filter((value) => typeof value === 'string' || typeof value === 'number').map(String),
    messages: messages.length > 0 ? messages : ['Freshsales did not say why.'],
  };
}

const countOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isInteger(number) && number >= 0 ? number : undefined;
};

import type { Session } from './client.ts';
import { FreshsalesError, sentenceOf } from './errors.ts';
import { isObject, parseJson } from './json.ts';
import type { Order } from './writes.ts';

/** The most rows of one job (FACTS 7). */
export const ROWS_PER_JOB = 100;

/** Eight concurrent jobs were refused with 405 (FACTS 2). */
const TOO_MANY_JOBS = 405;

const JOBS_AT_ONCE = 3;

/** Retries of a job that was refused because others are running, with growing pauses. */
export const MAX_OFFERS = 5;

/** Milliseconds before each check of a job. Checks cost calls, so the pauses grow. */
const LOOKS = [1000, 2000, 3000, 5000, 8000, 13_000, 20_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000];

/** The most checks of one job. */
export const MAX_LOOKS = LOOKS.length;

/** A row of a bulk upsert. */
export interface BulkRow {
  /** Identifies the row, both to the caller and in the job's report. */
  readonly identifier: string;
  readonly body: object;
}

/** The outcome of a row. */
export interface RowResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'NOT_SENT' | 'UNKNOWN';
  readonly messages: readonly string[];
  /** The job that the row was sent in. */
  readonly jobId?: string;
}

/** The outcomes of all rows, in order, and the reason if the work was interrupted. */
export interface BulkResult {
  readonly results: readonly RowResult[];
  readonly interruption?: FreshsalesError;
}

const NOT_SENT: RowResult = { status: 'NOT_SENT', messages: [] };

/**
 * Sends rows in jobs of 100, a few at once, and waits for them. After a failure that is not a row's fault, no further job is
 * sent and the outcomes so far are returned. Throws only if nothing was sent.
 */
export async function bulkUpsert(
  session: Session,
  rows: readonly BulkRow[],
  orderOf: (bodies: readonly object[]) => Order,
): Promise<BulkResult> {
  const results: RowResult[] = rows.map(() => NOT_SENT);
  const run = new Run(session);
  const starts = Array.from({ length: Math.ceil(rows.length / ROWS_PER_JOB) }, (_, index) => index * ROWS_PER_JOB);
  const work = async (): Promise<void> => {
    for (let start = starts.shift(); start !== undefined && !run.interruption; start = starts.shift()) {
      const part = rows.slice(start, start + ROWS_PER_JOB);
      const found = await run.job(part, orderOf(part.map(({ body }) => body)));
      results.splice(start, found.length, ...found);
    }
  };
  await Promise.all(Array.from({ length: Math.min(JOBS_AT_ONCE, starts.length) }, work));
  const { interruption } = run;
  if (interruption && results.every(({ status }) => status === 'NOT_SENT')) throw interruption;
  return { results, ...(interruption && { interruption }) };
}

/** The jobs of one bulk upsert. */
class Run {
  /** The first failure that is not a row's fault. */
  interruption: FreshsalesError | undefined;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Sends one job and waits for its end. */
  async job(rows: readonly BulkRow[], order: Order): Promise<RowResult[]> {
    let jobId: string;
    try {
      jobId = jobIdOf((await this.#offer(order)).body);
    } catch (error) {
      return this.#unsent(rows, error);
    }
    try {
      const job = await this.#wait(jobId);
      return job ? resultsOf(rows, job, jobId) : rows.map(() => unknown(jobId));
    } catch (error) {
      this.#interrupt(error);
      return rows.map(() => unknown(jobId));
    } finally {
      // The job runs after its request was answered. Reads in between returned the old rows.
      await this.#session.announce(order.change);
    }
  }

  /** Sends a job again while it is refused with 405, because too many are running. */
  async #offer(order: Order) {
    for (let offer = 1; ; offer += 1) {
      try {
        return await this.#session.write(order);
      } catch (error) {
        if (offer === MAX_OFFERS || !(error instanceof FreshsalesError) || error.status !== TOO_MANY_JOBS) throw error;
        await this.#session.pause(offer * 2000);
      }
    }
  }

  #unsent(rows: readonly BulkRow[], error: unknown): RowResult[] {
    if (error instanceof FreshsalesError && error.code === 'BAD_USER_INPUT' && error.status !== TOO_MANY_JOBS)
      return rows.map(() => ({ status: 'FAILED', messages: error.reasons.map(sentenceOf) }));
    this.#interrupt(error);
    const isUnknown = error instanceof FreshsalesError && error.outcome === 'UNKNOWN';
    return rows.map(() => (isUnknown ? { status: 'UNKNOWN', messages: [] } : NOT_SENT));
  }

  /** Checks a job until it ends. Tolerates one failed check. Returns undefined on timeout. */
  async #wait(jobId: string): Promise<Job | undefined> {
    let faults = 0;
    for (const ms of LOOKS) {
      await this.#session.pause(ms);
      try {
        const job = toJob(await this.#session.job(jobId));
        if (job.isEnded) return job;
      } catch (error) {
        faults += 1;
        if (faults > 2 || !isPassing(error)) throw error;
      }
    }
    return undefined;
  }

  #interrupt(error: unknown): void {
    this.interruption ??= interruptionOf(error);
  }
}

/** A client that disconnects interrupts the work. It can repeat the request with the same key to get the outcomes. */
function interruptionOf(error: unknown): FreshsalesError {
  if (error instanceof FreshsalesError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new FreshsalesError('ABORTED', 'The client disconnected before all rows were sent.');
  throw error;
}

const isPassing = (error: unknown): boolean =>
  error instanceof FreshsalesError && (error.code === 'UPSTREAM_ERROR' || error.code === 'UPSTREAM_TIMEOUT');

const unknown = (jobId: string): RowResult => ({ status: 'UNKNOWN', messages: [], jobId });

/**
 * Matches the report of a job to its rows by identifier. The other rows succeeded only if the counts of the job say so: a job
 * without counts, or with failures that match no row, leaves them unknown.
 */
function resultsOf(rows: readonly BulkRow[], job: Job, jobId: string): RowResult[] {
  const failures = new Map(
    job.failures.flatMap(({ identifiers, messages }) =>
      identifiers.map((each) => [each.toLowerCase(), messages] as const),
    ),
  );
  const found = rows.map(({ identifier }) => failures.get(identifier.toLowerCase()));
  const matched = found.filter((messages) => messages !== undefined).length;
  const others = restOf(job, { rows: rows.length, matched });
  return found.map((messages) => {
    if (messages) return { status: 'FAILED', messages, jobId };
    if (others === 'FAILED') return { status: 'FAILED', messages: [`The job ended as ${job.status}.`], jobId };
    return others === 'SUCCEEDED' ? { status: 'SUCCEEDED', messages: [], jobId } : unknown(jobId);
  });
}

/** The fate of the rows that the report does not name. */
function restOf(job: Job, { rows, matched }: { rows: number; matched: number }): RowResult['status'] {
  const { isFailed, succeeded, failed } = job;
  if (isFailed) return (succeeded ?? 0) === 0 ? 'FAILED' : 'UNKNOWN';
  if (succeeded === undefined && failed === undefined) return 'UNKNOWN';
  return (failed ?? matched) <= matched && (succeeded ?? rows) + matched >= rows ? 'SUCCEEDED' : 'UNKNOWN';
}

/** The outcome of a bulk operation: ids that were accepted, not sent, or unknown. */
export interface IdsResult {
  readonly accepted: readonly string[];
  readonly notSent: readonly string[];
  readonly unknown: readonly string[];
  /** Freshsales' message for each call. */
  readonly messages: readonly string[];
  readonly interruption?: FreshsalesError;
}

/** Sends a bulk operation, 100 ids per call, one call after another. Throws only if nothing was sent. */
export async function bulkOverIds(
  session: Session,
  ids: readonly string[],
  orderOf: (ids: readonly string[]) => Order,
): Promise<IdsResult> {
  const accepted: string[] = [];
  const messages: string[] = [];
  for (let start = 0; start < ids.length; start += ROWS_PER_JOB) {
    const part = ids.slice(start, start + ROWS_PER_JOB);
    try {
      const { body } = await session.write(orderOf(part));
      accepted.push(...part);
      messages.push(messageOf(body));
    } catch (error) {
      const interruption = interruptionOf(error);
      const isUnknown = interruption.outcome === 'UNKNOWN';
      if (start === 0 && !isUnknown) throw error;
      const [unknown, notSent] = isUnknown ? [part, ids.slice(start + part.length)] : [[], ids.slice(start)];
      return { accepted, notSent, unknown, messages, interruption };
    }
  }
  return { accepted, notSent: [], unknown: [], messages };
}

const messageOf = (body: unknown): string => {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? message : 'Done.';
};

/** A row that a job refused, by identifier. */
export interface JobFailure {
  readonly identifiers: readonly string[];
  readonly messages: readonly string[];
}

/** The state of a bulk job (FACTS 13). */
export interface Job {
  readonly status: string;
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

/** Reads the state of a job. Its data is an object or JSON text (QUIRKS 60). */
export function toJob(body: unknown): Job {
  if (!isObject(body) || typeof body.status !== 'string')
    throw new FreshsalesError('UPSTREAM_ERROR', 'Freshsales sent no state for the job.');
  const data = dataOf(body.data);
  const record = isObject(data.record_status) ? data.record_status : {};
  const report = Array.isArray(data.detailed_failure_report) ? data.detailed_failure_report : [];
  const isFailed = /fail|error|abort|cancel/i.test(body.status);
  const progress = countOf(body.progress);
  return {
    status: body.status,
    progress,
    isFailed,
    isEnded: isFailed || progress === 100 || /success|complete|finish|done/i.test(body.status),
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

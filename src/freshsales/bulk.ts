import { type Job, jobIdOf, toJob } from './bulk-job.ts';
import type { Session } from './client.ts';
import { FreshsalesError, sentenceOf } from './errors.ts';
import type { WriteRequest } from './writes.ts';

/** The most rows of one job (FACTS 7). */
export const ROWS_PER_JOB = 100;

/** Eight concurrent jobs were refused with 405 (FACTS 2). */
const TOO_MANY_JOBS = 405;

const JOBS_AT_ONCE = 3;

/** Retries of a job that was refused because others are running, with growing pauses. */
export const MAX_OFFERS = 5;

/** Milliseconds before each check of a job. Checks cost calls, so the pauses grow. */
const JOB_CHECK_DELAYS_MS = [
  1000, 2000, 3000, 5000, 8000, 13_000, 20_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000,
];

/** The most checks of one job. */
export const MAX_JOB_CHECKS = JOB_CHECK_DELAYS_MS.length;

/** A row of a bulk upsert. */
interface BulkRow {
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

/** Work that continues an earlier attempt, and keeps what it has done so far for a later one. */
interface Resumable<T> {
  readonly last?: T | undefined;
  readonly save?: ((done: T) => Promise<void>) | undefined;
}

/**
 * Sends rows in jobs of 100, a few at once, and waits for them. After a failure that is not a row's fault, no further job is
 * sent and the outcomes so far are returned. Continues an earlier attempt: sends the rows that were not sent, and checks the
 * jobs that had not ended. Throws only if nothing was sent.
 */
export async function bulkUpsert(
  session: Session,
  rows: readonly BulkRow[],
  requestOf: (bodies: readonly object[]) => WriteRequest,
  { last, save }: Resumable<readonly RowResult[]> = {},
): Promise<BulkResult> {
  const run = new Run(session, rows, { requestOf, save, results: rows.map((_, index) => last?.[index] ?? NOT_SENT) });
  const parts = partsOf(run.results);
  const work = async (): Promise<void> => {
    for (let part = parts.shift(); part && !run.interruption; part = parts.shift()) await run.send(part);
  };
  await Promise.all(Array.from({ length: Math.min(JOBS_AT_ONCE, parts.length) }, work));
  const { results, interruption } = run;
  if (interruption && results.every(({ status }) => status === 'NOT_SENT')) throw interruption;
  return { results, ...(interruption && { interruption }) };
}

/** True if a later attempt may learn more: rows were not sent, or their jobs had not ended. */
export const isUnfinished = (results: readonly RowResult[]): boolean => partsOf(results).length > 0;

/** Rows of one job, by their indices. Without an id the job is yet to be sent. */
interface Part {
  readonly indices: readonly number[];
  readonly jobId?: string;
}

/** The open jobs, and the rows to send in new ones. Rows that were sent without a known job are not sent again. */
function partsOf(results: readonly RowResult[]): Part[] {
  const jobs = new Map<string, number[]>();
  const unsent: number[] = [];
  for (const [index, { status, jobId }] of results.entries()) {
    if (status === 'NOT_SENT') unsent.push(index);
    else if (jobId !== undefined) jobs.set(jobId, [...(jobs.get(jobId) ?? []), index]);
  }
  const open = [...jobs]
    .filter(([, indices]) => indices.some((index) => results[index]?.status === 'UNKNOWN'))
    .map(([jobId, indices]) => ({ indices, jobId }));
  const starts = Array.from({ length: Math.ceil(unsent.length / ROWS_PER_JOB) }, (_, index) => index * ROWS_PER_JOB);
  return [...open, ...starts.map((start) => ({ indices: unsent.slice(start, start + ROWS_PER_JOB) }))];
}

interface RunOptions extends Pick<Resumable<readonly RowResult[]>, 'save'> {
  readonly requestOf: (bodies: readonly object[]) => WriteRequest;
  readonly results: RowResult[];
}

/** The jobs of one bulk upsert. */
class Run {
  readonly results: RowResult[];
  /** The first failure that is not a row's fault. */
  interruption: FreshsalesError | undefined;
  readonly #session: Session;
  readonly #rows: readonly BulkRow[];
  readonly #options: RunOptions;
  #saved: Promise<void> = Promise.resolve();

  constructor(session: Session, rows: readonly BulkRow[], options: RunOptions) {
    this.#session = session;
    this.#rows = rows;
    this.#options = options;
    this.results = options.results;
  }

  /** Sends a job unless it is open, and waits for its end. */
  async send({ indices, jobId: known }: Part): Promise<void> {
    const rows = indices.flatMap((index) => this.#rows[index] ?? []);
    const request = this.#options.requestOf(rows.map(({ body }) => body));
    let jobId = known;
    if (jobId === undefined) {
      // If this process dies before the response, it is unknown whether the job was accepted.
      await this.#note(indices, () => OFFERED);
      try {
        jobId = jobIdOf((await this.#offer(request)).body);
      } catch (error) {
        const result = this.#unsent(error);
        return this.#note(indices, () => result);
      }
      const sent = unknown(jobId);
      await this.#note(indices, () => sent);
    }
    const results = await this.#resultsOf(rows, jobId, { isOpen: known !== undefined });
    // The job runs after its request was answered. Reads in between returned the old rows.
    await this.#session.invalidate(request.change);
    await this.#note(indices, (at) => results[at]);
  }

  /** Sets the outcome of some rows, and keeps the outcomes of all. */
  #note(indices: readonly number[], resultAt: (at: number) => RowResult | undefined): Promise<void> {
    for (const [at, index] of indices.entries()) this.results[index] = resultAt(at) ?? OFFERED;
    // One after the other, so that an older state never replaces a newer one.
    this.#saved = this.#saved.then(() => this.#options.save?.([...this.results]));
    return this.#saved;
  }

  async #resultsOf(rows: readonly BulkRow[], jobId: string, options: { isOpen: boolean }): Promise<RowResult[]> {
    try {
      const job = await this.#wait(jobId, options);
      return job ? resultsOf(rows, job, jobId) : rows.map(() => unknown(jobId));
    } catch (error) {
      this.#interrupt(error);
      return rows.map(() => unknown(jobId));
    }
  }

  /** Sends a job again while it is refused with 405, because too many are running. */
  async #offer(request: WriteRequest) {
    for (let offer = 1; ; offer += 1) {
      try {
        return await this.#session.write(request);
      } catch (error) {
        if (offer === MAX_OFFERS || !(error instanceof FreshsalesError) || error.status !== TOO_MANY_JOBS) throw error;
        await this.#session.pause(offer * 2000);
      }
    }
  }

  /** The outcome of rows whose job was not accepted. */
  #unsent(error: unknown): RowResult {
    if (error instanceof FreshsalesError && error.code === 'BAD_USER_INPUT' && error.status !== TOO_MANY_JOBS)
      return { status: 'FAILED', messages: error.reasons.map(sentenceOf) };
    this.#interrupt(error);
    return error instanceof FreshsalesError && error.outcome === 'UNKNOWN' ? OFFERED : NOT_SENT;
  }

  /** Checks a job until it ends, an open one at once. Tolerates two failed checks. Returns undefined on timeout. */
  async #wait(jobId: string, { isOpen }: { isOpen: boolean }): Promise<Job | undefined> {
    let faults = 0;
    for (const [index, ms] of JOB_CHECK_DELAYS_MS.entries()) {
      if (index > 0 || !isOpen) await this.#session.pause(ms);
      try {
        const job = toJob(await this.#session.job(jobId));
        if (job.isEnded) return job;
      } catch (error) {
        // Freshsales forgets old jobs.
        if (isOpen && error instanceof FreshsalesError && error.code === 'NOT_FOUND') return undefined;
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

/** Rows that were sent without a response that names their job. */
const OFFERED: RowResult = { status: 'UNKNOWN', messages: [] };

/** A failure that stops the work. */
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

/**
 * Sends a bulk operation, 100 ids per call, one call after another. Continues an earlier attempt with the ids that were not
 * sent. Throws only if nothing was sent.
 */
export async function bulkOverIds(
  session: Session,
  ids: readonly string[],
  requestOf: (ids: readonly string[]) => WriteRequest,
  { last, save }: Resumable<IdsResult> = {},
): Promise<IdsResult> {
  let done: IdsResult = last ?? { accepted: [], notSent: ids, unknown: [], messages: [] };
  for (let rest = done.notSent; rest.length > 0; rest = done.notSent) {
    const { accepted, unknown, messages } = done;
    const part = rest.slice(0, ROWS_PER_JOB);
    const notSent = rest.slice(ROWS_PER_JOB);
    const unanswered = { accepted, notSent, unknown: [...unknown, ...part], messages };
    // If this process dies before the response, it is unknown what was done.
    await save?.(unanswered);
    try {
      const { body } = await session.write(requestOf(part));
      done = { accepted: [...accepted, ...part], notSent, unknown, messages: [...messages, messageOf(body)] };
    } catch (error) {
      const interruption = interruptionOf(error);
      if (interruption.outcome === 'UNKNOWN') return { ...unanswered, interruption };
      if (rest.length === ids.length) {
        await save?.(done);
        throw error;
      }
      return { accepted, notSent: rest, unknown, messages, interruption };
    }
  }
  const { accepted, unknown, messages } = done;
  return { accepted, notSent: [], unknown, messages };
}

const messageOf = (body: unknown): string => {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? message : 'Done.';
};

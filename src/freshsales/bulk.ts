import type { Session } from './client.ts';
import { FreshsalesError } from './errors.ts';
import { type Job, jobIdOf, toJob } from './job.ts';
import type { Order } from './writes.ts';

/** Freshsales takes at most so many rows in one job (FACTS 7). */
export const ROWS_PER_JOB = 100;

/** Eight at once were refused with 405 (FACTS 2). */
const JOBS_AT_ONCE = 3;

/** How often a job that was refused for others under way is offered again, each time after a longer wait. */
export const MAX_OFFERS = 5;

/** How long to wait before each look at a job, in milliseconds; looks cost calls, so that they grow apart. */
const LOOKS = [1000, 2000, 3000, 5000, 8000, 13_000, 20_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000];

/** The most looks that one job can cost. */
export const MAX_LOOKS = LOOKS.length;

/** A row of a bulk upsert. */
export interface BulkRow {
  /** What it is known by, in the caller's words and in the job's report. */
  readonly identifier: string;
  readonly body: object;
}

/** What became of a row. */
export interface Fate {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'NOT_SENT' | 'UNKNOWN';
  readonly messages: readonly string[];
  /** The job it went with. */
  readonly jobId?: string;
}

/** What became of all rows, in their order, and what broke the work off. */
export interface BulkResult {
  readonly fates: readonly Fate[];
  readonly interruption?: FreshsalesError;
}

const NOT_SENT: Fate = { status: 'NOT_SENT', messages: [] };

/**
 * Sends rows in jobs of a hundred, a few at once, and waits until they have ended. Once something fails that is not a row's
 * fault, no further job is sent; what was done until then is told all the same. It throws only where nothing was sent at all.
 */
export async function bulkUpsert(
  session: Session,
  rows: readonly BulkRow[],
  orderOf: (bodies: readonly object[]) => Order,
): Promise<BulkResult> {
  const fates: Fate[] = rows.map(() => NOT_SENT);
  const run = new Run(session);
  const starts = Array.from({ length: Math.ceil(rows.length / ROWS_PER_JOB) }, (_, index) => index * ROWS_PER_JOB);
  const work = async (): Promise<void> => {
    for (let start = starts.shift(); start !== undefined && !run.interruption; start = starts.shift()) {
      const part = rows.slice(start, start + ROWS_PER_JOB);
      const found = await run.job(part, orderOf(part.map(({ body }) => body)));
      fates.splice(start, found.length, ...found);
    }
  };
  await Promise.all(Array.from({ length: Math.min(JOBS_AT_ONCE, starts.length) }, work));
  const { interruption } = run;
  if (interruption && fates.every(({ status }) => status === 'NOT_SENT')) throw interruption;
  return { fates, ...(interruption && { interruption }) };
}

/** The jobs of one bulk upsert. */
class Run {
  /** The first failure that is not a row's fault. */
  interruption: FreshsalesError | undefined;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Offers one job and waits for its end. */
  async job(rows: readonly BulkRow[], order: Order): Promise<Fate[]> {
    let jobId: string;
    try {
      jobId = jobIdOf((await this.#offer(order)).body);
    } catch (error) {
      return this.#unsent(rows, error);
    }
    try {
      const job = await this.#wait(jobId);
      return job ? fatesOf(rows, job, jobId) : rows.map(() => unknown(jobId));
    } catch (error) {
      this.#interrupt(error);
      return rows.map(() => unknown(jobId));
    } finally {
      // The job does its work after the answer to the order, and what was read in between shows the rows as they were.
      await this.#session.announce(order.change);
    }
  }

  /** A job is refused with 405 while others are under way: nothing was done, so that it may be offered again. */
  async #offer(order: Order) {
    for (let offer = 1; ; offer += 1) {
      try {
        return await this.#session.write(order);
      } catch (error) {
        if (offer === MAX_OFFERS || !(error instanceof FreshsalesError) || error.status !== 405) throw error;
        await this.#session.pause(offer * 2000);
      }
    }
  }

  #unsent(rows: readonly BulkRow[], error: unknown): Fate[] {
    if (error instanceof FreshsalesError && error.code === 'BAD_USER_INPUT')
      return rows.map(() => ({ status: 'FAILED', messages: error.messages }));
    this.#interrupt(error);
    const isUnknown = error instanceof FreshsalesError && error.outcome === 'UNKNOWN';
    return rows.map(() => (isUnknown ? { status: 'UNKNOWN', messages: [] } : NOT_SENT));
  }

  /** Looks at a job until it has ended. One fault of Freshsales may pass; undefined where it takes too long. */
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

/** A caller who hangs up breaks the work off like anything else, and may come back with the same key to hear how far it got. */
function interruptionOf(error: unknown): FreshsalesError {
  if (error instanceof FreshsalesError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new FreshsalesError('ABORTED', 'The client hung up before all of it was done.');
  throw error;
}

const isPassing = (error: unknown): boolean =>
  error instanceof FreshsalesError && (error.code === 'UPSTREAM_ERROR' || error.code === 'UPSTREAM_TIMEOUT');

const unknown = (jobId: string): Fate => ({ status: 'UNKNOWN', messages: [], jobId });

/** Matches the report of a job to its rows by what identifies them. A failure that matches none leaves the others
 * uncertain, and so does a count of successes that they would not come to. */
function fatesOf(rows: readonly BulkRow[], job: Job, jobId: string): Fate[] {
  const failures = new Map(
    job.failures.flatMap(({ identifiers, messages }) =>
      identifiers.map((each) => [each.toLowerCase(), messages] as const),
    ),
  );
  const found = rows.map(({ identifier }) => failures.get(identifier.toLowerCase()));
  const matched = found.filter((messages) => messages !== undefined).length;
  const isTold = (job.failed ?? matched) <= matched && (job.succeeded ?? rows.length) + matched >= rows.length;
  return found.map((messages) => {
    if (messages) return { status: 'FAILED', messages, jobId };
    if (job.isFailed) return { status: 'FAILED', messages: [`The job ended as ${job.status}.`], jobId };
    return isTold ? { status: 'SUCCEEDED', messages: [], jobId } : unknown(jobId);
  });
}

/** What became of an order over many ids: Freshsales has taken it, or not, or nobody knows. */
export interface IdsResult {
  readonly accepted: readonly string[];
  readonly notSent: readonly string[];
  readonly unknown: readonly string[];
  /** Freshsales' own words for each call; it may say that it will be done later. */
  readonly messages: readonly string[];
  readonly interruption?: FreshsalesError;
}

/** Sends an order over ids, a hundred at a time, one call after the other. Throws only where nothing was sent at all. */
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

import { setTimeout as delay } from 'node:timers/promises';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';
import type { AccountLedger } from '../quota/account-ledger.ts';
import { ReadFailure } from './page-reader.ts';
import { durationOf, type ProgressReport } from './progress.ts';

const HOUR = 3_600_000;

/** Counts calls, and keeps them within a share of the hourly quota. */
export function createCallMeter({ hour }: { hour: () => AccountLedger['hour'] }, sharePercent: number) {
  const sentAt: number[] = [];
  let calls = 0;
  const meter: Meter = {
    allow() {
      const now = performance.now();
      while (sentAt[0] !== undefined && sentAt[0] <= now - HOUR) sentAt.shift();
      const most = Math.max(1, Math.floor((hour().limit * sharePercent) / 100));
      if (sentAt.length < most) return;
      const retryAfter = Math.ceil(((sentAt[0] ?? now) + HOUR - now) / 1000);
      throw new FreshsalesError('RATE_LIMITED', `This export has used ${sharePercent} % of the hourly calls.`, {
        retryAfter,
      });
    },
    spend() {
      calls += 1;
      sentAt.push(performance.now());
    },
    answered() {},
  };
  return {
    meter,
    get calls() {
      return calls;
    },
  };
}

/** Pauses before a failed read is tried again, in seconds. */
const PAUSES = [1, 5, 15, 30, 60];

const PASSING: ReadonlySet<string> = new Set(['UPSTREAM_ERROR', 'UPSTREAM_TIMEOUT']);

interface Patience {
  readonly progress: ProgressReport;
  readonly signal: AbortSignal;
}

/** Repeats work while the quota is spent, and a few times while Freshsales fails. */
export async function patiently<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { signal } = patience;
  for (let failures = 0; ; failures += 1) {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      if (signal.aborted || !(error instanceof ReadFailure || error instanceof FreshsalesError)) throw error;
      if (!(await pause(error, { ...patience, failures }))) throw error;
      if (error.code === 'RATE_LIMITED') failures = -1;
    }
  }
}

/** A failure as far as it matters for another attempt. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryAfter?: number | null | undefined;
}

/** Waits until another attempt may succeed. False at once if none will. */
export async function pause(
  { code, message, retryAfter }: Failure,
  { progress, signal, failures }: Patience & { readonly failures: number },
): Promise<boolean> {
  if (code === 'RATE_LIMITED') {
    const seconds = retryAfter ?? 60;
    if (seconds > SHORT) progress.note(`The quota is spent. Going on in ${durationOf(seconds * 1000)}. Ctrl-C stops.`);
    await delay(seconds * 1000, undefined, { signal });
    return true;
  }
  const seconds = PAUSES[failures];
  if (seconds === undefined || !PASSING.has(code)) return false;
  progress.note(`${message} Trying again in ${seconds} s.`);
  await delay(seconds * 1000, undefined, { signal });
  return true;
}

/** Shorter waits are not worth a line. */
const SHORT = 5;

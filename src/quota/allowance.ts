import { FreshsalesError } from '../freshsales/errors.ts';
import type { Call, Lane, Meter } from '../freshsales/transport.ts';
import type { GiveBack, UsageCounter } from './usage-counter.ts';

/** Order in which waiting calls are served. */
export const PRIORITIES = ['interactive', 'agent', 'bulk'] as const satisfies readonly Lane[];

type Priority = (typeof PRIORITIES)[number];

export interface AllowanceSettings {
  /** Calls per hour. Unlimited if omitted. */
  readonly callsPerHour?: number | undefined;
  /** Calls per operation. */
  readonly callsPerOperation?: number | undefined;
  readonly priority: Priority;
}

/** The share of the account's calls that a caller may use. Survives edits of the callers file. */
export interface Allowance extends Meter {
  readonly settings: AllowanceSettings;
  /** Calls made this hour, including calls under way. */
  readonly used: number;
  /** Calls left this hour. Undefined without a limit. */
  readonly remaining: number | undefined;
  readonly resetAt: Date;
  /** Applies new settings. Calls already made still count. */
  change(settings: AllowanceSettings): void;
  /** The error if fewer calls than this are left. */
  refusal(calls: number): FreshsalesError | undefined;
  /** Reads what the caller has spent on other servers. */
  refresh(): void | Promise<void>;
}

/** Calls are counted without a limit too, because an edit may add one. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Limits the calls of a caller. */
export function createAllowance(given: AllowanceSettings, count: UsageCounter): Allowance {
  let settings = given;
  const taken = new WeakMap<Call, GiveBack>();
  const allowance: Allowance = {
    get settings() {
      return settings;
    },
    get used() {
      return count.used;
    },
    get remaining() {
      return settings.callsPerHour === undefined ? undefined : count.left(settings.callsPerHour);
    },
    get resetAt() {
      return new Date(count.resetAt);
    },
    change(next) {
      settings = next;
    },
    refusal(calls) {
      const { remaining } = allowance;
      return remaining === undefined || calls <= remaining ? undefined : refusalOf(settings, count, calls);
    },
    refresh: () => count.refresh(),
    async allow(call) {
      const giveBack = await count.take(settings.callsPerHour ?? NO_LIMIT);
      if (!giveBack) throw refusalOf(settings, count, 1);
      taken.set(call, giveBack);
    },
    spend() {},
    learn() {},
    release(call, sent) {
      if (!sent) void taken.get(call)?.();
    },
  };
  return allowance;
}

/** Seconds to wait while the shared counter is unavailable. */
const LOOK_SECONDS = 10;

function refusalOf({ callsPerHour = 0 }: AllowanceSettings, count: UsageCounter, calls: number): FreshsalesError {
  const remaining = count.left(callsPerHour);
  const untilReset = Math.max(1, Math.ceil((count.resetAt - Date.now()) / 1000));
  const retryAfter = count.isDegraded ? Math.min(LOOK_SECONDS, untilReset) : untilReset;
  const why = count.isDegraded ? ' to this server while it cannot reach the others' : '';
  return new FreshsalesError(
    'RATE_LIMITED',
    `${remaining} of this caller’s ${callsPerHour} Freshsales calls an hour are left${why}, and this needs ${calls} at the least. Try again in ${retryAfter} seconds.`,
    { retryAfter },
  );
}

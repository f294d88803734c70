import type { RateNews } from '../freshsales/rate-headers.ts';

/** One of the two windows Freshsales counts in. */
export interface Window {
  readonly name: 'hour' | 'minute';
  readonly limit: number;
  readonly used: number;
  readonly resetAt: Date;
}

export interface Windows {
  readonly hour: Window;
  readonly minute: Window;
}

export const HOUR = 3_600_000;
export const MINUTE = 60_000;

/** Whether a call may go out. */
export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** `paused`: Freshsales has said 429. `probing`: the time is over, and one call tries whether it answers again. */
      readonly because: 'hour' | 'minute' | 'paused' | 'probing';
      /** When to try again, in milliseconds; for `probing` there is no telling. */
      readonly waitMs: number;
    };

/** A call that wants to go out. */
export interface Bid {
  /** Names the call from here until it has been answered. */
  readonly ticket: string;
  /** The share of each window that this call must leave to others, from 0 to 1. */
  readonly leaves: number;
  /** How many wait before it for the same. */
  readonly ahead: number;
}

/** How a call ended. */
export interface Outcome {
  readonly news?: RateNews | undefined;
  /** After a 429: for how long nobody may ask. */
  readonly pauseMs?: number | undefined;
}

/**
 * Counts the calls of one account. A call counts from when it is taken until a window's length after its answer, for nobody
 * knows when in between Freshsales counted it.
 */
export interface QuotaWindows {
  /** Takes a call if it may go out; in one step, so that two never take the last one. */
  take(bid: Bid): Verdict | Promise<Verdict>;
  /** The call has been answered, or has been sent in vain. */
  settle(ticket: string, outcome: Outcome): void | Promise<void>;
  /** The call was not sent after all. */
  giveBack(ticket: string): void | Promise<void>;
  /** What is known now; where several machines count together, as of this one's last call. */
  readonly windows: Windows;
}

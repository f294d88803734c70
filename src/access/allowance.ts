import { FreshsalesError } from '../freshsales/errors.ts';
import type { Lane, Meter } from '../freshsales/transport.ts';

/** Who is served first when calls are scarce. */
export const PRIORITIES = ['interactive', 'agent', 'bulk'] as const satisfies readonly Lane[];

export type Priority = (typeof PRIORITIES)[number];

export interface AllowanceSettings {
  /** Calls an hour; as many as the account has where it is left out. */
  readonly callsPerHour?: number | undefined;
  /** Calls of one operation. */
  readonly callsPerOperation?: number | undefined;
  readonly priority: Priority;
}

/** A caller's share of the account's calls. Lives as long as the server, whatever becomes of the file. */
export interface Allowance extends Meter {
  readonly settings: AllowanceSettings;
  /** Calls made this hour. */
  readonly used: number;
  /** Calls left this hour; undefined where there is no limit. */
  readonly remaining: number | undefined;
  readonly resetAt: Date;
  /** The file was edited: what was spent stays spent. */
  change(settings: AllowanceSettings): void;
  /** The refusal, where so many calls are more than what is left. */
  refusal(calls: number): FreshsalesError | undefined;
}

const HOUR = 3_600_000;

/** An hour begins with the first call in it. Counts in this process. */
export function createAllowance(given: AllowanceSettings, now: () => number = Date.now): Allowance {
  let settings = given;
  let used = 0;
  /** Calls that were allowed and have not gone out yet. */
  let promised = 0;
  let resetAt = now() + HOUR;
  const roll = () => {
    if (now() < resetAt) return;
    used = 0;
    resetAt = now() + HOUR;
  };
  const allowance: Allowance = {
    get settings() {
      return settings;
    },
    get used() {
      roll();
      return used;
    },
    get remaining() {
      roll();
      return settings.callsPerHour === undefined ? undefined : Math.max(0, settings.callsPerHour - used - promised);
    },
    get resetAt() {
      roll();
      return new Date(resetAt);
    },
    change(next) {
      settings = next;
    },
    refusal(calls) {
      const { remaining } = allowance;
      if (remaining === undefined || calls <= remaining) return undefined;
      const retryAfter = Math.max(1, Math.ceil((resetAt - now()) / 1000));
      return new FreshsalesError(
        'RATE_LIMITED',
        `${remaining} of this caller’s ${settings.callsPerHour} Freshsales calls an hour are left, and this needs ${calls} at the least. Try again in ${retryAfter} seconds.`,
        { retryAfter },
      );
    },
    allow() {
      const refusal = allowance.refusal(1);
      if (refusal) throw refusal;
      promised += 1;
    },
    spend() {
      roll();
      promised -= 1;
      // Its hour begins where it begins to spend.
      if (used === 0) resetAt = now() + HOUR;
      used += 1;
    },
    learn() {},
    release(_call, sent) {
      if (!sent) promised -= 1;
    },
  };
  return allowance;
}

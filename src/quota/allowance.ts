import { FreshsalesError } from '../freshsales/errors.ts';
import type { Call, Lane, Meter } from '../freshsales/transport.ts';
import type { GiveBack, UsageCounter } from './usage-counter.ts';

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
  /** Calls made this hour, those among them that are about to be made. */
  readonly used: number;
  /** Calls left this hour; undefined where there is no limit. */
  readonly remaining: number | undefined;
  readonly resetAt: Date;
  /** The file was edited: what was spent stays spent. */
  change(settings: AllowanceSettings): void;
  /** The refusal, where so many calls are more than what is left. */
  refusal(calls: number): FreshsalesError | undefined;
  /** Hears what other machines have let this caller spend. */
  refresh(): void | Promise<void>;
}

/** The limit of who has none: their calls are counted all the same, for they may be given one. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Holds a caller to its settings by a count of its calls. */
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

/** While the servers cannot count together, seconds after which to see whether they can again. */
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

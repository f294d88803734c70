import { FreshsalesError } from '../freshsales/errors.ts';
import type { Call, Meter, Priority } from '../freshsales/transport.ts';
import { createMemoryStore } from '../stores/memory/memory-store.ts';
import { type Counter, type Store, StoreUnavailable, type Usage } from '../stores/store.ts';
import { DEFAULT_LEDGER } from './account-ledger.ts';
import { HOUR } from './windows.ts';

/** Order in which waiting calls are served. */
export const PRIORITIES = ['interactive', 'agent', 'bulk'] as const satisfies readonly Priority[];

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
    answered() {},
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

/** Uncounts a call that was not made. */
export type GiveBack = () => Promise<void>;

/** Counts the calls of one caller. The hour begins with the first call. */
export interface UsageCounter {
  /** Counts one call. Returns undefined if that would exceed the limit. */
  take(limit: number): Promise<GiveBack | undefined>;
  /** Calls counted this hour by all servers, as of the last call or refresh of this one. */
  readonly used: number;
  /** Calls that this server may still make. */
  left(limit: number): number;
  /** When the hour ends, in milliseconds since 1970. */
  readonly resetAt: number;
  /** True while other servers cannot be reached. Then this server may use only its share of the limit. */
  readonly isDegraded: boolean;
  /** Reads the count of all servers. */
  refresh(): Promise<void>;
}

/** Returns the usage counter of a caller by name. */
export type UsageCounters = (name: string) => UsageCounter;

interface UsageCountersOptions {
  /** The store that servers share. Memory of this process by default. */
  readonly store?: Store;
  /** The share of a limit that this server may use while the store is unavailable, from 0 to 1. */
  readonly share?: number;
}

/** Do not refund calls in the last second of an hour: the refund could reach the next one. */
const LAST_MS = 1000;

export function createUsageCounters({
  store = createMemoryStore(),
  share = DEFAULT_LEDGER.share,
}: UsageCountersOptions = {}): UsageCounters {
  const own = createMemoryStore();
  return (name) => {
    const key = `caller ${name}`;
    return new StoreUsageCounter(store.counter(key, HOUR), own.counter(key, HOUR), share);
  };
}

interface Seen {
  readonly used: number;
  /** By the clock of this process. */
  readonly endsAt: number;
}

class StoreUsageCounter implements UsageCounter {
  readonly #shared: Counter;
  /** Counts the calls of this server while the store is unavailable. */
  readonly #own: Counter;
  readonly #share: number;
  #seen: Seen = { used: 0, endsAt: 0 };
  #seenOwn: Seen = { used: 0, endsAt: 0 };
  isDegraded = false;

  constructor(shared: Counter, own: Counter, share: number) {
    this.#shared = shared;
    this.#own = own;
    this.#share = share;
  }

  async take(limit: number): Promise<GiveBack | undefined> {
    const shared = await this.#ask(() => this.#shared.take(limit));
    if (shared) return shared.isTaken ? this.#giveBackLater(this.#seen.endsAt) : undefined;
    const own = await this.#own.take(this.#ownLimit(limit));
    this.#seenOwn = seen(own);
    if (!own.isTaken) return undefined;
    return async () => {
      this.#seenOwn = seen(await this.#own.giveBack());
    };
  }

  get used(): number {
    return current(this.#seen) + (this.isDegraded ? current(this.#seenOwn) : 0);
  }

  left(limit: number): number {
    const left = this.isDegraded ? this.#ownLimit(limit) - current(this.#seenOwn) : limit - this.used;
    return Math.max(0, left);
  }

  get resetAt(): number {
    const { endsAt } = current(this.#seen) > 0 || !this.isDegraded ? this.#seen : this.#seenOwn;
    const leftMs = endsAt - performance.now();
    return Date.now() + (leftMs > 0 ? leftMs : HOUR);
  }

  async refresh(): Promise<void> {
    await this.#ask(() => this.#shared.read());
  }

  /** The share of the limit, but not more than was left when the store was last available. */
  #ownLimit(limit: number): number {
    return Math.max(0, Math.min(Math.floor(limit * this.#share), limit - current(this.#seen)));
  }

  async #ask<T extends Usage>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const usage = await work();
      this.#seen = seen(usage);
      this.isDegraded = false;
      return usage;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.isDegraded = true;
      return undefined;
    }
  }

  #giveBackLater(endsAt: number): GiveBack {
    return async () => {
      if (performance.now() < endsAt - LAST_MS) await this.#ask(() => this.#shared.giveBack());
    };
  }
}

const seen = ({ used, endsInMs }: Usage): Seen => ({ used, endsAt: performance.now() + endsInMs });

const current = ({ used, endsAt }: Seen): number => (performance.now() < endsAt ? used : 0);

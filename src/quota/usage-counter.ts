import { createMemoryStore } from '../stores/memory/memory-store.ts';
import { type Counter, type Store, StoreUnavailable, type Usage } from '../stores/store.ts';
import { DEFAULT_LEDGER } from './account-ledger.ts';
import { HOUR } from './windows.ts';

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

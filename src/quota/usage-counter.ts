import { createMemoryStore } from '../stores/memory/memory-store.ts';
import { type Counter, type Store, StoreUnavailable, type Usage } from '../stores/store.ts';
import { DEFAULT_LEDGER } from './account-ledger.ts';
import { HOUR } from './windows.ts';

/** Takes back a call that was counted and then not made. */
export type GiveBack = () => Promise<void>;

/** Counts the calls of one caller in an hour that begins with the first of them. */
export interface UsageCounter {
  /** Counts one call unless that would exceed the limit; then nothing is returned. */
  take(limit: number): Promise<GiveBack | undefined>;
  /** Calls counted this hour; of all servers, as of the last call or refresh here. */
  readonly used: number;
  /** Calls that may still be made here. */
  left(limit: number): number;
  /** When the hour ends, in milliseconds since 1970. */
  readonly resetAt: number;
  /** Whether other servers cannot be reached, so that only a share of the limit may be used here. */
  readonly isDegraded: boolean;
  /** Learns what other servers have counted. */
  refresh(): Promise<void>;
}

/** Returns the usage counter of a caller by name. */
export type UsageCounters = (name: string) => UsageCounter;

interface UsageCountersOptions {
  /** Where servers count together. In this process by default. */
  readonly store?: Store;
  /** The share of a limit that this server may use while it cannot count together with others, from 0 to 1. */
  readonly share?: number;
}

/** A call is not given back in the last second of its hour: it could be taken off the next one. */
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
  /** Counts alone while the other servers cannot be reached. */
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

  /** A share of the limit, and no more than was left when the other servers were last reached. */
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

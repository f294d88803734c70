import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import { HOUR } from './windows.ts';

/** Takes back a call that was counted and then not made. */
export type GiveBack = () => Promise<void>;

/** Counts what somebody spends in an hour of their own, which begins with the first call in it. */
export interface CallCount {
  /** Counts one call, unless more than the limit would then be counted; nothing is given where it was refused. */
  take(limit: number): Promise<GiveBack | undefined>;
  /** Calls counted this hour; where several machines count, as of the last call here, or at most five seconds old. */
  readonly used: number;
  /** How many more may be counted here. */
  left(limit: number): number;
  /** When the hour is over, in milliseconds. */
  readonly resetAt: number;
  /** Whether the other machines cannot be reached, so that only a share of what is left may be spent here. */
  readonly isAlone: boolean;
  /** Hears what the others have counted. */
  refresh(): void | Promise<void>;
}

/** Gives everybody who has a name the count of their calls. */
export type CountOf = (name: string) => CallCount;

/** The same in seconds, as the limiter takes it. */
export const HOUR_SECONDS = HOUR / 1000;

/** A call is not given back in the last moment of its hour, lest it be taken out of the next one. */
const LAST_MS = 1000;

export interface LimiterCountOptions {
  readonly limiter: RateLimiterAbstract;
  readonly key: () => string;
  /** Whether the limiter counts the calls that it refuses, which then have to be taken back. */
  readonly countsRefused: boolean;
}

/** What a limiter of rate-limiter-flexible counts under one key, and what it said last. */
export class LimiterCount implements CallCount {
  readonly isAlone = false;
  readonly #options: LimiterCountOptions;
  #used = 0;
  #resetAt = 0;

  constructor(options: LimiterCountOptions) {
    this.#options = options;
  }

  /** An hour that begins with this call ends after as many seconds. */
  async take(limit: number, seconds = HOUR_SECONDS): Promise<GiveBack | undefined> {
    const { limiter, countsRefused } = this.#options;
    const key = this.#options.key();
    limiter.points = limit;
    try {
      this.#note(await limiter.consume(key, 1, { customDuration: seconds }));
      const resetAt = this.#resetAt;
      return () => this.#giveBack(key, resetAt);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      this.#note(refused, 1);
      if (countsRefused) await this.#giveBack(key, this.#resetAt);
      return undefined;
    }
  }

  get used(): number {
    return Date.now() < this.#resetAt ? this.#used : 0;
  }

  left(limit: number): number {
    return Math.max(0, limit - this.used);
  }

  get resetAt(): number {
    const now = Date.now();
    return now < this.#resetAt ? this.#resetAt : now + HOUR;
  }

  async refresh(): Promise<void> {
    this.#note((await this.#options.limiter.get(this.#options.key())) ?? new RateLimiterRes());
  }

  async #giveBack(key: string, resetAt: number): Promise<void> {
    // A count that goes by another key by now has begun anew.
    if (key !== this.#options.key() || Date.now() >= resetAt - LAST_MS) return;
    this.#note(await this.#options.limiter.reward(key));
  }

  #note({ consumedPoints, msBeforeNext }: RateLimiterRes, refused = 0): void {
    this.#used = consumedPoints - refused;
    this.#resetAt = Date.now() + msBeforeNext;
  }
}

/** Counts in this process. */
export const createCallCount = (): LimiterCount =>
  new LimiterCount({
    limiter: new RateLimiterMemory({ points: 0, duration: HOUR_SECONDS }),
    key: () => 'calls',
    countsRefused: true,
  });

import RateLimiterRedis from 'rate-limiter-flexible/lib/RateLimiterRedis.js';
import {
  type CallCount,
  createCallCount,
  type GiveBack,
  HOUR_SECONDS,
  LimiterCount,
} from '../../quota/usage-counter.ts';
import type { Link } from './link.ts';
import { defineScript } from './script.ts';

/**
 * In place of the limiter's own script, which counts what it refuses, and gives back into an hour that has not begun.
 * KEYS: the count. ARGV: calls to add, or below zero to give back; seconds an hour lasts that begins now; the limit.
 */
const COUNT = `
local calls, limit = tonumber(ARGV[1]), tonumber(ARGV[3])
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local left = redis.call('PTTL', KEYS[1])
if calls > 0 and used + calls > limit then return { used + calls, math.max(left, 0) } end
if calls < 0 and left < 0 then return { 0, 0 } end
used = redis.call('INCRBY', KEYS[1], math.max(calls, -used))
if left < 0 then
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  left = ARGV[2] * 1000
end
return { used, left }
`;

/**
 * Tells of calls that were made already. Every machine tells what it last heard of the run before; the highest of these is what was counted
 * there. KEYS: the count, what was told of the run before. ARGV: heard of that run, calls that no run has heard of, seconds to the end of the hour.
 */
const TELL = defineScript(`
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
local heard = tonumber(ARGV[1])
if heard > before then redis.call('SET', KEYS[2], heard, 'EX', ARGV[3]) end
redis.call('INCRBY', KEYS[1], math.max(0, heard - before) + ARGV[2])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
return 1
`);

export interface RedisCountOptions {
  readonly prefix: string;
  readonly digest: string;
  readonly link: () => Link;
  /** The run of Redis that is there, or was there last. */
  readonly run: () => string;
  readonly isAlone: () => boolean;
  readonly goAlone: () => void;
  /** In how many parts to divide what is left, of which this machine may have one. */
  readonly shares: () => number;
}

/** Calls of the hour that ends then, of which Redis has not heard. */
interface Untold {
  readonly resetAt: number;
  readonly calls: Set<symbol>;
}

/** What a script is sent by: it throws where Redis is not there. */
export type Insist = Link['insist'];

/** One caller's count: in Redis, with all other machines; alone while Redis is gone, with a share of what was left. */
export class RedisCount implements CallCount {
  readonly #options: RedisCountOptions;
  readonly #shared: LimiterCount;
  /** The run of Redis from which the shared count is. */
  #heardFrom = '';
  #alone: LimiterCount | undefined;
  /** Until Redis has told for the first time what is counted; at once where it is gone. */
  readonly #hearing: Promise<unknown>;
  #untold: Untold = { resetAt: 0, calls: new Set() };

  constructor(options: RedisCountOptions) {
    this.#options = options;
    const limiter = new RateLimiterRedis({
      storeClient: options.link().client,
      keyPrefix: '',
      points: 0,
      duration: HOUR_SECONDS,
      customIncrTtlLuaScript: COUNT,
    });
    this.#shared = new LimiterCount({ limiter, key: () => this.#key(options.run()), countsRefused: false });
    this.#hearing = options.link().run(() => this.learn());
  }

  async take(limit: number): Promise<GiveBack | undefined> {
    const { link, isAlone, goAlone } = this.#options;
    if (!isAlone()) {
      const verdict = await this.#hear(async () => ({ giveBack: await this.#shared.take(limit) }));
      const giveBack = verdict?.giveBack;
      if (verdict) return giveBack && (async () => void (await link().run(giveBack)));
    }
    goAlone();
    await this.#hearing;
    const alone = this.#alone ?? createCallCount();
    this.#alone = alone;
    const giveBack = await alone.take(this.#share(limit), secondsUntil(this.#shared.resetAt));
    return giveBack && this.#keepUntold(alone.resetAt, giveBack);
  }

  get isAlone(): boolean {
    return this.#options.isAlone();
  }

  get used(): number {
    return this.#shared.used + (this.#alone?.used ?? 0);
  }

  left(limit: number): number {
    if (!this.isAlone) return this.#shared.left(limit);
    return Math.max(0, this.#share(limit) - (this.#alone?.used ?? 0));
  }

  get resetAt(): number {
    return this.#shared.used > 0 ? this.#shared.resetAt : (this.#alone ?? this.#shared).resetAt;
  }

  async refresh(): Promise<void> {
    if (!this.isAlone) await this.#hear(async () => ({ heard: await this.#shared.refresh() }));
  }

  /** Tells a run of Redis what it has not heard of. A call of which nobody knows whether it was heard is told, too. */
  async tell(run: string, insist: Insist): Promise<void> {
    const { calls, resetAt } = this.#currentUntold();
    const untold = [...calls];
    const heard = this.#heardFrom === run ? 0 : this.#shared.used;
    if (heard + untold.length === 0) return;
    const keys = [this.#key(run), `${this.#key(run)}:before`];
    const endsAt = untold.length > 0 ? resetAt : this.#shared.resetAt;
    await insist(TELL, keys, [heard, untold.length, secondsUntil(endsAt)]);
    for (const call of untold) calls.delete(call);
  }

  /** Hears for the first time what Redis has counted. What was heard of the run before is worth more than what is told of this one by now. */
  async learn(): Promise<void> {
    if (this.#heardFrom === '') await this.#listen();
  }

  /** Hears what Redis has counted, and counts with the others again. */
  async join(): Promise<void> {
    await this.#listen();
    this.#alone = undefined;
  }

  /** Half an equal share: what the others spent in the last seconds has not been heard of. */
  #share(limit: number): number {
    return Math.floor(this.#shared.left(limit) / this.#options.shares());
  }

  async #listen(): Promise<void> {
    const run = this.#options.run();
    await this.#shared.refresh();
    this.#heardFrom = run;
  }

  async #hear<T>(work: () => Promise<T>): Promise<T | undefined> {
    const run = this.#options.run();
    const said = await this.#options.link().run(work);
    if (said !== undefined) this.#heardFrom = run;
    return said;
  }

  /** One that Redis was told of meanwhile stays counted. */
  #keepUntold(resetAt: number, giveBack: GiveBack): GiveBack {
    const { calls } = this.#currentUntold(resetAt);
    const call = Symbol('call');
    calls.add(call);
    return async () => {
      if (calls.delete(call)) await giveBack();
    };
  }

  #currentUntold(resetAt = 0): Untold {
    if (Date.now() >= this.#untold.resetAt) this.#untold = { resetAt, calls: new Set() };
    return this.#untold;
  }

  /** Each run of Redis has counts of its own, so that what it kept of the last is not counted twice. */
  #key(run: string): string {
    return `${this.#options.prefix}allowance:${run}:${this.#options.digest}`;
  }
}

const secondsUntil = (time: number): number => Math.max(1, Math.ceil((time - Date.now()) / 1000));

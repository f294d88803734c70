import RateLimiterRedis from 'rate-limiter-flexible/lib/RateLimiterRedis.js';
import { type CallCount, createCallCount, type GiveBack, HOUR_SECONDS, LimiterCount } from '../call-count.ts';
import type { Link } from './link.ts';

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

/** The calls of this machine in the hour that ends then. */
interface Own {
  readonly resetAt: number;
  /** Those that the run of Redis has heard of. */
  told: number;
  run: string;
  /** Those that none has heard of. */
  readonly untold: Set<symbol>;
}

const nothingIn = (run: string, resetAt: number): Own => ({ resetAt, told: 0, run, untold: new Set() });

/** One caller's count: in Redis, with all other machines; alone while Redis is gone, with a share of what was left. */
export class RedisCount implements CallCount {
  readonly #options: RedisCountOptions;
  readonly #shared: LimiterCount;
  /** Counts without a limit what was made already. */
  readonly #teller: RateLimiterRedis;
  #alone: LimiterCount | undefined;
  #own = nothingIn('', 0);

  constructor(options: RedisCountOptions) {
    this.#options = options;
    const settings = {
      storeClient: options.link().client,
      keyPrefix: '',
      duration: HOUR_SECONDS,
      customIncrTtlLuaScript: COUNT,
    };
    const limiter = new RateLimiterRedis({ ...settings, points: 0 });
    this.#shared = new LimiterCount({ limiter, key: () => this.#key(options.run()), countsRefused: false });
    this.#teller = new RateLimiterRedis({ ...settings, points: Number.MAX_SAFE_INTEGER });
  }

  async take(limit: number): Promise<GiveBack | undefined> {
    const { link, isAlone, goAlone } = this.#options;
    if (!isAlone()) {
      const verdict = await link().run(async () => ({ giveBack: await this.#shared.take(limit) }));
      if (verdict) return verdict.giveBack && this.#toldOf(verdict.giveBack);
    }
    goAlone();
    const alone = this.#alone ?? createCallCount();
    this.#alone = alone;
    const giveBack = await alone.take(this.#share(limit), secondsUntil(this.#shared.resetAt));
    return giveBack && this.#untold(alone, giveBack);
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
    if (!this.isAlone) await this.#options.link().run(() => this.#shared.refresh());
  }

  /** The same before Redis counts as back; throws when it is not. */
  insistOnRefresh(): Promise<void> {
    return this.#shared.refresh();
  }

  /** Tells a run of Redis what it has not heard of. A call of which nobody knows whether it was heard is told, too. */
  async tell(run: string): Promise<void> {
    const own = this.#current();
    const untold = [...own.untold];
    const news = untold.length + (own.run === run ? 0 : own.told);
    if (news > 0) await this.#teller.penalty(this.#key(run), news, { customDuration: secondsUntil(own.resetAt) });
    own.run = run;
    own.told += untold.length;
    for (const call of untold) own.untold.delete(call);
  }

  /** Counts with the others again. */
  join(): void {
    this.#alone = undefined;
  }

  /** Half an equal share: what the others spent in the last seconds has not been heard of. */
  #share(limit: number): number {
    return Math.floor(this.#shared.left(limit) / this.#options.shares());
  }

  #toldOf(giveBack: GiveBack): GiveBack {
    const own = this.#current(this.#shared.resetAt);
    own.told += 1;
    own.run = this.#options.run();
    return async () => {
      own.told -= 1;
      await this.#options.link().run(giveBack);
    };
  }

  /** One that was told meanwhile stays counted. */
  #untold(alone: LimiterCount, giveBack: GiveBack): GiveBack {
    const own = this.#current(alone.resetAt);
    const call = Symbol('call');
    own.untold.add(call);
    return async () => {
      if (own.untold.delete(call)) await giveBack();
    };
  }

  #current(resetAt = 0): Own {
    if (Date.now() >= this.#own.resetAt) this.#own = nothingIn(this.#options.run(), resetAt);
    return this.#own;
  }

  /** Each run of Redis has counts of its own, so that what it kept of the last is not counted twice. */
  #key(run: string): string {
    return `${this.#options.prefix}allowance:${run}:${this.#options.digest}`;
  }
}

const secondsUntil = (time: number): number => Math.max(1, Math.ceil((time - Date.now()) / 1000));

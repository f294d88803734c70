import { createHash, randomUUID } from 'node:crypto';
import RateLimiterRedis from 'rate-limiter-flexible/lib/RateLimiterRedis.js';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import { type Counter, LOCK_MS, type Lock, type Store } from '../store.ts';
import { defineScript, Link } from './link.ts';
import { RedisEntries } from './redis-entries.ts';
import { createRedisLog } from './redis-log.ts';
import { createRedisOnceKeys } from './redis-once-keys.ts';

interface RedisStoreOptions {
  readonly url: string;
  /** Names the Freshsales account without being its address. */
  readonly account: string;
  readonly warn: (text: string) => void;
}

/** Changes with the layout of the keys, so that servers of two versions leave each other alone. */
const FORMAT = 3;

/**
 * Shares everything through one Redis or Valkey. Keys are digests: nothing of a question, a caller or a key can be read from
 * them. Starts degraded where Redis cannot be reached.
 */
export async function createRedisStore({ account, ...options }: RedisStoreOptions): Promise<Store> {
  const { storeFor, close } = await createRedisStores(options);
  return { ...storeFor(account), close };
}

/** Stores of several accounts over one connection. */
export interface RedisStores {
  /** The store of an account. Closing it leaves the connection open. */
  storeFor(account: string): Store;
  close(): Promise<void>;
}

export async function createRedisStores({ url, warn }: Omit<RedisStoreOptions, 'account'>): Promise<RedisStores> {
  const link = new Link({ url, probeKey: `freshsales-graphql:${FORMAT}:probe`, warn });
  await link.open();
  return { storeFor: (account) => storeOver(link, account), close: async () => link.close() };
}

function storeOver(link: Link, account: string): Store {
  // The braces keep the keys of an account in one slot of a cluster.
  const prefix = `freshsales-graphql:${FORMAT}:{${account.slice(0, 32)}}:`;
  const keyOf = (kind: string) => (key: string) => `${prefix}${kind}:${digestOf(key)}`;
  const counters = new Map<string, Counter>();
  return {
    status: () => (link.isUp ? 'ok' : 'degraded'),
    generation: () => link.generation,
    counter(key, windowMs) {
      const counter = counters.get(key) ?? createRedisCounter(link, keyOf('counter')(key), windowMs);
      counters.set(key, counter);
      return counter;
    },
    entries: new RedisEntries(link, keyOf('entry')),
    lock: (key) => lock(link, keyOf('lock')(key)),
    onceKeys: createRedisOnceKeys(link, prefix, digestOf),
    log: (name, limits) => createRedisLog(link, keyOf('log')(name), limits),
    close: async () => {},
  };
}

const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

/**
 * Replaces the limiter's own script, which counts what it refuses and gives back into a window that has not begun.
 * ARGV: units to take, or -1 to give one back; seconds of a window that begins now; the limit.
 */
const COUNT = `
local units, limit = tonumber(ARGV[1]), tonumber(ARGV[3])
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local left = redis.call('PTTL', KEYS[1])
if units > 0 and used + units > limit then return { used + units, math.max(left, 0) } end
if units < 0 and left < 0 then return { 0, 0 } end
used = redis.call('INCRBY', KEYS[1], math.max(units, 0 - used))
if left < 0 then
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  left = ARGV[2] * 1000
end
return { used, left }
`;

function createRedisCounter(link: Link, key: string, windowMs: number): Counter {
  const limiter = new RateLimiterRedis({
    storeClient: link.client,
    keyPrefix: '',
    points: 0,
    duration: Math.ceil(windowMs / 1000),
    customIncrTtlLuaScript: COUNT,
  });
  const usageOf = ({ consumedPoints, msBeforeNext }: RateLimiterRes) => ({
    used: consumedPoints,
    endsInMs: Math.max(0, msBeforeNext),
  });
  return {
    take: (limit) =>
      link.run(async () => {
        limiter.points = limit;
        try {
          return { ...usageOf(await limiter.consume(key)), isTaken: true };
        } catch (refused) {
          if (!(refused instanceof RateLimiterRes)) throw refused;
          const { used, endsInMs } = usageOf(refused);
          return { used: used - 1, endsInMs, isTaken: false };
        }
      }),
    giveBack: () => link.run(async () => usageOf(await limiter.reward(key))),
    read: () => link.run(async () => usageOf((await limiter.get(key)) ?? new RateLimiterRes())),
  };
}

/** KEYS: the lock. ARGV: the token of its holder, milliseconds to extend it by, or 0 to release it. */
const EXTEND = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

async function lock(link: Link, key: string): Promise<Lock | undefined> {
  const token = randomUUID();
  const isFree = await link.run((client) => client.set(key, token, 'PX', LOCK_MS, 'NX'));
  if (isFree === null) return undefined;
  const extend = (ms: number) => link.script(EXTEND, [key], [token, ms]);
  const renewal = setInterval(() => extend(LOCK_MS).catch(() => {}), LOCK_MS / 2).unref();
  return {
    async release() {
      clearInterval(renewal);
      await extend(0);
    },
  };
}

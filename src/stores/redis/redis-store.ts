import { createHash, randomUUID } from 'node:crypto';
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
 * KEYS: the counter. ARGV: 1 to take a unit, -1 to give one back, or 0; milliseconds of a window that begins now; the limit.
 * Returns how many are used, milliseconds until the window ends, and 1 if a unit was taken.
 */
const COUNT = defineScript(`
local change, window, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local left = redis.call('PTTL', KEYS[1])
local isTaken = change > 0 and used < limit
if isTaken or (change < 0 and used > 0) then
  used = redis.call('INCRBY', KEYS[1], change)
  if left < 0 then
    redis.call('PEXPIRE', KEYS[1], window)
    left = window
  end
end
return { used, math.max(left, 0), isTaken and 1 or 0 }
`);

function createRedisCounter(link: Link, key: string, windowMs: number): Counter {
  const count = async (change: -1 | 0 | 1, limit = 0) => {
    const reply = await link.script(COUNT, [key], [change, Math.ceil(windowMs), limit]);
    const [used, endsInMs, taken] = reply as [number, number, number];
    return { usage: { used, endsInMs }, isTaken: taken === 1 };
  };
  return {
    async take(limit) {
      const { usage, isTaken } = await count(1, limit);
      return { ...usage, isTaken };
    },
    giveBack: async () => (await count(-1)).usage,
    read: async () => (await count(0)).usage,
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

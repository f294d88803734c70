import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  type Claim,
  type ClaimOptions,
  type Counter,
  DEFAULT_LOG_LIMITS,
  type Entries,
  type Lock,
  type Log,
  type LogEntry,
  type LogLimits,
  type OnceKeys,
  type Store,
  type Usage,
} from '../store.ts';

interface MemoryStoreOptions {
  /** Milliseconds of a clock that is never set. */
  readonly now?: () => number;
}

/** Keys that must be remembered: far more than one server sees in a day. */
const MAX_ONCE_KEYS = 100_000;

/** Keeps everything in this process. */
export function createMemoryStore({ now = () => performance.now() }: MemoryStoreOptions = {}): Store {
  const generation = randomUUID();
  const counters = new Map<string, Counter>();
  const locks = new Set<string>();
  const logs = new Map<string, Log<unknown>>();
  return {
    status: () => 'ok',
    generation: () => generation,
    counter(key, windowMs) {
      const counter = counters.get(key) ?? createCounter(windowMs, now);
      counters.set(key, counter);
      return counter;
    },
    entries: createEntries(now),
    async lock(key): Promise<Lock | undefined> {
      if (locks.has(key)) return undefined;
      locks.add(key);
      return { release: async () => void locks.delete(key) };
    },
    onceKeys: createOnceKeys(now),
    log<T>(name: string, limits = {}) {
      const log = logs.get(name) ?? createMemoryLog<unknown>(limits);
      logs.set(name, log);
      return log as Log<T>;
    },
    close: async () => {},
  };
}

function createCounter(windowMs: number, now: () => number): Counter {
  let used = 0;
  let endsAt = Number.NEGATIVE_INFINITY;
  const usage = (): Usage => (now() < endsAt ? { used, endsInMs: endsAt - now() } : { used: 0, endsInMs: 0 });
  return {
    async take(limit) {
      if (usage().used + 1 > limit) return { ...usage(), isTaken: false };
      if (now() >= endsAt) {
        used = 0;
        endsAt = now() + windowMs;
      }
      used += 1;
      return { ...usage(), isTaken: true };
    },
    async giveBack() {
      if (now() < endsAt) used = Math.max(0, used - 1);
      return usage();
    },
    read: async () => usage(),
  };
}

interface Kept {
  readonly value: unknown;
  readonly version: string;
  readonly endsAt: number;
}

function createEntries(now: () => number): Entries {
  const all = new Map<string, Kept>();
  let writes = 0;
  const find = (key: string): Kept | undefined => {
    const kept = all.get(key);
    if (!kept || kept.endsAt > now()) return kept;
    all.delete(key);
    return undefined;
  };
  const write = (key: string, value: unknown, ttlMs: number): string => {
    writes += 1;
    all.set(key, { value, version: String(writes), endsAt: now() + ttlMs });
    return String(writes);
  };
  return {
    async get<T>(key: string) {
      const kept = find(key);
      return kept && { value: kept.value as T, version: kept.version, leftMs: kept.endsAt - now() };
    },
    async getUnless<T>(key: string, version: string) {
      return find(key)?.version === version ? 'unchanged' : this.get<T>(key);
    },
    async set(key, value, ttlMs) {
      write(key, value, ttlMs);
    },
    async update(key, ttlMs, change) {
      const kept = find(key);
      const updated = change(kept?.value as Parameters<typeof change>[0], now());
      const version = 'value' in updated ? write(key, updated.value, ttlMs) : (kept?.version ?? '');
      return { result: updated.result, version };
    },
  };
}

interface Claimed extends ClaimOptions {
  readonly leaseEndsAt: number;
  readonly result?: string;
}

function createOnceKeys(now: () => number): OnceKeys {
  const claims = new LRUCache<string, Claimed>({ maxSize: MAX_ONCE_KEYS, sizeCalculation: () => 1, perf: { now } });
  const keep = (key: string, options: ClaimOptions, result?: string) => {
    const known = claims.get(key);
    if (known && known.owner !== options.owner) return;
    const claimed = { ...options, leaseEndsAt: now() + options.leaseMs, ...(result !== undefined && { result }) };
    claims.set(key, claimed, { ttl: options.keepMs });
  };
  return {
    async claim(key, options): Promise<Claim> {
      const known = claims.get(key);
      if (known && known.fingerprint !== options.fingerprint) return { state: 'reused' };
      if (known?.result !== undefined) return { state: 'done', result: known.result };
      if (known && known.owner !== options.owner) {
        if (known.leaseEndsAt > now()) return { state: 'busy' };
        if (!options.takesOver) return { state: 'lost' };
        claims.delete(key);
      }
      keep(key, options);
      return { state: 'mine' };
    },
    async renew(key, options) {
      keep(key, options);
    },
    async complete(key, options, result) {
      keep(key, options, result);
    },
    async free(key, options) {
      if (claims.get(key)?.owner === options.owner) claims.delete(key);
    },
  };
}

interface MemoryLogOptions extends Partial<LogLimits> {
  readonly now?: () => number;
}

/** Keeps the entries in this process. */
export function createMemoryLog<T>({ now = Date.now, ...given }: MemoryLogOptions = {}): Log<T> {
  const limits = { ...DEFAULT_LOG_LIMITS, ...given };
  const id = randomUUID();
  const named = new Map<string, unknown>();
  let entries: LogEntry<T>[] = [];
  let last = 0;
  const trim = () => {
    const oldest = now() - limits.maxAgeMs;
    const aged = entries.findIndex(({ at }) => at >= oldest);
    const drop = Math.max(entries.length - limits.maxEntries, aged === -1 ? entries.length : aged);
    if (drop > 0) entries = entries.slice(drop);
  };
  return {
    isShared: false,
    async bounds() {
      trim();
      return { id, first: entries[0]?.position ?? last + 1, last };
    },
    async append(values) {
      const at = now();
      const added = values.map((value) => {
        last += 1;
        return { position: last, at, value };
      });
      entries.push(...added);
      trim();
      return added;
    },
    async read(after, limit) {
      const [first] = entries;
      const start = first ? Math.max(0, after - first.position + 1) : 0;
      return entries.slice(start, start + limit);
    },
    values: async (prefix) => new Map([...named].filter(([key]) => key.startsWith(prefix))),
    async setValue(key, value) {
      if (value === undefined) named.delete(key);
      else named.set(key, value);
    },
    close: async () => {},
  };
}

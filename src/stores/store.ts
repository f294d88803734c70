/**
 * The state that servers share, as five primitives, in memory for one server or in Redis for several. Quota, cache, allowances, idempotency
 * keys, confirmations and the change feed are written on these and know nothing of Redis. Every method rejects with {@link StoreUnavailable}
 * while a shared store cannot be reached; nothing is queued or replayed.
 */
export interface Store {
  /** `degraded`: other servers cannot be reached, so that each goes on with its share of the quota and its own cache. */
  status(): 'ok' | 'degraded';
  /** Changes when the store may have forgotten something, for example because Redis was restarted. */
  generation(): string;
  /** Counts in a window that begins with the first unit in it. */
  counter(key: string, windowMs: number): Counter;
  readonly entries: Entries;
  /** Takes a lock, renewed until it is released; undefined while another server holds it. */
  lock(key: string): Promise<Lock | undefined>;
  readonly onceKeys: OnceKeys;
  /** The log of this name. */
  log<T>(name: string, limits?: Partial<LogLimits>): Log<T>;
  close(): Promise<void>;
}

/** Thrown by every primitive while a shared store cannot be reached. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The result, or undefined while a shared store cannot be reached. */
export async function ifAvailable<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}

/** The use of a window. */
export interface Usage {
  readonly used: number;
  /** Milliseconds until the window ends; 0 where none has begun. */
  readonly endsInMs: number;
}

export interface Counter {
  /** Counts one unit unless that would exceed the limit. A refused unit is not counted. */
  take(limit: number): Promise<Usage & { readonly isTaken: boolean }>;
  /** Takes a unit off the window that is open, if any. */
  giveBack(): Promise<Usage>;
  read(): Promise<Usage>;
}

export interface Entry<T> {
  readonly value: T;
  /** A new one with every write. */
  readonly version: string;
  readonly leftMs: number;
}

/** The result of an update of a value. Without `value` nothing is written. */
export interface Updated<T, R> {
  readonly value?: T;
  readonly result: R;
}

/** JSON values with a time to live. */
export interface Entries {
  /** The entry; undefined where there is none. */
  get<T>(key: string): Promise<Entry<T> | undefined>;
  /** The same, or `unchanged` where the entry still has this version. */
  getUnless<T>(key: string, version: string): Promise<Entry<T> | 'unchanged' | undefined>;
  set<T>(key: string, value: T, ttlMs: number): Promise<void>;
  /**
   * Reads, changes and writes in one step. `change` may be called again when another server wrote in between. `now` is the
   * clock of the store in milliseconds, which all servers share.
   */
  update<T, R>(
    key: string,
    ttlMs: number,
    change: (value: T | undefined, now: number) => Updated<T, R>,
  ): Promise<{ readonly result: R; readonly version: string }>;
}

export interface Lock {
  release(): Promise<void>;
}

export interface ClaimOptions {
  /** Stands for what is asked. A key that returns with another fingerprint is refused. */
  readonly fingerprint: string;
  /** Names the server. A repeated claim of the same server is granted, because its first response may have been lost. */
  readonly owner: string;
  /** Time for which the owner may be silent before its work counts as lost. */
  readonly leaseMs: number;
  readonly keepMs: number;
  /** Claims a key whose owner stopped without a result, in order to go on with its work. */
  readonly takesOver?: boolean;
}

/** `mine`: do the work. `busy`: another server is at it. `lost`: it stopped without a result. `reused`: another fingerprint. */
export type Claim =
  | { readonly state: 'mine' }
  | { readonly state: 'busy' | 'lost' | 'reused' }
  | { readonly state: 'done'; readonly result: string };

/** Keys of work that must be done once. */
export interface OnceKeys {
  claim(key: string, options: ClaimOptions): Promise<Claim>;
  /** Extends the lease of a claim. */
  renew(key: string, options: ClaimOptions): Promise<void>;
  /** Keeps the result for everyone who claims the key later. */
  complete(key: string, options: ClaimOptions, result: string): Promise<void>;
  /** Frees a key of whose work nothing came. */
  free(key: string, options: ClaimOptions): Promise<void>;
}

/** Time for which a lock outlives a server that died. */
export const LOCK_MS = 5000;

/** The limits of a log. Older entries are removed. */
export interface LogLimits {
  readonly maxEntries: number;
  readonly maxAgeMs: number;
}

export const DEFAULT_LOG_LIMITS: LogLimits = { maxEntries: 100_000, maxAgeMs: 7 * 86_400_000 };

export interface LogEntry<T> {
  /** Consecutive, from 1. Positions are never reused. */
  readonly position: number;
  /** Milliseconds since 1970, by the clock of the log. */
  readonly at: number;
  readonly value: T;
}

export interface LogBounds {
  /** Names the log. A log that has lost its entries has another id. */
  readonly id: string;
  /** Position of the oldest entry that is kept; one after `last` if none is. */
  readonly first: number;
  /** Position of the newest entry that was ever appended, or 0. */
  readonly last: number;
}

/**
 * An append-only log of JSON values, limited in number and age. An entry is durable when `append` resolves: it survives the end
 * of this process at any moment. Rejects with {@link StoreUnavailable} while a shared log cannot be reached.
 */
export interface Log<T> {
  /** Other servers append to it, and read what this server does not see. */
  readonly isShared: boolean;
  bounds(): Promise<LogBounds>;
  append(values: readonly T[]): Promise<readonly LogEntry<T>[]>;
  /** Entries after a position, oldest first. */
  read(after: number, limit: number): Promise<readonly LogEntry<T>[]>;
  /** Named values beside the entries, for example how far a task has come. */
  values(prefix: string): Promise<ReadonlyMap<string, unknown>>;
  /** Sets a named value, or removes it. */
  setValue(key: string, value: unknown): Promise<void>;
  close(): Promise<void>;
}

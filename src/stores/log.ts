/** What a log keeps. Older entries are removed. */
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

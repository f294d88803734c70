import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { DEFAULT_LOG_LIMITS, type Log, type LogBounds, type LogEntry, type LogLimits } from '../store.ts';

interface EmbeddedLogOptions extends Partial<LogLimits> {
  /** The folder of the database. Created if missing. */
  readonly folder: string;
  readonly now?: () => number;
}

interface Appending<T> {
  readonly values: readonly T[];
  readonly resolve: (entries: readonly LogEntry<T>[]) => void;
  readonly reject: (error: unknown) => void;
}

/** The most entries that one transaction removes because of their age. */
const MAX_REMOVED = 5000;

/** Keeps the entries in an LMDB database in a folder. Several processes may use it at once. Throws if it cannot be opened. */
export function openEmbeddedLog<T>({ folder, now = Date.now, ...limits }: EmbeddedLogOptions): Log<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new EmbeddedLog(open({ path: folder, maxDbs: 3, encoding: 'json' }), {
    ...DEFAULT_LOG_LIMITS,
    ...limits,
    now,
  });
}

class EmbeddedLog<T> implements Log<T> {
  readonly isShared = false;
  readonly #root: RootDatabase;
  readonly #entries: Database<{ at: number; value: T }, number>;
  readonly #named: Database<unknown, string>;
  readonly #settings: LogLimits & { readonly now: () => number };
  readonly #id: string;
  /** Appended together in one transaction, which waits for the disk. */
  #waiting: Appending<T>[] = [];
  #isClosed = false;

  constructor(root: RootDatabase, settings: LogLimits & { readonly now: () => number }) {
    this.#root = root;
    this.#settings = settings;
    this.#entries = root.openDB({ name: 'entries', keyEncoding: 'uint32', encoding: 'json' });
    this.#named = root.openDB({ name: 'values', encoding: 'json' });
    this.#id = root.transactionSync(() => {
      const known = this.#named.get('id');
      if (typeof known === 'string') return known;
      const id = randomUUID();
      this.#named.putSync('id', id);
      return id;
    });
  }

  async bounds(): Promise<LogBounds> {
    // Otherwise reads of one turn see what the first of them saw, without what other processes wrote.
    this.#root.resetReadTxn();
    const oldest = this.#firstEntry();
    if (oldest && oldest.at < this.#settings.now() - this.#settings.maxAgeMs)
      this.#root.transactionSync(() => this.#trim(this.#last()));
    const last = this.#last();
    return { id: this.#id, first: this.#firstEntry()?.position ?? last + 1, last };
  }

  append(values: readonly T[]): Promise<readonly LogEntry<T>[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ values, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#flush());
    });
  }

  async read(after: number, limit: number): Promise<readonly LogEntry<T>[]> {
    this.#root.resetReadTxn();
    return [...this.#entries.getRange({ start: after + 1, limit })].map(({ key: position, value }) => ({
      position,
      ...value,
    }));
  }

  async values(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    this.#root.resetReadTxn();
    const range = this.#named.getRange({ start: `:${prefix}`, end: `:${prefix}\uffff` });
    return new Map([...range].map(({ key, value }) => [key.slice(1), value]));
  }

  async setValue(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.#named.removeSync(`:${key}`);
    else this.#named.putSync(`:${key}`, value);
  }

  async close(): Promise<void> {
    this.#flush();
    this.#isClosed = true;
    await this.#root.close();
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0 || this.#isClosed) return;
    try {
      const added = this.#root.transactionSync(() => this.#write(waiting));
      for (const [index, { resolve }] of waiting.entries()) resolve(added[index] ?? []);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  #write(waiting: readonly Appending<T>[]): (readonly LogEntry<T>[])[] {
    const at = this.#settings.now();
    let last = this.#last();
    const added = waiting.map(({ values }) =>
      values.map((value) => {
        last += 1;
        this.#entries.putSync(last, { at, value });
        return { position: last, at, value };
      }),
    );
    this.#named.putSync('last', last);
    this.#trim(last);
    return added;
  }

  #trim(last: number): void {
    const { maxEntries, maxAgeMs, now } = this.#settings;
    const oldest = now() - maxAgeMs;
    // Collected first: a range must not change while it is walked.
    const removed: number[] = [];
    for (const { key, value } of this.#entries.getRange({ limit: MAX_REMOVED })) {
      if (key > last - maxEntries && value.at >= oldest) break;
      removed.push(key);
    }
    for (const key of removed) this.#entries.removeSync(key);
  }

  #last(): number {
    return Number(this.#named.get('last') ?? 0);
  }

  #firstEntry(): { readonly position: number; readonly at: number } | undefined {
    for (const { key, value } of this.#entries.getRange({ limit: 1 })) return { position: key, at: value.at };
    return undefined;
  }
}

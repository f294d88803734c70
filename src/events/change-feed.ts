import type { Cache } from '../cache/cache.ts';
import {
  type ChangeFeed,
  type ChangeType,
  type FeedEntry,
  type FeedPage,
  type FeedReader,
  isChangeType,
  type RecordChange,
} from '../records/changes.ts';
import type { Log, LogBounds, LogEntry } from '../stores/store.ts';
import { warn } from '../terminal.ts';
import { readCursor, toCursor } from './cursor.ts';
import { type ChangeReport, invalidationOf, type LastChange, RecentChanges } from './recent-changes.ts';

interface ChangeFeedOptions {
  /** Opens the log when it is first needed. */
  readonly open: () => Promise<Log<RecordChange>>;
  readonly cache: Cache;
  /** The cache of the server’s own key. What other keys cannot read may still exist. */
  readonly ownScope: string | undefined;
  /** Called for each report. */
  readonly onReport?: (report: ChangeReport) => void;
}

/** Entries that are kept in memory for readers that keep up. */
const RING = 1000;

/** Interval at which a log that others append to is read, while somebody waits. */
const POLL_MS = 250;

/** Interval at which the time of the last event of a type is stored. */
const EVENT_NOTE_MS = 10_000;

const PENDING = 'pending ';

/** Named values with the time of the last event of each type, in milliseconds since 1970. */
const LAST_EVENT = 'event ';

const pendingKey = ({ type, id }: RecordChange): string => `${PENDING}${type}/${id}`;

/** The feed over a log. All readers share what was read of it. */
export class LoggedFeed implements ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #recent: RecentChanges;
  #log: Promise<Log<RecordChange>> | undefined;
  #ring: LogEntry<RecordChange>[] = [];
  /** Up to here the log is known. */
  #last = 0;
  #syncing: Promise<void> | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #notedEvents = new Map<ChangeType, number>();
  #polling: NodeJS.Timeout | undefined;
  #isLossReported = false;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
    this.#recent = new RecentChanges(options.cache, {
      add: (change) => this.#addTrailing(change),
      drop: async (change) =>
        (await this.open()).setValue(pendingKey(change), undefined).catch(() => this.#reportLoss()),
    });
    options.cache.onAbsent(({ type, id, scope, isBinned }) => {
      if (isBinned || scope === options.ownScope) this.#addAbsence(type, id);
    });
  }

  /** Opens the log now. Rejects if that is impossible. */
  async open(): Promise<Log<RecordChange>> {
    this.#log ??= this.#start();
    try {
      return await this.#log;
    } catch (error) {
      this.#log = undefined;
      throw error;
    }
  }

  async addWrites(changes: readonly Omit<RecordChange, 'source'>[], since: number): Promise<void> {
    try {
      const log = await this.open();
      await this.#sync(log);
      const own = this.#recent.takeWrites(changes, since);
      if (own.length > 0) await this.#append(log, own);
    } catch {
      this.#reportLoss();
    }
  }

  /** Takes reports: invalidates, and adds those that are news. They are durable when it resolves. */
  async addReports(reports: readonly ChangeReport[]): Promise<void> {
    for (const report of reports) {
      this.#options.onReport?.(report);
      await this.#options.cache.invalidate(invalidationOf(report));
    }
    const log = await this.open();
    await this.#sync(log);
    await this.#noteEvents(log, reports);
    const { news, pending } = this.#recent.takeReports(reports, log.isShared);
    for (const change of pending) await log.setValue(pendingKey(change), change);
    if (news.length === 0) return;
    try {
      await this.#append(log, news);
    } catch (error) {
      this.#recent.forget(news);
      throw error;
    }
  }

  /** Notes that a record does not exist. That is news if the last change of the record was not its deletion. */
  #addAbsence(type: string, id: string): void {
    if (!isChangeType(type) || (this.lastChangeOf(type, id)?.action ?? 'deleted') === 'deleted') return;
    this.addReports([{ type, id, action: 'deleted', source: 'poll' }]).catch(() => this.#reportLoss());
  }

  #reportLoss(): void {
    if (!this.#isLossReported)
      warn(
        'Warning: A change cannot be written to the change feed. Check that STATE_DIR can be written, or that Redis answers. Subscribers miss such changes.',
      );
    this.#isLossReported = true;
  }

  /** When the last webhook about each type arrived, in milliseconds since 1970. */
  async lastEvents(): Promise<ReadonlyMap<string, number>> {
    const all = await (await this.open()).values(LAST_EVENT);
    return new Map([...all].map(([key, at]) => [key.slice(LAST_EVENT.length), Number(at)]));
  }

  /** The last change of a record, as far as remembered. */
  lastChangeOf(type: ChangeType, id: string): LastChange | undefined {
    return this.#recent.lastChangeOf(type, id);
  }

  async readFrom(from: { readonly after: string } | 'start' | 'end'): Promise<FeedReader> {
    const log = await this.open();
    const bounds = await log.bounds();
    await this.#sync(log);
    const cursor = typeof from === 'object' ? readCursor(from.after, bounds) : undefined;
    const position = cursor?.position ?? (from === 'start' ? bounds.first - 1 : bounds.last);
    return this.#reader(log, bounds, { position, at: cursor?.at ?? Date.now() });
  }

  async close(): Promise<void> {
    clearInterval(this.#polling);
    this.#recent.close();
    await (await this.#log?.catch(() => undefined))?.close();
  }

  #reader(log: Log<RecordChange>, { id }: LogBounds, from: { position: number; at: number }): FeedReader {
    const feed = this;
    let { position, at } = from;
    return {
      get lag() {
        return Math.max(0, feed.#last - position);
      },
      async next(limit): Promise<FeedPage> {
        const found = await feed.#after(log, position, limit);
        const entries = found.map((entry) => toFeedEntry(id, entry));
        const newest = found.at(-1);
        if (newest) ({ position, at } = newest);
        return { entries, end: toCursor(id, position, at), hasMore: feed.#last > position };
      },
      async wait(signal) {
        if (feed.#last > position || signal.aborted) return;
        await feed.#wait(log, signal);
      },
    };
  }

  /** Reads from memory, or from the log for those who are far behind. */
  async #after(log: Log<RecordChange>, position: number, limit: number): Promise<readonly LogEntry<RecordChange>[]> {
    await this.#sync(log);
    if (position >= this.#last) return [];
    const [oldest] = this.#ring;
    if (oldest && position >= oldest.position - 1) {
      const start = position - oldest.position + 1;
      return this.#ring.slice(start, start + limit);
    }
    return log.read(position, limit);
  }

  async #start(): Promise<Log<RecordChange>> {
    const log = await this.#options.open();
    const { first, last } = await log.bounds();
    // Reports that arrive now may be echoes of writes before a restart.
    this.#last = Math.max(first - 1, last - RING);
    await this.#pull(log);
    for (const [key, at] of await log.values(LAST_EVENT))
      this.#options.cache.markLive(key.slice(LAST_EVENT.length), Math.max(0, Date.now() - Number(at)));
    // Changes that this server acknowledged, and did not come to add before it ended.
    for (const [key, change] of await log.values(PENDING)) {
      await log.append([change as RecordChange]);
      await log.setValue(key, undefined);
    }
    await this.#pull(log);
    return log;
  }

  async #noteEvents(log: Log<RecordChange>, reports: readonly ChangeReport[]): Promise<void> {
    const now = Date.now();
    for (const { type, source } of reports) {
      if (source !== 'webhook') continue;
      this.#options.cache.markLive(type, 0);
      if (now - (this.#notedEvents.get(type) ?? 0) < EVENT_NOTE_MS) continue;
      this.#notedEvents.set(type, now);
      await log.setValue(`${LAST_EVENT}${type}`, now);
    }
  }

  async #append(log: Log<RecordChange>, changes: readonly RecordChange[]): Promise<void> {
    await log.append(changes);
    await this.#sync(log);
  }

  async #addTrailing(change: RecordChange): Promise<void> {
    try {
      const log = await this.open();
      await this.#append(log, [change]);
      await log.setValue(pendingKey(change), undefined);
    } catch {
      this.#reportLoss();
    }
  }

  /** Learns what was appended, here or elsewhere. Callers of the same moment share one read. */
  #sync(log: Log<RecordChange>): Promise<void> {
    this.#syncing ??= Promise.resolve().then(() => {
      this.#syncing = undefined;
      return this.#pull(log);
    });
    return this.#syncing;
  }

  async #pull(log: Log<RecordChange>): Promise<void> {
    for (;;) {
      const found = await log.read(this.#last, RING);
      // Another read may have brought the same.
      const next = found.filter(({ position }) => position > this.#last);
      this.#recent.see(next);
      this.#ring.push(...next);
      if (this.#ring.length > 2 * RING) this.#ring = this.#ring.slice(-RING);
      this.#last = next.at(-1)?.position ?? this.#last;
      if (next.length > 0) for (const wake of [...this.#waiting]) wake();
      if (found.length < RING) return;
    }
  }

  #wait(log: Log<RecordChange>, signal: AbortSignal): Promise<void> {
    this.#polling ??= setInterval(() => {
      if (this.#waiting.size > 0) this.#sync(log).catch(() => {});
    }, POLL_MS).unref();
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#waiting.add(done);
    });
  }
}

const toFeedEntry = (feedId: string, { position, at, value }: LogEntry<RecordChange>): FeedEntry => ({
  ...value,
  position,
  at,
  cursor: toCursor(feedId, position, at),
});

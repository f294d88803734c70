import { LRUCache } from 'lru-cache';
import type { Cache } from '../cache/cache.ts';
import type { Action, Invalidation } from '../freshsales/writes.ts';
import type { ChangeAction, ChangeType, RecordChange } from '../records/changes.ts';
import { recordTypes } from '../resources/index.ts';
import type { LogEntry } from '../stores/store.ts';

/** A record that may have changed. */
export type ChangeReport = Omit<RecordChange, 'source'> & {
  readonly source: 'webhook' | 'poll';
  /** Other records that may show it. */
  readonly related?: readonly { readonly type: string; readonly id: string }[];
};

const CACHE_ACTIONS: Readonly<Record<ChangeAction, Action>> = {
  created: 'create',
  updated: 'update',
  deleted: 'delete',
};

/** The part of the cache that a report invalidates. */
export const invalidationOf = ({ type, id, action, related = [] }: ChangeReport): Invalidation => ({
  type,
  path: recordTypes.find(({ name }) => name === type)?.path ?? '',
  ids: [id],
  touched: related,
  action: CACHE_ACTIONS[action],
  ...(action === 'created' && { mayBeRelated: true as const }),
});

/** Reports of one record this close together are one change, unless the record was read in between. */
const MERGE_MS = 2000;

/** A report this soon after a write of this server is taken for its echo. */
const ECHO_MS = 10_000;

/** The number of records whose last change is remembered. */
const MAX_REMEMBERED = 20_000;

interface Recent {
  /** Time of the last change that was added, by the monotonic clock. */
  readonly at: number;
  readonly action: ChangeAction;
  readonly source: RecordChange['source'];
  readonly watch?: { readonly isRead: boolean; stop(): void } | undefined;
  /** Adds the change that follows. */
  trailing?: { change: RecordChange; readonly timer: NodeJS.Timeout } | undefined;
}

/** The last change of a record. */
export interface LastChange {
  /** When it was added, in milliseconds since 1970. */
  readonly at: number;
  readonly action: ChangeAction;
}

/** Changes that wait for the end of their two seconds. */
interface TrailingChanges {
  add(change: RecordChange): Promise<void>;
  /** Another change of the record has come first. */
  drop(change: RecordChange): Promise<void>;
}

const keyOf = ({ type, id }: Pick<RecordChange, 'type' | 'id'>): string => `${type}/${id}`;

/** Decides which writes and reports count as separate changes. */
export class RecentChanges {
  readonly #cache: Pick<Cache, 'watch'>;
  readonly #trailing: TrailingChanges;
  /** In the order of their times. */
  readonly #recent = new Map<string, Recent>();
  readonly #lastChanges = new LRUCache<string, LastChange>({ max: MAX_REMEMBERED });

  constructor(cache: Pick<Cache, 'watch'>, trailing: TrailingChanges) {
    this.#cache = cache;
    this.#trailing = trailing;
  }

  /** The writes that no webhook has announced since they began. */
  takeWrites(writes: readonly Omit<RecordChange, 'source'>[], since: number): RecordChange[] {
    this.#prune();
    return writes.flatMap((write) => {
      const change = { ...write, source: 'mutation' as const };
      const known = this.#recent.get(keyOf(write));
      const isAnnounced =
        known?.source === 'webhook' &&
        known.at >= since &&
        // A caller that read the record in between has to read it again.
        !known.trailing &&
        (known.action === 'deleted') === (write.action === 'deleted');
      this.#set(change);
      return isAnnounced ? [] : [change];
    });
  }

  /** The reports to add now, and those that are added when their two seconds have passed. */
  takeReports(
    reports: readonly ChangeReport[],
    isReadElsewhere: boolean,
  ): { news: RecordChange[]; pending: RecordChange[] } {
    this.#prune();
    const news: RecordChange[] = [];
    const pending: RecordChange[] = [];
    for (const { related: _, ...report } of reports) {
      const known = this.#recent.get(keyOf(report));
      const isNews = !known || this.#isOver(known) || (report.action === 'deleted' && known.action !== 'deleted');
      if (isNews) {
        this.#set(report, true);
        news.push(report);
      } else if (known.source !== 'mutation' && (isReadElsewhere || known.watch?.isRead))
        pending.push(this.#addLater(known, report));
    }
    return { news, pending };
  }

  /** Learns of changes that were added, here or by other servers. */
  see(entries: readonly LogEntry<RecordChange>[]): void {
    const wallNow = Date.now();
    for (const { at, value } of entries) {
      this.#lastChanges.set(keyOf(value), { at, action: value.action });
      const age = Math.max(0, wallNow - at);
      if (age < ECHO_MS && !this.#recent.has(keyOf(value))) this.#set(value, false, performance.now() - age);
    }
  }

  /** Takes back changes that could not be added. */
  forget(changes: readonly RecordChange[]): void {
    for (const change of changes) this.#remove(keyOf(change));
  }

  lastChangeOf(type: ChangeType, id: string): LastChange | undefined {
    return this.#lastChanges.get(keyOf({ type, id }));
  }

  /** Stops all timers. What they would add is written down, and is added after the next start. */
  close(): void {
    for (const key of [...this.#recent.keys()]) this.#remove(key);
  }

  #isOver({ at, source }: Recent): boolean {
    return performance.now() - at >= (source === 'mutation' ? ECHO_MS : MERGE_MS);
  }

  #set(change: RecordChange, isWatched = false, at = performance.now()): void {
    const key = keyOf(change);
    const { trailing } = this.#recent.get(key) ?? {};
    if (trailing && trailing.change !== change) void this.#trailing.drop(trailing.change);
    this.#remove(key);
    const watch = isWatched ? this.#cache.watch(change.type, change.id) : undefined;
    this.#recent.set(key, { at, action: change.action, source: change.source, watch });
  }

  #addLater(known: Recent, { action, ...report }: RecordChange): RecordChange {
    const merged = known.trailing?.change.fields;
    const isFirst = known.trailing === undefined;
    const fields =
      report.fields && (isFirst || merged) ? [...new Set([...(merged ?? []), ...report.fields])] : undefined;
    const change: RecordChange = {
      type: report.type,
      id: report.id,
      source: report.source,
      action: action === 'deleted' ? 'deleted' : 'updated',
      ...(fields && { fields }),
    };
    if (known.trailing) known.trailing.change = change;
    else {
      const timer = setTimeout(
        () => this.#release(known),
        Math.max(0, known.at + MERGE_MS - performance.now()),
      ).unref();
      known.trailing = { change, timer };
    }
    return change;
  }

  #release({ trailing }: Recent): void {
    if (!trailing) return;
    this.#set(trailing.change, true);
    void this.#trailing.add(trailing.change);
  }

  #remove(key: string): void {
    const known = this.#recent.get(key);
    known?.watch?.stop();
    clearTimeout(known?.trailing?.timer);
    this.#recent.delete(key);
  }

  /** Forgets what is over. The oldest come first. */
  #prune(): void {
    const oldest = performance.now() - ECHO_MS;
    for (const [key, { at }] of this.#recent) {
      if (at > oldest) return;
      this.#remove(key);
    }
  }
}

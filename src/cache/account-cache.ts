import type { Table } from '../freshsales/resource.ts';
import type { Answer, ReadRequest } from '../freshsales/response-cache.ts';
import type { Invalidation } from '../freshsales/writes.ts';
import type { Store } from '../stores/store.ts';
import { Changes, concerns, readContents, type TypeOfKey, typesByKey } from './invalidation.ts';
import { type CachedResponse, Responses, ResultCache } from './responses.ts';
import { SharedResponses } from './shared-responses.ts';
import { type CallStart, SingleFlight } from './single-flight.ts';

export interface CacheOptions {
  /** The tables whose rows are recognised by their key in a response. */
  readonly tables: readonly Table[];
  /** Lifetime of lookups, views and field lists, in milliseconds. An hour by default; 0 keeps none. */
  readonly listsForMs?: number;
  /** Lifetime of records and pages. A minute by default; 0 keeps none. */
  readonly recordsForMs?: number;
  /** Maximum age of responses served while the quota is spent. 0, the default, serves none. */
  readonly staleForMs?: number;
  /** Lifetime of records and pages while events arrive for their types. Ten minutes by default. */
  readonly liveForMs?: number;
  /** Approximate memory for the responses of all keys. */
  readonly maxBytes?: number;
  /** Shares responses with other servers. */
  readonly store?: Store | undefined;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

export const DEFAULT_CACHE = {
  listsForMs: 3_600_000,
  recordsForMs: 60_000,
  staleForMs: 0,
  liveForMs: 600_000,
  maxBytes: 64_000_000,
};

/** Missing records may be created soon. */
const ABSENCE_FOR_MS = 10_000;

/** A type is live this long after an event. A quiet account has events each day. */
const LIVE_AFTER_EVENT_MS = 86_400_000;

/** The share of the memory for whole results. */
const RESULTS_SHARE = 1 / 4;

/** Changes are cached for longer than any response, from before its call until it expires. */
const CALL_MS = 600_000;

/** The part of the cache that all keys of an account share: limits, the change log and the store. */
export class AccountCache {
  readonly responses: Responses;
  readonly results: ResultCache;
  readonly changes: Changes;
  readonly singleFlight = new SingleFlight<FetchedResponse>();
  /** Counts calls, to order them. */
  order = 0;
  readonly shared: SharedResponses | undefined;
  readonly now: () => number;
  readonly types: readonly string[];
  /** Records that somebody wants to know the reads of, and whether there was one. */
  readonly watched = new Map<string, { isRead: boolean }>();
  onAbsent: (absence: Absence) => void = () => {};
  readonly #typeOf: TypeOfKey;
  /** Lookups do not change with events. */
  readonly #recordTypes: ReadonlySet<string>;
  readonly #liveUntil = new Map<string, number>();
  readonly #times: Omit<Required<CacheOptions>, 'tables' | 'maxBytes' | 'store' | 'now'>;

  constructor(options: CacheOptions) {
    const { tables, maxBytes, store, now = () => performance.now(), ...times } = { ...DEFAULT_CACHE, ...options };
    const resultBytes = Math.ceil(maxBytes * RESULTS_SHARE);
    this.responses = new Responses(maxBytes - resultBytes);
    this.results = new ResultCache(resultBytes);
    this.#times = times;
    this.#typeOf = typesByKey(tables);
    this.types = tables.map(({ name }) => name);
    this.#recordTypes = new Set(tables.flatMap((table) => ('path' in table ? [table.name] : [])));
    this.now = now;
    const longest = Math.max(times.listsForMs, times.recordsForMs, times.staleForMs, times.liveForMs);
    this.changes = new Changes({ keepForMs: longest + CALL_MS, now });
    this.shared = store && new SharedResponses(store, this.changes, now);
  }

  async invalidate(change: Invalidation): Promise<void> {
    if (this.shared) await this.shared.invalidate(change);
    else this.changes.add(change);
  }

  /** Notes that an event about a type arrived: its records may be kept longer. */
  markLive(type: string, agoMs = 0): void {
    this.#liveUntil.set(type, this.now() - agoMs + LIVE_AFTER_EVENT_MS);
  }

  /** Prepares an answer for the cache. */
  toResponse(
    scope: string,
    { request, answer }: Pick<CachedResponse, 'request' | 'answer'>,
    { at, order, position }: CallStart,
  ): CachedResponse {
    const { kind, include, lists, about } = request;
    const types = lists.flatMap((key) => this.#typeOf(key) ?? []);
    const contents = readContents(answer, this.#typeOf);
    const goodForMs = this.#goodForMs(kind, answer, [...contents.types, ...types]);
    this.#noteRead(scope, { request, answer, rows: contents.rows });
    return {
      kind,
      include,
      answer,
      request,
      contents,
      about,
      goodForMs,
      order,
      position,
      lists: new Set(types),
      related: new Set(include.flatMap((name) => this.#typeOf(name) ?? [])),
      readAt: at,
    };
  }

  keep(scope: string, response: CachedResponse): void {
    const { goodForMs, readAt } = response;
    const forMs = goodForMs > 0 ? Math.max(goodForMs, this.#times.staleForMs) : 0;
    this.responses.keep(scope, response, readAt + forMs - this.now());
  }

  /** True if no later write concerns the response. */
  isGood(scope: string, response: CachedResponse): boolean {
    // Small lists name no records by id. Only writes to the list itself concern them.
    const isConcerned = (change: Invalidation) =>
      response.kind === 'list' ? response.lists.has(change.type) : concerns(change, response);
    if (this.changes.isGood(response.position, isConcerned)) {
      response.position = this.changes.position;
      return true;
    }
    this.responses.drop(scope, response);
    return false;
  }

  isStaleAllowed = ({ readAt }: CachedResponse): boolean => this.now() - readAt <= this.#times.staleForMs;

  #goodForMs(kind: ReadRequest['kind'], answer: Answer, types: readonly string[]): number {
    const { listsForMs, recordsForMs, liveForMs } = this.#times;
    if (kind === 'list') return answer.length === 0 ? Math.min(listsForMs, ABSENCE_FOR_MS) : listsForMs;
    const records = types.filter((type) => this.#recordTypes.has(type));
    const isLive = records.length > 0 && records.every((type) => (this.#liveUntil.get(type) ?? 0) > this.now());
    const ms = isLive && recordsForMs > 0 ? Math.max(recordsForMs, liveForMs) : recordsForMs;
    return answer.length === 0 ? Math.min(ms, ABSENCE_FOR_MS) : ms;
  }

  #noteRead(
    scope: string,
    { request: { kind, name, about }, answer, rows }: Pick<CachedResponse, 'request' | 'answer'> & ReadRows,
  ): void {
    const type = kind === 'record' ? this.#typeOf(name.split('/', 1)[0] ?? '') : undefined;
    const isBinned = answer[0]?.rows.some((row) => row.is_deleted === true) === true;
    if (type !== undefined && about !== undefined && (answer.length === 0 || isBinned))
      this.onAbsent({ type, id: about, scope, isBinned });
    if (this.watched.size === 0) return;
    const read = type === undefined ? rows : [...rows, `${type}/${about}`];
    for (const record of read) {
      const watch = this.watched.get(record);
      if (watch) watch.isRead = true;
    }
  }
}

interface ReadRows {
  readonly rows: ReadonlySet<string>;
}

/** A record that was requested by its id and does not exist, as far as this key may know. */
export interface Absence {
  readonly type: string;
  readonly id: string;
  /** Names the key. Freshsales answers keys of restricted users that records of others do not exist. */
  readonly scope: string;
  /** It is in the recycle bin, which is true for every key. */
  readonly isBinned: boolean;
}
export interface FetchedResponse {
  readonly response: CachedResponse;
  /** True if this server made a call for it. */
  readonly isCalled: boolean;
}

import type { PageAnswer, Row } from './answer.ts';
import type { Call, Priority } from './transport.ts';
import type { Invalidation } from './writes.ts';

/** Rows under one key, and their side-loads. */
export interface Part extends PageAnswer {
  readonly key: string;
}

/** The response to a read, in parts: one per record type of a lookup search, none for a missing record, otherwise one. */
export type Answer = readonly Part[];

/** Identifies a read, so that its response can be found in the cache. */
export interface ReadRequest {
  /** Small lists that rarely change are cached longer than records. */
  readonly kind: 'list' | 'record' | 'page';
  /** The URL with everything that selects rows, without includes. */
  readonly name: string;
  readonly include: readonly string[];
  readonly page?: { readonly number: number; readonly size: number };
  /** Keys of the rows that determine the response by existence and order. */
  readonly lists: readonly string[];
  /** The id of the requested record, even if the response lacks it. */
  readonly about?: string;
}

/** A cached response and its requested includes. */
export interface CachedAnswer {
  readonly kind: ReadRequest['kind'];
  readonly answer: Answer;
  readonly include: readonly string[];
}

/** A call that several operations may wait for. */
export interface SharedCall {
  /** Aborted when no operation waits any longer. */
  readonly signal: AbortSignal | undefined;
  /** When the caller began to wait. Omit for now. */
  readonly since?: number;
  /** The call goes out now. */
  sent(): void;
}

export type FetchAnswer = (sharedCall: SharedCall) => Promise<Answer>;

/** A result made from cached responses. */
export interface CachedResult {
  readonly value: unknown;
}

export interface ReadOptions {
  /** Ignore responses cached before now. */
  readonly fresh?: boolean | undefined;
}

/** The cache, as one operation uses it. */
export interface OperationCache {
  /** The cached response, or the response of a call that identical concurrent reads share. */
  read(request: ReadRequest, fetchAnswer: FetchAnswer, options?: ReadOptions): Promise<Answer>;
  /**
   * Passes the cached responses that contain a record to `use`, newest first. If `use` returns true, a call was saved.
   */
  recall(type: string, id: string, use: (cached: readonly CachedAnswer[]) => boolean): Promise<boolean>;
  /** Calls that the cache saved. */
  readonly saved: number;
  /** Those of them that shared the call of another operation. */
  readonly shared: number;
  /** The response, if cached locally and valid for some seconds more. */
  peek(request: ReadRequest): Answer | undefined;
  /** True if anything of this URL is cached. An open id in the URL matches any id. */
  hasPath(request: ReadRequest): boolean;
  /** True if anything of a record with this id is cached, of any type. */
  hasRecord(id: string): boolean;
  /**
   * Caches a result under a name, if this operation read only cached responses. The value must depend on nothing else, and
   * must not be changed.
   */
  keepResult(name: string, value: unknown): void;
  /** The result cached under a name, if the responses it was made from still hold. Counts as a read of them. */
  cachedResult(name: string): CachedResult | undefined | Promise<CachedResult | undefined>;
  /** Age of the oldest stale response that was served. Undefined if none was. */
  readonly staleSeconds: number | undefined;
}

/** Responses that are cached, as far as known without waiting. */
export interface Known {
  /** True if this call, with its includes, is cached. */
  isKnown(call: Call): boolean;
  /** True if it may be cached, in part or inside another response. */
  mayBeKnown(call: Call): boolean;
  /** The rows of a small list, if cached: lookups by path, views as `contacts/filters`. */
  list(path: string): readonly Row[] | undefined;
}

export interface OperationCacheOptions {
  readonly signal?: AbortSignal | undefined;
  /** `agent` by default. */
  readonly priority?: Priority | undefined;
  /** Ignore responses cached before now. */
  readonly fresh?: boolean | undefined;
}

/** Caches the responses of one key. */
export interface ResponseCache {
  open(options: OperationCacheOptions): OperationCache;
  /** Records a write. Invalidates the affected responses. */
  invalidate(change: Invalidation): Promise<void>;
}

/** Caches nothing. */
export const noCache: ResponseCache = {
  open: ({ signal }) => ({
    read: (_request, fetchAnswer) => fetchAnswer({ signal, sent() {} }),
    recall: async () => false,
    peek: () => undefined,
    hasPath: () => false,
    hasRecord: () => false,
    keepResult() {},
    cachedResult: () => undefined,
    saved: 0,
    shared: 0,
    staleSeconds: undefined,
  }),
  invalidate: async () => {},
};

export const NOTHING_KNOWN: Known = { isKnown: () => false, mayBeKnown: () => false, list: () => undefined };

/** Calls that one operation saved. */
export interface Savings {
  /** Calls answered from the cache, or by the call of another operation. */
  readonly saved: number;
  /** Those of them that shared the call of another operation. */
  readonly shared: number;
  /** Records that arrived with the record they belong to. Each would be one call. */
  readonly included: number;
}

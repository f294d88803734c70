import { FreshsalesError } from '../freshsales/errors.ts';
import type {
  Answer,
  CachedAnswer,
  CachedResult,
  FetchAnswer,
  OperationCache,
  OperationCacheOptions,
  ReadOptions,
  ReadRequest,
  ResponseCache,
  SharedCall,
} from '../freshsales/response-cache.ts';
import type { Priority } from '../freshsales/transport.ts';
import type { Invalidation } from '../freshsales/writes.ts';
import { type Absence, AccountCache, type CacheOptions, type FetchedResponse } from './account-cache.ts';
import {
  type CachedResponse,
  type CacheRead,
  CacheReads,
  covers,
  cutOut,
  isUnchanged,
  pathOf,
  variantOf,
} from './responses.ts';
import type { CallStart } from './single-flight.ts';

export { type CacheOptions, DEFAULT_CACHE } from './account-cache.ts';

/** The cache of one account, separated by API key. */
export interface Cache {
  /** The cache of one key. `scope` names the key without being it. */
  for(scope: string): ResponseCache;
  readonly bytes: number;
  /** Drops what a change concerns, for all keys. */
  invalidate(change: Invalidation): Promise<void>;
  /** Notes that an event about a type arrived, now or earlier. */
  markLive(type: string, agoMs?: number): void;
  /** Watches whether a record is read from now on. */
  watch(type: string, id: string): ReadWatch;
  /** Calls back for each record that was requested by its id and does not exist. */
  onAbsent(report: (absence: Absence) => void): void;
}

/** Tells whether a record was read since the watch began. */
interface ReadWatch {
  readonly isRead: boolean;
  stop(): void;
}

/** A planned response must still be valid when the plan runs. */
const PEEK_MS = 5000;

/** A company may be part of hundreds of responses, which mostly say the same. */
const MAX_RECALLED = 20;

export function createCache(options: CacheOptions): Cache {
  const account = new AccountCache(options);
  return {
    for: (scope) => ({
      open: (reader) => new Reader(account, scope, reader),
      invalidate: (change) => account.invalidate(change),
    }),
    invalidate: (change) => account.invalidate(change),
    markLive: (type, agoMs) => account.markLive(type, agoMs),
    watch(type, id) {
      const watch = { isRead: false };
      account.watched.set(`${type}/${id}`, watch);
      return {
        get isRead() {
          return watch.isRead;
        },
        stop() {
          if (account.watched.get(`${type}/${id}`) === watch) account.watched.delete(`${type}/${id}`);
        },
      };
    },
    onAbsent(report) {
      account.onAbsent = report;
    },
    get bytes() {
      return account.responses.bytes + account.results.bytes;
    },
  };
}

/** The moment before which responses are not served. */
type Since = Pick<CallStart, 'at' | 'order'>;

/** Reads for one operation. */
class Reader implements OperationCache {
  readonly #account: AccountCache;
  readonly #scope: string;
  readonly #signal: AbortSignal | undefined;
  readonly #priority: Priority;
  /** Responses from before this are not served. */
  readonly #since: Since;
  /** Reads so far. Only the first of each kind can save a call. */
  readonly #asked = new Set<string>();
  /** All reads. Undefined as soon as one was not answered from the cache. */
  #reads: CacheReads | undefined = new CacheReads();
  saved = 0;
  shared = 0;
  staleSeconds: number | undefined;

  constructor(
    account: AccountCache,
    scope: string,
    { signal, priority = 'agent', fresh = false }: OperationCacheOptions,
  ) {
    this.#account = account;
    this.#scope = scope;
    this.#signal = signal;
    this.#priority = priority;
    this.#since = fresh ? { at: account.now(), order: account.order } : { at: Number.NEGATIVE_INFINITY, order: 0 };
  }

  async read(request: ReadRequest, fetchAnswer: FetchAnswer, { fresh = false }: ReadOptions = {}): Promise<Answer> {
    const { singleFlight, changes, now, shared } = this.#account;
    const name = `${this.#scope} ${request.name} ${variantOf(request)}`;
    const since = now();
    const newerThan = fresh ? { at: since, order: this.#account.order } : this.#since;
    for (;;) {
      if (shared) await shared.sync();
      const known = this.#find(request, (response) => this.#isNewer(response, newerThan));
      if (known) return this.#serve(known, request, { isSaved: true });
      this.#account.order += 1;
      const start = { at: now(), order: this.#account.order, position: changes.position };
      const { result, isOwn } = await singleFlight.join(
        name,
        (sharedCall) => this.#fetch(request, fetchAnswer, { ...sharedCall, since }, { start, newerThan }),
        {
          start,
          priority: this.#priority,
          signal: this.#signal,
          isAcceptable: ({ order, position }) => order > newerThan.order && position === changes.position,
        },
      );
      if ('answer' in result) {
        const before = this.saved;
        const answer = this.#serve(result.answer.response, request, { isSaved: !isOwn || !result.answer.isCalled });
        if (!isOwn) this.shared += this.saved - before;
        return answer;
      }
      // Another operation was refused before the call was sent. This one may be allowed.
      if (!isOwn && !result.isSent) continue;
      return this.#serveStale(request, result.error, newerThan);
    }
  }

  async recall(type: string, id: string, use: (cached: readonly CachedAnswer[]) => boolean): Promise<boolean> {
    await this.#account.shared?.sync();
    const record = `${type}/${id}`;
    const found = this.#withRecord(record);
    const isEnough = found.length > 0 && use(found);
    this.#reads?.add(record, found, isEnough ? record : undefined);
    if (isEnough) this.#note(record, true);
    return isEnough;
  }

  keepResult(name: string, value: unknown): void {
    const { results, now } = this.#account;
    if (this.#reads) results.keep(`${this.#scope} ${name}`, { value, reads: this.#reads }, now());
  }

  /** Synchronous without a shared store, so that repeated queries are fast. */
  cachedResult(name: string): CachedResult | undefined | Promise<CachedResult | undefined> {
    const { results, shared } = this.#account;
    const result = results.get(`${this.#scope} ${name}`);
    if (!result) return undefined;
    const repeat = () => {
      if (!result.reads.all.every((read) => isUnchanged(read, this.#repeatRead(read)))) return undefined;
      for (const { saved } of result.reads.all) if (saved !== undefined) this.#note(saved, true);
      return result;
    };
    return shared ? shared.sync().then(repeat) : repeat();
  }

  peek(request: ReadRequest): Answer | undefined {
    const soon = this.#account.now() + PEEK_MS;
    const isGoodForSome = (one: CachedResponse) => this.#isFresh(one) && one.readAt + one.goodForMs > soon;
    const found = this.#find(request, isGoodForSome);
    return found && cutOut(found, request);
  }

  hasPath({ name }: ReadRequest): boolean {
    return this.#account.responses.atPath(this.#scope, pathOf(name)).some(this.#isFresh);
  }

  hasRecord(id: string): boolean {
    const { types, responses } = this.#account;
    return types.some((type) => responses.withRecord(this.#scope, `${type}/${id}`).some(this.#isFresh));
  }

  #repeatRead({ asked }: CacheRead): readonly CachedResponse[] {
    if (typeof asked === 'string') return this.#withRecord(asked);
    const found = this.#find(asked, this.#isFresh);
    return found ? [found] : [];
  }

  /** The newest responses that contain a record. */
  #withRecord(record: string): CachedResponse[] {
    return this.#account.responses
      .withRecord(this.#scope, record)
      .filter((response) => this.#isFresh(response) && this.#account.isGood(this.#scope, response))
      .sort((one, other) => other.readAt - one.readAt)
      .slice(0, MAX_RECALLED);
  }

  /** The newest response that contains the answer. */
  #find(request: ReadRequest, isAllowed: (response: CachedResponse) => boolean): CachedResponse | undefined {
    return this.#account.responses
      .named(this.#scope, request.name)
      .filter((each) => isAllowed(each) && covers(each, request) && this.#account.isGood(this.#scope, each))
      .reduce<CachedResponse | undefined>(
        (best, each) => (best && best.readAt >= each.readAt ? best : each),
        undefined,
      );
  }

  readonly #isFresh = (response: CachedResponse): boolean => this.#isNewer(response, this.#since);

  #isNewer({ order, readAt, goodForMs }: CachedResponse, since: Since): boolean {
    return order > since.order && this.#account.now() - readAt < goodForMs;
  }

  async #fetch(
    request: ReadRequest,
    fetchAnswer: FetchAnswer,
    sharedCall: SharedCall,
    { start, newerThan }: { readonly start: CallStart; readonly newerThan: Since },
  ): Promise<FetchedResponse> {
    const account = this.#account;
    const search = await account.shared?.find(this.#scope, request, {
      signal: sharedCall.signal,
      accept: ({ answer, request: asked, readAt, position }) => {
        // Only the time of another server's call is known.
        const order = readAt > newerThan.at ? start.order : 0;
        const response = account.toResponse(this.#scope, { request: asked, answer }, { at: readAt, order, position });
        const isGood =
          this.#isNewer(response, newerThan) && covers(response, request) && account.isGood(this.#scope, response);
        return isGood ? response : undefined;
      },
    });
    if (search?.found) {
      account.keep(this.#scope, search.found);
      return { response: search.found, isCalled: false };
    }
    try {
      const answer = await fetchAnswer(sharedCall);
      const response = account.toResponse(this.#scope, { request, answer }, start);
      account.keep(this.#scope, response);
      await search?.publish(response);
      return { response, isCalled: true };
    } catch (error) {
      await search?.giveUp();
      throw error;
    }
  }

  #serve(response: CachedResponse, request: ReadRequest, { isSaved }: { isSaved: boolean }): Answer {
    const what = `${request.name} ${variantOf(request)}`;
    if (isSaved) this.#reads?.add(request, [response], what);
    else this.#reads = undefined;
    this.#note(what, isSaved);
    return cutOut(response, request);
  }

  #serveStale(request: ReadRequest, error: unknown, newerThan: Since): Answer {
    const isRefused = error instanceof FreshsalesError && error.code === 'RATE_LIMITED';
    const isAllowed = (one: CachedResponse) => one.order > newerThan.order && this.#account.isStaleAllowed(one);
    const response = isRefused ? this.#find(request, isAllowed) : undefined;
    if (!response) throw error;
    const age = Math.ceil((this.#account.now() - response.readAt) / 1000);
    this.staleSeconds = Math.max(this.staleSeconds ?? 0, age);
    this.#reads = undefined;
    return this.#serve(response, request, { isSaved: true });
  }

  #note(what: string, isSaved: boolean): void {
    if (isSaved && !this.#asked.has(what)) this.saved += 1;
    this.#asked.add(what);
  }
}

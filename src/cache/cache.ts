import { FreshsalesError } from '../freshsales/errors.ts';
import type {
  Answer,
  Ask,
  CachedResult,
  Flight,
  Memory,
  Question,
  Recollection,
  RecollectionOptions,
  Remembered,
} from '../freshsales/memory.ts';
import type { Lane } from '../freshsales/transport.ts';
import { AccountCache, type CacheOptions, type FetchedResponse } from './account-cache.ts';
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
import type { FlightStart } from './single-flight.ts';

export { type CacheOptions, DEFAULT_CACHE } from './account-cache.ts';

/** Responses of one account, kept apart by API key. */
export interface Cache {
  /** The cache of one key. `scope` names the key without being it. */
  for(scope: string): Memory;
  readonly bytes: number;
}

/** What a plan relies on must still be known when it runs. */
const PEEK_MS = 5000;

/** A company may be part of hundreds of responses, all of which say about the same of it. */
const MAX_RECALLED = 20;

export function createCache(options: CacheOptions): Cache {
  const account = new AccountCache(options);
  return {
    for: (scope) => ({
      open: (reader) => new Reader(account, scope, reader),
      forget: (change) => account.invalidate(change),
    }),
    get bytes() {
      return account.responses.bytes + account.results.bytes;
    },
  };
}

/** Reads for one operation. */
class Reader implements Recollection {
  readonly #account: AccountCache;
  readonly #scope: string;
  readonly #signal: AbortSignal | undefined;
  readonly #lane: Lane;
  /** Responses from before this are not served. */
  readonly #since: Pick<FlightStart, 'at' | 'order'>;
  /** What has been asked: only the first time can save a call, because an operation would not ask twice. */
  readonly #asked = new Set<string>();
  /** All reads; undefined as soon as one was not answered from the cache. */
  #reads: CacheReads | undefined = new CacheReads();
  saved = 0;
  staleSeconds: number | undefined;

  constructor(account: AccountCache, scope: string, { signal, lane = 'agent', fresh = false }: RecollectionOptions) {
    this.#account = account;
    this.#scope = scope;
    this.#signal = signal;
    this.#lane = lane;
    this.#since = fresh ? { at: account.now(), order: account.order } : { at: Number.NEGATIVE_INFINITY, order: 0 };
  }

  async read(question: Question, ask: Ask): Promise<Answer> {
    const { flights, changes, now, shared } = this.#account;
    const name = `${this.#scope} ${question.name} ${variantOf(question)}`;
    const since = now();
    for (;;) {
      if (shared) await shared.sync();
      const known = this.#find(question, this.#isFresh);
      if (known) return this.#serve(known, question, true);
      this.#account.order += 1;
      const start = { at: now(), order: this.#account.order, position: changes.position };
      const { result, isOwn } = await flights.join(
        name,
        (flight) => this.#fetch(question, ask, { ...flight, since }, start),
        {
          start,
          lane: this.#lane,
          signal: this.#signal,
          isAcceptable: ({ order, position }) => order > this.#since.order && position === changes.position,
        },
      );
      if ('answer' in result) return this.#serve(result.answer.response, question, !isOwn || !result.answer.isCalled);
      // Another caller was refused before the call went out. That need not hold for this one.
      if (!isOwn && !result.isSent) continue;
      return this.#serveStale(question, result.error);
    }
  }

  async recall(type: string, id: string, use: (remembered: readonly Remembered[]) => boolean): Promise<boolean> {
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

  /** At once where nothing is shared: a repeated query is answered without a turn of the event loop. */
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

  peek(question: Question): Answer | undefined {
    const soon = this.#account.now() + PEEK_MS;
    const isGoodForSome = (one: CachedResponse) => this.#isFresh(one) && one.readAt + one.goodForMs > soon;
    const found = this.#find(question, isGoodForSome);
    return found && cutOut(found, question);
  }

  hears({ name }: Question): boolean {
    return this.#account.responses.atPath(this.#scope, pathOf(name)).some(this.#isFresh);
  }

  holds(id: string): boolean {
    const { types, responses } = this.#account;
    return types.some((type) => responses.withRecord(this.#scope, `${type}/${id}`).some(this.#isFresh));
  }

  #repeatRead({ asked }: CacheRead): readonly CachedResponse[] {
    if (typeof asked === 'string') return this.#withRecord(asked);
    const found = this.#find(asked, this.#isFresh);
    return found ? [found] : [];
  }

  /** The youngest responses that contain a record. */
  #withRecord(record: string): CachedResponse[] {
    return this.#account.responses
      .withRecord(this.#scope, record)
      .filter((response) => this.#isFresh(response) && this.#account.isGood(this.#scope, response))
      .sort((one, other) => other.readAt - one.readAt)
      .slice(0, MAX_RECALLED);
  }

  /** The youngest response that holds the answer. */
  #find(question: Question, isAllowed: (response: CachedResponse) => boolean): CachedResponse | undefined {
    return this.#account.responses
      .named(this.#scope, question.name)
      .filter((each) => isAllowed(each) && covers(each, question) && this.#account.isGood(this.#scope, each))
      .reduce<CachedResponse | undefined>(
        (best, each) => (best && best.readAt >= each.readAt ? best : each),
        undefined,
      );
  }

  readonly #isFresh = ({ order, readAt, goodForMs }: CachedResponse): boolean =>
    order > this.#since.order && this.#account.now() - readAt < goodForMs;

  async #fetch(question: Question, ask: Ask, flight: Flight, start: FlightStart): Promise<FetchedResponse> {
    const account = this.#account;
    const search = await account.shared?.find(this.#scope, question, {
      signal: flight.signal,
      accept: ({ answer, question: asked, readAt, position }) => {
        // Of the calls of another server only the time is known.
        const order = readAt > this.#since.at ? start.order : 0;
        const response = account.toResponse(asked, answer, { at: readAt, order, position });
        const isGood = this.#isFresh(response) && covers(response, question) && account.isGood(this.#scope, response);
        return isGood ? response : undefined;
      },
    });
    if (search?.found) {
      account.keep(this.#scope, search.found);
      return { response: search.found, isCalled: false };
    }
    try {
      const response = account.toResponse(question, await ask(flight), start);
      account.keep(this.#scope, response);
      await search?.publish(response);
      return { response, isCalled: true };
    } catch (error) {
      await search?.giveUp();
      throw error;
    }
  }

  #serve(response: CachedResponse, question: Question, isSaved: boolean): Answer {
    const what = `${question.name} ${variantOf(question)}`;
    if (isSaved) this.#reads?.add(question, [response], what);
    else this.#reads = undefined;
    this.#note(what, isSaved);
    return cutOut(response, question);
  }

  #serveStale(question: Question, error: unknown): Answer {
    const isRefused = error instanceof FreshsalesError && error.code === 'RATE_LIMITED';
    const isAllowed = (one: CachedResponse) => one.order > this.#since.order && this.#account.isStaleAllowed(one);
    const response = isRefused ? this.#find(question, isAllowed) : undefined;
    if (!response) throw error;
    const age = Math.ceil((this.#account.now() - response.readAt) / 1000);
    this.staleSeconds = Math.max(this.staleSeconds ?? 0, age);
    this.#reads = undefined;
    return this.#serve(response, question, true);
  }

  #note(what: string, isSaved: boolean): void {
    if (isSaved && !this.#asked.has(what)) this.saved += 1;
    this.#asked.add(what);
  }
}

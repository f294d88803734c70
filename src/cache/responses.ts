import { LRUCache } from 'lru-cache';
import type { Answer, CachedAnswer, CachedResult, Part, ReadRequest } from '../freshsales/response-cache.ts';
import { getOrInsert } from '../maps.ts';
import { bytesOf, type Dependencies } from './invalidation.ts';

/** A response in the cache, and what decides if it may be served. */
export interface CachedResponse extends CachedAnswer, Dependencies {
  readonly request: ReadRequest;
  /** When its call was sent. */
  readonly readAt: number;
  /** The number of its call in this process, because two calls may be sent in the same millisecond. */
  readonly order: number;
  readonly goodForMs: number;
  /** The position of the change log up to which no change concerns it. */
  position: number;
}

/**
 * The responses in this process, bounded in bytes, by request and by record. What one scope (an account and an API key) has
 * read is not found by another.
 */
export class Responses {
  readonly #responses: LRUCache<string, CachedResponse>;
  /** Keys of responses. */
  readonly #byName = new Index();
  readonly #byPath = new Index();
  readonly #byRecord = new Index();

  constructor(maxBytes: number) {
    this.#responses = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ contents }) => contents.bytes,
      // Frees the memory when a response expires, even if it is never read again.
      ttlAutopurge: true,
      dispose: (response, key) => this.#removeFromIndexes(response, key),
    });
  }

  get bytes(): number {
    return this.#responses.calculatedSize;
  }

  keep(scope: string, response: CachedResponse, forMs: number): void {
    const { request, contents } = response;
    const key = keyOf(scope, request);
    this.#responses.delete(key);
    if (forMs <= 0) return;
    this.#responses.set(key, response, { ttl: forMs });
    if (!this.#responses.has(key)) return;
    this.#byName.add(`${scope} ${request.name}`, key);
    this.#byPath.add(`${scope} ${pathOf(request.name)}`, key);
    for (const row of contents.rows) this.#byRecord.add(`${scope} ${row}`, key);
  }

  /** Responses to requests of this name, with whatever page and includes. */
  named(scope: string, name: string): CachedResponse[] {
    return this.#get(this.#byName.of(`${scope} ${name}`));
  }

  /** Responses from a path. `{id}` in the path matches any id. */
  atPath(scope: string, path: string): CachedResponse[] {
    const [known = '', ...rest] = path.split('{id}');
    const words = rest.length > 0 ? this.#byPath.startingWith(`${scope} ${known}`) : [`${scope} ${path}`];
    return this.#get(words.flatMap((word) => [...this.#byPath.of(word)]));
  }

  /** Responses that contain a record. */
  withRecord(scope: string, record: string): CachedResponse[] {
    return this.#get(this.#byRecord.of(`${scope} ${record}`));
  }

  drop(scope: string, { request }: CachedResponse): void {
    this.#responses.delete(keyOf(scope, request));
  }

  #get(keys: Iterable<string>): CachedResponse[] {
    return [...keys].flatMap((key) => this.#responses.get(key) ?? []);
  }

  #removeFromIndexes({ request, contents }: CachedResponse, key: string): void {
    const scope = key.slice(0, key.indexOf(' '));
    this.#byName.remove(`${scope} ${request.name}`, key);
    this.#byPath.remove(`${scope} ${pathOf(request.name)}`, key);
    for (const row of contents.rows) this.#byRecord.remove(`${scope} ${row}`, key);
  }
}

/** Several keys per word. */
class Index {
  readonly #sets = new Map<string, Set<string>>();

  of(word: string): Iterable<string> {
    return this.#sets.get(word) ?? [];
  }

  startingWith(beginning: string): string[] {
    return [...this.#sets.keys()].filter((word) => word.startsWith(beginning));
  }

  add(word: string, key: string): void {
    getOrInsert(this.#sets, word, () => new Set()).add(key);
  }

  remove(word: string, key: string): void {
    const set = this.#sets.get(word);
    set?.delete(key);
    if (set?.size === 0) this.#sets.delete(word);
  }
}

/** The path in the name of a request. */
export const pathOf = (name: string): string => name.split('?', 1)[0] ?? name;

const keyOf = (scope: string, request: ReadRequest): string => `${scope} ${request.name} ${variantOf(request)}`;

/** Tells requests of the same name apart. */
export const variantOf = ({ page, include }: ReadRequest): string =>
  `${page ? `${page.number}/${page.size}` : ''} ${include.toSorted().join(',')}`;

/** True if a response holds the answer to another request of the same name. */
export function covers(response: CachedResponse, { include, page }: ReadRequest): boolean {
  return include.every((name) => response.include.includes(name)) && (!page || coversPage(response, page));
}

function coversPage({ request, answer }: CachedResponse, wanted: NonNullable<ReadRequest['page']>): boolean {
  const { page } = request;
  const [part] = answer;
  if (!page || !part) return false;
  if (page.number === wanted.number && page.size === wanted.size) return true;
  const from = (page.number - 1) * page.size;
  const wantedFrom = (wanted.number - 1) * wanted.size;
  if (wantedFrom < from || wantedFrom + wanted.size > from + page.size) return false;
  // A part can be cut out only where the rows have no gaps (QUIRKS 32) and no rows of other pages among them.
  const isLast = part.total !== undefined && endsAt(part.total, from, part.rows.length) && !isCapped(page, part);
  return (part.rows.length === page.size || isLast) && part.rows.every(({ partial }) => partial !== true);
}

/** True if rows from here on are the last ones. Rows beyond the end of their list are of another position: their page was smaller. */
const endsAt = (total: number, from: number, rows: number): boolean =>
  from + rows === total || (rows === 0 && from > total);

/** Freshsales counts the pages by the size that it honours. */
const isCapped = ({ size }: NonNullable<ReadRequest['page']>, { total = 0, pages = 0 }: Part): boolean =>
  pages > Math.ceil(total / size);

/** The answer to a request, cut out of a response that covers it. */
export function cutOut({ request, answer }: CachedResponse, { page: wanted }: ReadRequest): Answer {
  const { page } = request;
  const [part] = answer;
  if (!page || !wanted || !part || (page.number === wanted.number && page.size === wanted.size)) return answer;
  const from = (wanted.number - 1) * wanted.size - (page.number - 1) * page.size;
  return [{ ...part, rows: part.rows.slice(from, from + wanted.size) }];
}

/** One read of an operation from the cache. */
export interface CacheRead {
  /** A request, or the type and id of a record. */
  readonly asked: ReadRequest | string;
  /** The responses that it found. Weak references, so that they can be dropped. */
  readonly responses: readonly WeakRef<CachedResponse>[];
  /** The name of the saved call. Undefined if the responses were not sufficient. */
  readonly saved: string | undefined;
}

/** All reads of one operation from the cache. */
export class CacheReads {
  readonly all: CacheRead[] = [];
  /** When the first of the responses expires. */
  goodUntil = Number.POSITIVE_INFINITY;

  add(asked: CacheRead['asked'], found: readonly CachedResponse[], saved?: string): void {
    this.all.push({ asked, responses: found.map((response) => new WeakRef(response)), saved });
    for (const { readAt, goodForMs } of found) this.goodUntil = Math.min(this.goodUntil, readAt + goodForMs);
  }
}

/** True if the same read finds the same responses now. */
export const isUnchanged = ({ responses }: CacheRead, now: readonly CachedResponse[]): boolean =>
  responses.length === now.length && responses.every((each, index) => each.deref() === now[index]);

interface KeptResult extends CachedResult {
  readonly reads: CacheReads;
}

/** Whole results of operations, limited in bytes. A result is valid as long as the operation would read the same responses. */
export class ResultCache {
  readonly #results: LRUCache<string, KeptResult>;

  constructor(maxBytes: number) {
    this.#results = new LRUCache({ maxSize: Math.max(1, Math.floor(maxBytes)), ttlAutopurge: true });
  }

  get bytes(): number {
    return this.#results.calculatedSize;
  }

  get(name: string): KeptResult | undefined {
    return this.#results.get(name);
  }

  keep(name: string, result: KeptResult, now: number): void {
    const { reads, value } = result;
    const ttl = reads.goodUntil - now;
    if (reads.all.length === 0 || !Number.isFinite(ttl) || ttl <= 0) return;
    const size = bytesOf(value) + 2 * name.length + 200 * reads.all.length;
    this.#results.set(name, result, { ttl, size });
  }
}

import { LRUCache } from 'lru-cache';
import type { CachedResult, Question } from '../freshsales/memory.ts';
import { bytesOf } from './response-contents.ts';
import type { CachedResponse } from './responses.ts';

/** One thing that an operation read from the cache. */
export interface CacheRead {
  /** A question, or the type and id of a record. */
  readonly asked: Question | string;
  /** The responses that it got. Held weakly, so that they can be dropped. */
  readonly responses: readonly WeakRef<CachedResponse>[];
  /** The call that was saved, by a name; none where what was found was not enough. */
  readonly saved: string | undefined;
}

/** All that one operation read from the cache. */
export class CacheReads {
  readonly all: CacheRead[] = [];
  /** When the first of the responses expires. */
  goodUntil = Number.POSITIVE_INFINITY;

  add(asked: CacheRead['asked'], found: readonly CachedResponse[], saved?: string): void {
    this.all.push({ asked, responses: found.map((response) => new WeakRef(response)), saved });
    for (const { readAt, goodForMs } of found) this.goodUntil = Math.min(this.goodUntil, readAt + goodForMs);
  }
}

/** Whether the same read would find the same responses now. */
export const isUnchanged = ({ responses }: CacheRead, now: readonly CachedResponse[]): boolean =>
  responses.length === now.length && responses.every((each, index) => each.deref() === now[index]);

interface KeptResult extends CachedResult {
  readonly reads: CacheReads;
}

/** Whole results of operations, bounded in bytes. A result is good as long as the operation would read the same responses. */
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

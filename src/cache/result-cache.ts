import { LRUCache } from 'lru-cache';
import type { Conclusion, Question } from '../freshsales/memory.ts';
import { bytesOf } from './contents-of-responses.ts';
import type { Kept } from './responses.ts';

/** One thing that an operation was told from memory. */
export interface Fact {
  /** What it asked: a question, or what is known of a record by its type and id. */
  readonly asked: Question | string;
  /** The answers it was told. They are not held here, so that they can be forgotten. */
  readonly told: readonly WeakRef<Kept>[];
  /** Under this name a call was saved; none where what was told was not enough. */
  readonly saved: string | undefined;
}

/** All that one operation was told from memory. */
export class Evidence {
  readonly facts: Fact[] = [];
  /** When the first of the answers is over. */
  goodUntil = Number.POSITIVE_INFINITY;

  add(asked: Fact['asked'], told: readonly Kept[], saved?: string): void {
    this.facts.push({ asked, told: told.map((kept) => new WeakRef(kept)), saved });
    for (const { readAt, goodForMs } of told) this.goodUntil = Math.min(this.goodUntil, readAt + goodForMs);
  }
}

/** Whether the same answers would be told today. */
export const isTold = ({ told }: Fact, today: readonly Kept[]): boolean =>
  told.length === today.length && told.every((each, index) => each.deref() === today[index]);

interface Drawn extends Conclusion {
  readonly evidence: Evidence;
}

/** What operations made of the answers they were told, bounded in bytes. Good only as long as the same would be told again. */
export class ResultCache {
  readonly #drawn: LRUCache<string, Drawn>;

  constructor(maxBytes: number) {
    this.#drawn = new LRUCache({ maxSize: Math.max(1, Math.floor(maxBytes)), ttlAutopurge: true });
  }

  get bytes(): number {
    return this.#drawn.calculatedSize;
  }

  get(name: string): Drawn | undefined {
    return this.#drawn.get(name);
  }

  keep(name: string, drawn: Drawn, now: number): void {
    const { evidence, value } = drawn;
    const ttl = evidence.goodUntil - now;
    if (evidence.facts.length === 0 || !Number.isFinite(ttl) || ttl <= 0) return;
    const size = bytesOf(value) + 2 * name.length + 200 * evidence.facts.length;
    this.#drawn.set(name, drawn, { ttl, size });
  }
}

import { LRUCache } from 'lru-cache';

/**
 * What became of a piece of work that is to be done once. Where several machines share the keys it may also be `lost`: one
 * of them ended in the middle of it, so that nobody knows; or `unavailable`: it was not begun here, for the keys cannot be looked
 * at. It may be under way on another machine then.
 */
export type Done<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'reused' | 'lost' }
  | { readonly kind: 'unavailable'; readonly isUnderWay: boolean };

/** Does a piece of work once for each key, and gives its first result to whoever comes again with the same. */
export interface Once {
  /**
   * `print` stands for what is asked: a key that comes again with another one is not served. While the work is under way,
   * the next one waits for it. What came of it is kept where `keep` says so; else the key is free again.
   */
  run<T extends object>(key: string, print: string, work: () => Promise<T>, keep: Keep<T>): Promise<Done<T>>;
}

/** Which results have to be given again. */
export interface Keep<T> {
  readonly value: (value: T) => boolean;
  readonly error: (error: unknown) => boolean;
  /** Failures that are nobody's but the caller's who began, such as that they hung up: who waited does the work anew. */
  readonly own: (error: unknown) => boolean;
}

export interface OnceOptions {
  /** How long a result is kept, in milliseconds. A day by default. */
  readonly forMs?: number;
  /** How many keys are kept. The ones longest unused go first. */
  readonly max?: number;
}

interface Kept {
  readonly print: string;
  readonly result: Promise<object>;
}

/** Seconds after which to try again what cannot be done while the other machines are out of reach. */
export const RETRY_SECONDS = 5;

/** How long a result is kept, and how many. */
export const DEFAULT_ONCE = { forMs: 86_400_000, max: 10_000 };

/** Remembers in memory; one for each credential, so that nobody can read another's results by guessing a key. */
export function createOnce(options: OnceOptions = {}): Once {
  const { forMs, max } = { ...DEFAULT_ONCE, ...options };
  // Bounded by size, since `max` would allocate room for all of them for each API key: 8 ms and 380 kB.
  const kept = new LRUCache<string, Kept>({ maxSize: max, sizeCalculation: () => 1, ttl: forMs });
  return {
    async run<T extends object>(key: string, print: string, work: () => Promise<T>, keep: Keep<T>): Promise<Done<T>> {
      const known = kept.get(key);
      if (known && known.print !== print) return { kind: 'reused' };
      if (known) {
        try {
          return { kind: 'done', value: (await known.result) as T };
        } catch (error) {
          if (!keep.own(error)) throw error;
          return this.run(key, print, work, keep);
        }
      }
      const result = work();
      kept.set(key, { print, result });
      try {
        const value = await result;
        if (!keep.value(value)) kept.delete(key);
        return { kind: 'done', value };
      } catch (error) {
        if (!keep.error(error)) kept.delete(key);
        throw error;
      }
    },
  };
}

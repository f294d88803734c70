import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { fromText, toText, type WorkOutcome } from './outcome-text.ts';
import { type ClaimOptions, type Store, StoreUnavailable } from './store.ts';

/**
 * What became of work that must be done once. `reused`: the key was used for something else. `lost`: a server stopped in the
 * middle of it, so that nobody knows. `unavailable`: it was not begun here, because the shared keys cannot be reached; it may
 * be under way on another server.
 */
export type Done<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'reused' | 'lost' }
  | { readonly kind: 'unavailable'; readonly isUnderWay: boolean };

/** Does work once per key, and returns the first result to everyone who comes with the same key. */
export interface Once {
  /**
   * `fingerprint` identifies the request. A known key with another fingerprint is refused. Concurrent requests with the key
   * wait for the work. The result is stored if `keep` allows it. Otherwise the key is free again.
   */
  run<T extends object>(key: string, fingerprint: string, work: () => Promise<T>, keep: Keep<T>): Promise<Done<T>>;
}

/** Which results are returned again. */
export interface Keep<T> {
  readonly value: (value: T) => boolean;
  readonly error: (error: unknown) => boolean;
  /** Failures that concern only the caller who began, such as an abort: those who waited do the work themselves. */
  readonly own: (error: unknown) => boolean;
}

export interface OnceOptions {
  /** Where keys are shared with other servers. */
  readonly store?: Store | undefined;
  /** Separates credentials: nobody reads the results of another one by guessing a key. */
  readonly scope?: string;
  /** How long a result is kept, in milliseconds. A day by default. */
  readonly forMs?: number;
  /** How many keys are kept in this process. The least recently used go first. */
  readonly max?: number;
}

/** Seconds after which to retry what needs other servers that cannot be reached. */
export const RETRY_SECONDS = 5;

/** How long a server may be silent before its work counts as lost. */
const LEASE_MS = 10_000;

/** How soon to look for the result of work on another server; each time a little later. */
const POLL_MS = 50;
const MAX_POLL_MS = 500;

interface Kept {
  readonly fingerprint: string;
  readonly result: Promise<object>;
}

/** No result, on its way through the memory of this process, which must not keep it. */
class NotDone extends Error {
  readonly done: Exclude<Done<never>, { kind: 'done' }>;

  constructor(done: NotDone['done']) {
    super(done.kind);
    this.done = done;
  }
}

/** Remembers results in this process and, with a store, on all servers. */
export function createOnce({ store, scope = '', forMs = 86_400_000, max = 10_000 }: OnceOptions = {}): Once {
  // Bounded by size: with `max`, the cache would allocate room for all of them for each API key, 8 ms and 380 kB.
  const kept = new LRUCache<string, Kept>({ maxSize: max, sizeCalculation: () => 1, ttl: forMs });
  const owner = randomUUID();
  const shared = <T extends object>(key: string, fingerprint: string, work: () => Promise<T>, keep: Keep<T>) =>
    store
      ? runShared(store, `${scope}\n${key}`, { fingerprint, owner, leaseMs: LEASE_MS, keepMs: forMs }, { work, keep })
      : work();
  return {
    async run<T extends object>(key: string, fingerprint: string, work: () => Promise<T>, keep: Keep<T>) {
      const known = kept.get(key);
      if (known && known.fingerprint !== fingerprint) return { kind: 'reused' };
      try {
        if (known) return { kind: 'done', value: (await known.result) as T };
      } catch (error) {
        if (error instanceof NotDone) return error.done;
        if (!keep.own(error)) throw error;
        return this.run(key, fingerprint, work, keep);
      }
      const result = shared(key, fingerprint, work, keep);
      kept.set(key, { fingerprint, result });
      try {
        const value = await result;
        if (!keep.value(value)) kept.delete(key);
        return { kind: 'done', value };
      } catch (error) {
        if (error instanceof NotDone || !keep.error(error)) kept.delete(key);
        if (error instanceof NotDone) return error.done;
        throw error;
      }
    },
  };
}

interface Work<T> {
  readonly work: () => Promise<T>;
  readonly keep: Keep<T>;
}

/** Claims the key, or waits for the server that has. */
async function runShared<T extends object>(
  store: Store,
  key: string,
  options: ClaimOptions,
  work: Work<T>,
): Promise<T> {
  for (let polls = 0; ; polls += 1) {
    const claim = await store.onceKeys.claim(key, options).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailable)) throw error;
      throw new NotDone({ kind: 'unavailable', isUnderWay: polls > 0 });
    });
    if (claim.state === 'mine') return doClaimed(store, key, options, work);
    if (claim.state === 'done') return resultOf<T>(fromText(claim.result));
    if (claim.state !== 'busy') throw new NotDone({ kind: claim.state });
    await delay(Math.min(POLL_MS * (polls + 1), MAX_POLL_MS));
  }
}

async function doClaimed<T extends object>(
  { onceKeys }: Store,
  key: string,
  options: ClaimOptions,
  { work, keep }: Work<T>,
): Promise<T> {
  const renewal = setInterval(() => onceKeys.renew(key, options).catch(() => {}), LEASE_MS / 4).unref();
  // Where the store cannot be reached by now, other servers hear that the outcome is unknown.
  const end = (outcome: WorkOutcome | undefined) =>
    (outcome ? onceKeys.complete(key, options, toText(outcome)) : onceKeys.free(key, options)).catch(() => {});
  try {
    const value = await work();
    clearInterval(renewal);
    await end(keep.value(value) ? { value } : undefined);
    return value;
  } catch (error) {
    clearInterval(renewal);
    await end(keep.error(error) ? { error } : undefined);
    throw error;
  }
}

/** Work of another server returns and fails as if it had been done here. */
function resultOf<T extends object>(outcome: WorkOutcome): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.value as T;
}

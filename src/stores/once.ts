import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { fromText, toText, type WorkOutcome } from './outcome-text.ts';
import { type ClaimOptions, type Store, StoreUnavailable } from './store.ts';

/**
 * The outcome of work that must be done once. `reused`: the key was used for something else. `lost`: a server stopped in the
 * middle of it, so the outcome is unknown. `unavailable`: it was not begun here, because the shared keys cannot be reached; it may
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
   * wait for the work. The result is stored if `keep` allows it. Otherwise the key is free again. An unfinished result is the
   * start of the next attempt with the key.
   */
  run<T extends object>(key: string, fingerprint: string, work: Work<T>, keep: Keep<T>): Promise<Done<T>>;
}

type Work<T> = (progress: Progress<T>) => Promise<T>;

/** The progress of work that can be continued. */
export interface Progress<T> {
  /** The point that the last attempt reached before it ended or its server stopped. Undefined for the first attempt. */
  readonly last: T | undefined;
  /** Keeps what is done so far. */
  save(done: T): Promise<void>;
}

/** Which results are returned again. */
export interface Keep<T> {
  readonly value: (value: T) => boolean;
  readonly error: (error: unknown) => boolean;
  /** Failures that concern only the caller who began, such as an abort: those who waited do the work themselves. */
  readonly own: (error: unknown) => boolean;
  /** True for results from which another attempt can go on. Given only for work that saves its progress. */
  readonly isUnfinished?: (value: T) => boolean;
}

interface OnceOptions {
  /** The store through which keys are shared with other servers. */
  readonly store?: Store | undefined;
  /** Separates credentials: nobody reads the results of another one by guessing a key. */
  readonly scope?: string;
  /** Lifetime of a result, in milliseconds. A day by default. */
  readonly forMs?: number;
  /** The number of keys kept in this process. The least recently used go first. */
  readonly max?: number;
}

/** Seconds after which to retry what needs other servers that cannot be reached. */
export const RETRY_SECONDS = 5;

/** Time for which a server may be silent before its work counts as lost. */
const LEASE_MS = 10_000;

/** Delays before looking for the result of work on another server, each a little longer. */
const POLL_MS = 50;
const MAX_POLL_MS = 500;

interface Kept {
  readonly fingerprint: string;
  readonly result: Promise<object>;
  /** The point at which the next attempt continues. */
  readonly last?: object | undefined;
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
  return {
    async run<T extends object>(key: string, fingerprint: string, work: Work<T>, keep: Keep<T>) {
      const known = kept.get(key);
      if (known && known.fingerprint !== fingerprint) return { kind: 'reused' };
      try {
        if (known && !known.last) return { kind: 'done', value: (await known.result) as T };
      } catch (error) {
        if (error instanceof NotDone) return error.done;
        if (!keep.own(error)) throw error;
        return this.run(key, fingerprint, work, keep);
      }
      const attempt = new Attempt(work, keep, known?.last as T | undefined);
      const claim = { fingerprint, owner, leaseMs: LEASE_MS, keepMs: forMs };
      const result = store ? runShared(store, `${scope}\n${key}`, claim, attempt) : attempt.start();
      kept.set(key, { fingerprint, result });
      const settle = (last: T | undefined, isKept: boolean): void => {
        if (last) kept.set(key, { fingerprint, result, last });
        else if (!isKept) kept.delete(key);
      };
      try {
        const value = await result;
        settle(attempt.lastAfter(value), keep.value(value));
        return { kind: 'done', value };
      } catch (error) {
        if (!(error instanceof NotDone)) {
          settle(attempt.lastAfterFailure(error), keep.error(error));
          throw error;
        }
        settle(attempt.last, false);
        return error.done;
      }
    },
  };
}

/** One attempt at the work of a key. */
class Attempt<T> {
  readonly keep: Keep<T>;
  /** The point at which it continues. */
  last: T | undefined;
  /** Its progress. */
  saved: T | undefined;
  readonly #work: Work<T>;

  constructor(work: Work<T>, keep: Keep<T>, last: T | undefined) {
    this.#work = work;
    this.keep = keep;
    this.last = last;
  }

  start(share?: (done: T) => Promise<void>): Promise<T> {
    const save = async (done: T): Promise<void> => {
      this.saved = done;
      await share?.(done);
    };
    return this.#work({ last: this.last, save });
  }

  /** The point at which another attempt continues after this result. Undefined if nothing is left. */
  lastAfter(value: T): T | undefined {
    if (!this.keep.value(value)) return this.last;
    return this.keep.isUnfinished?.(value) ? value : undefined;
  }

  /** The point at which another attempt continues after this failure. A failure that changed nothing leaves things as they were. */
  lastAfterFailure(error: unknown): T | undefined {
    return this.keep.error(error) ? this.saved : this.last;
  }
}

/** Claims the key, or waits for the server that has. */
async function runShared<T extends object>(
  store: Store,
  key: string,
  claim: ClaimOptions,
  attempt: Attempt<T>,
): Promise<T> {
  const progress = attempt.keep.isUnfinished && sharedProgress<T>(store, key, claim);
  let options = claim;
  for (let polls = 0; ; polls += 1) {
    const claimed = await orUnavailable(() => store.onceKeys.claim(key, options), polls > 0);
    if (claimed.state === 'mine') {
      attempt.last = (await orUnavailable(async () => progress?.read(), true)) ?? attempt.last;
      return doClaimed(store, key, claim, { attempt, progress });
    }
    if (claimed.state === 'done') return resultOf<T>(fromText(claimed.result));
    if (claimed.state === 'busy') await delay(Math.min(POLL_MS * (polls + 1), MAX_POLL_MS));
    else if (claimed.state === 'reused' || options.takesOver) throw new NotDone({ kind: claimed.state });
    else if (await orUnavailable(async () => progress?.read(), true)) options = { ...claim, takesOver: true };
    else throw new NotDone({ kind: 'lost' });
  }
}

async function orUnavailable<T>(ask: () => Promise<T>, isUnderWay: boolean): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new NotDone({ kind: 'unavailable', isUnderWay });
  }
}

interface SharedProgress<T> {
  read(): Promise<T | undefined>;
  save(done: T): Promise<void>;
}

/** Progress that another server can go on from. Another request with the same key does not see it. */
function sharedProgress<T extends object>(
  { entries }: Store,
  key: string,
  { fingerprint, keepMs }: ClaimOptions,
): SharedProgress<T> {
  const name = `progress ${key} ${fingerprint}`;
  return {
    async read() {
      const entry = await entries.get<string>(name);
      return entry && resultOf<T>(fromText(entry.value));
    },
    save: (done) => entries.set(name, toText({ value: done }), keepMs),
  };
}

interface Claimed<T> {
  readonly attempt: Attempt<T>;
  readonly progress: SharedProgress<T> | undefined;
}

async function doClaimed<T extends object>(
  { onceKeys }: Store,
  key: string,
  options: ClaimOptions,
  { attempt, progress }: Claimed<T>,
): Promise<T> {
  const { keep } = attempt;
  const renewal = setInterval(() => onceKeys.renew(key, options).catch(() => {}), LEASE_MS / 4).unref();
  // Without a lease, the next attempt takes the key over and goes on.
  const leave = () => onceKeys.renew(key, { ...options, leaseMs: 0 });
  const end = async (outcome: WorkOutcome, { last, isKept }: { last: T | undefined; isKept: boolean }) => {
    clearInterval(renewal);
    const step = last
      ? (progress?.save(last) ?? Promise.resolve()).then(leave)
      : isKept
        ? onceKeys.complete(key, options, toText(outcome))
        : onceKeys.free(key, options);
    // Where the store cannot be reached by now, other servers hear that the outcome is unknown.
    await step.catch(() => {});
  };
  try {
    const value = await attempt.start(progress && ((done) => progress.save(done).catch(() => {})));
    await end({ value }, { last: attempt.lastAfter(value), isKept: keep.value(value) });
    return value;
  } catch (error) {
    await end({ error }, { last: attempt.lastAfterFailure(error), isKept: keep.error(error) });
    throw error;
  }
}

/** Work of another server returns and fails as if it had been done here. */
function resultOf<T extends object>(outcome: WorkOutcome): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.value as T;
}

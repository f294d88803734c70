import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, ReadRequest } from '../freshsales/response-cache.ts';
import type { Invalidation } from '../freshsales/writes.ts';
import { type Lock, type Store, StoreUnavailable } from '../stores/store.ts';
import type { Changes } from './invalidation.ts';
import { type CachedResponse, variantOf } from './responses.ts';

/** A response that another server read. */
interface SharedResponse {
  readonly answer: Answer;
  /** The request of that server. */
  readonly request: ReadRequest;
  readonly readAt: number;
  readonly position: number;
}

/** A response, or the task of making the call while other servers wait. */
interface Search<T> {
  readonly found?: T;
  /** Shares the response. */
  publish(response: CachedResponse): Promise<void>;
  /** Reports that the call failed, so that another server may try. */
  giveUp(): Promise<void>;
}

interface SearchOptions<T> {
  /** Extracts the requested data from a response; undefined if the response lacks it. */
  readonly accept: (response: SharedResponse) => T | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A response as it is stored. */
interface StoredResponse {
  readonly request: ReadRequest;
  readonly answer: Answer;
  /** Time to live when it was read. */
  readonly goodForMs: number;
  /** Position of the change log before the call. */
  readonly log: string;
  readonly number: number;
}

/** The latest writes of all servers. A log that was lost restarts under another id. */
interface ChangeLog {
  readonly id: string;
  /** The number of the last change. */
  readonly last: number;
  readonly changes: readonly Invalidation[];
}

/** Number of changes kept. A server that missed more drops its cache. */
const MAX_CHANGES = 50;

/** Longer than any response is kept. */
const LOG_MS = 7 * 86_400_000;

/** Cached variants of one request, which differ in page and includes. */
const MAX_VARIANTS = 50;

/** Interval between checks for the response to another server's call. */
const POLL_MS = 40;

/** Delay before announcing a change again after a failure. */
const RETRY_MS = 1000;

/** Each change log uses its own range of positions, so that positions never repeat. */
const RANGE = 1e12;

const LOG = 'change log';

/** Responses, changes and calls in flight that all servers share. While the store is unavailable, each server works alone. */
export class SharedResponses {
  readonly #store: Store;
  readonly #changes: Changes;
  readonly #now: () => number;
  #log = '';
  #version = '';
  #range = 0;
  #number = 0;
  #syncing: Promise<void> | undefined;
  /** True if a change of this server has not been announced. */
  #isUnannounced = false;

  constructor(store: Store, changes: Changes, now: () => number) {
    this.#store = store;
    this.#changes = changes;
    this.#now = now;
  }

  /** Reads the changes of other servers. Required before a response is used. Concurrent callers share one read. */
  sync(): Promise<void> {
    this.#syncing ??= Promise.resolve().then(() => {
      this.#syncing = undefined;
      return this.#pull().catch(whileUnavailable);
    });
    return this.#syncing;
  }

  async invalidate(change: Invalidation): Promise<void> {
    try {
      const append = (log: ChangeLog = newLog()): ChangeLog => ({
        ...log,
        last: log.last + 1,
        changes: [...log.changes, change].slice(-MAX_CHANGES),
      });
      await this.#update(append);
    } catch (error) {
      whileUnavailable(error);
      this.#changes.add(change);
      this.#isUnannounced = true;
      this.#resetLater();
    }
  }

  async find<T>(scope: string, request: ReadRequest, { accept, signal }: SearchOptions<T>): Promise<Search<T>> {
    const name = `${scope}\n${request.name}`;
    try {
      for (;;) {
        const found = await this.#look(name, request, accept);
        if (found !== undefined) return { found, publish: async () => {}, giveUp: async () => {} };
        const lock = await this.#store.lock(`call ${name}\n${variantOf(request)}`);
        if (lock) return this.#lead(name, lock);
        await delay(POLL_MS, undefined, { signal });
      }
    } catch (error) {
      whileUnavailable(error);
      return { publish: async () => {}, giveUp: async () => {} };
    }
  }

  async #look<T>(name: string, wanted: ReadRequest, accept: SearchOptions<T>['accept']): Promise<T | undefined> {
    const variants = (await this.#store.entries.get<readonly string[]>(`variants ${name}`))?.value ?? [];
    for (const variant of variants.filter((each) => mayCover(each, wanted))) {
      const entry = await this.#store.entries.get<StoredResponse>(`response ${name}\n${variant}`);
      if (!entry || entry.value.log !== this.#log) continue;
      const { request, answer, goodForMs, number } = entry.value;
      // Clocks differ between servers, so the age is computed from the remaining time to live.
      const readAt = this.#now() - Math.max(0, goodForMs - entry.leftMs);
      const found = accept({ answer, request, readAt, position: this.#position(number) });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #lead<T>(name: string, lock: Lock): Search<T> {
    const giveUp = () => lock.release().catch(whileUnavailable);
    return {
      giveUp,
      publish: async (response) => {
        await this.#keep(name, response).catch(whileUnavailable);
        await giveUp();
      },
    };
  }

  async #keep(name: string, { request, answer, readAt, position, goodForMs }: CachedResponse): Promise<void> {
    const leftMs = Math.floor(readAt + goodForMs - this.#now());
    const number = position - this.#position(0);
    if (leftMs <= 0 || number < 0) return;
    const variant = variantOf(request);
    const stored: StoredResponse = { request, answer, goodForMs, log: this.#log, number };
    const { entries } = this.#store;
    await entries.set(`response ${name}\n${variant}`, stored, leftMs);
    await entries.update<readonly string[], void>(`variants ${name}`, goodForMs, (known = []) => ({
      value: [variant, ...known.filter((each) => each !== variant)].slice(0, MAX_VARIANTS),
      result: undefined,
    }));
  }

  async #pull(): Promise<void> {
    // All servers drop their cache, which may be older than a change that was not announced.
    if (this.#isUnannounced) await this.#update(newLog);
    const entry = await this.#store.entries.getUnless<ChangeLog>(LOG, this.#version);
    if (entry === 'unchanged') return;
    if (entry) this.#apply(entry.value, entry.version);
    else await this.#update((log = newLog()) => log);
  }

  async #update(change: (log: ChangeLog | undefined) => ChangeLog): Promise<void> {
    const { result, version } = await this.#store.entries.update<ChangeLog, ChangeLog>(LOG, LOG_MS, (log) => {
      const value = change(log);
      return { value, result: value };
    });
    this.#isUnannounced = false;
    this.#apply(result, version);
  }

  #apply({ id, last, changes }: ChangeLog, version: string): void {
    // Ignore a reply that arrives after a later one.
    if (id === this.#log && last < this.#number) return;
    this.#version = version;
    const known = id === this.#log ? this.#number : -1;
    if (known < last - changes.length) {
      this.#log = id;
      this.#range += 1;
      this.#changes.restart(this.#position(last));
    } else
      for (const [index, change] of changes.entries()) {
        const number = last - changes.length + index + 1;
        if (number > known) this.#changes.add(change, this.#position(number));
      }
    this.#number = last;
  }

  #resetLater(): void {
    setTimeout(async () => {
      await this.sync();
      if (this.#isUnannounced) this.#resetLater();
    }, RETRY_MS).unref();
  }

  #position(number: number): number {
    return this.#range * RANGE + number;
  }
}

const newLog = (): ChangeLog => ({ id: randomUUID(), last: 0, changes: [] });

function whileUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}

/** True if a response of this variant may contain the requested one, judging by its includes. */
function mayCover(variant: string, { include }: ReadRequest): boolean {
  const names = variant.slice(variant.indexOf(' ') + 1).split(',');
  return include.every((name) => names.includes(name));
}

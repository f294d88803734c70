import { setTimeout as delay } from 'node:timers/promises';
import { type Lock, type Store, StoreUnavailable } from './store.ts';

/** Does one piece of work per key at a time: in this process and, with a store, on all servers. */
export interface Exclusive {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Delays before trying for a lock again, each a little longer. */
const POLL_MS = 20;
const MAX_POLL_MS = 250;

/** Longer than a read and a write may take. */
const MAX_WAIT_MS = 90_000;

export function createExclusive(store?: Store): Exclusive {
  const queues = new Map<string, Promise<unknown>>();
  return {
    async run<T>(key: string, work: () => Promise<T>): Promise<T> {
      const before = queues.get(key) ?? Promise.resolve();
      const turn = before.then(() => withLock(store, key, work));
      // The next in the queue does not care how this one ends.
      const end = turn.catch(() => {});
      queues.set(key, end);
      try {
        return await turn;
      } finally {
        if (queues.get(key) === end) queues.delete(key);
      }
    },
  };
}

async function withLock<T>(store: Store | undefined, key: string, work: () => Promise<T>): Promise<T> {
  const lock = store && (await lockOf(store, key));
  try {
    return await work();
  } finally {
    await lock?.release().catch(() => {});
  }
}

/** Waits for the lock. Undefined if the store cannot be reached: the work is then exclusive in this process only. */
async function lockOf(store: Store, key: string): Promise<Lock | undefined> {
  const end = performance.now() + MAX_WAIT_MS;
  for (let polls = 1; performance.now() < end; polls += 1) {
    try {
      const lock = await store.lock(key);
      if (lock) return lock;
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      throw error;
    }
    await delay(Math.min(POLL_MS * polls, MAX_POLL_MS));
  }
  return undefined;
}

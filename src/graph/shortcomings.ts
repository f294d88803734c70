import { LRUCache } from 'lru-cache';
import type { Context } from '../context.ts';

/** What an account was seen not to do, so that it is not tried again in vain. */
export interface Shortcomings {
  has(what: string): boolean;
  add(what: string): void;
}

/** It may be otherwise by then: a plan was changed, or a right was given. */
const HOUR_MS = 3_600_000;

const seen = new WeakMap<object, LRUCache<string, true>>();

/** Those of the operation's account, as its API key and its caller see it: another one may be allowed more. */
export function shortcomingsOf({ once, caller }: Context): Shortcomings {
  // There is one `once` for each key, and it lives as long as the key is used.
  const all = seen.get(once) ?? new LRUCache<string, true>({ max: 10_000, ttl: HOUR_MS });
  seen.set(once, all);
  const keyOf = (what: string) => `${caller?.name ?? ''} ${what}`;
  return { has: (what) => all.has(keyOf(what)), add: (what) => void all.set(keyOf(what), true) };
}

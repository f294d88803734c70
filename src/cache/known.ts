import type { Known } from '../freshsales/memory.ts';

export type { Known } from '../freshsales/memory.ts';

export const NOTHING_KNOWN: Known = { isKnown: () => false, mayBeKnown: () => false, list: () => undefined };

/** Calls that one operation saved. */
export interface Savings {
  /** Calls answered from the cache. */
  readonly saved: number;
}

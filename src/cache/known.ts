import type { Known } from '../freshsales/memory.ts';

export type { Known } from '../freshsales/memory.ts';

export const NOTHING_KNOWN: Known = { isKnown: () => false, mayBeKnown: () => false, list: () => undefined };

/** What one operation did not have to ask for. */
export interface Savings {
  /** Calls that were answered from what was known. */
  readonly saved: number;
}

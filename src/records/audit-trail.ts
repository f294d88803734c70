import type { Action } from '../freshsales/writes.ts';

/** A column that a write changed, as far as it is known without another call. */
export interface Change {
  /** Name in GraphQL: `stage`, `jobTitle`. */
  readonly field: string;
  readonly from?: string | number | boolean | null | undefined;
  readonly to?: string | number | boolean | null | undefined;
}

/** The result of one write. */
export interface AuditedWrite {
  /** GraphQL type name of the record. */
  readonly type: string;
  readonly action: Action;
  /** Freshsales id, or the ids of a bulk write. Undefined if no record was created. */
  readonly id?: string | readonly string[] | undefined;
  /** Display name of the record, if known. */
  readonly name?: string | undefined;
  readonly changes?: readonly Change[] | undefined;
  /** `unknown`: there was no answer, and the write may have been done. `unseen`: not sent, because the caller may not see a record it names. */
  readonly outcome: 'done' | 'refused' | 'unknown' | 'unseen';
}

/** Records that a query found by other means than their ids. */
export interface FoundRecords {
  /** GraphQL type name. */
  readonly type: string;
  readonly ids: readonly string[];
  readonly by: 'lookup' | 'search';
}

/** Collects what one operation wrote and found, for the audit log. */
export interface AuditTrail {
  readonly writes: AuditedWrite[];
  readonly found: FoundRecords[];
}

export const createAuditTrail = (): AuditTrail => ({ writes: [], found: [] });

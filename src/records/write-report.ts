import type { Action } from '../freshsales/writes.ts';

/** A column that a write changed, as far as it is known without another call. */
export interface ChangedColumn {
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
  readonly changes?: readonly ChangedColumn[] | undefined;
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

/** A problem with the input that the caller can correct. */
export interface UserError {
  /** Path into the mutation's arguments. Null if Freshsales does not name a field. */
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly code: 'INVALID' | 'REQUIRED' | 'NOT_UNIQUE' | 'NOT_FOUND' | 'NOT_AVAILABLE' | 'IGNORED' | 'CONFLICT';
}

/** A column that a write would change. */
export interface PreviewedChange {
  /** Name in GraphQL. */
  readonly field: string;
  /** Omitted if the record cannot be read. */
  readonly from?: unknown;
  readonly to: unknown;
}

/** The effect of one mutation field. */
interface PreviewedWrite {
  /** Response path of the field. */
  readonly path: readonly (string | number)[];
  /** The call to Freshsales. Omitted if user errors prevent it, or if the record is already as wanted. */
  readonly call?: {
    readonly method: string;
    readonly path: string;
    readonly include: readonly string[];
    readonly body: unknown;
  };
  /** Minimum number of calls. */
  readonly calls: number;
  /** The record before the change. */
  readonly record?: { readonly id: string; readonly name: string | null };
  readonly changes: readonly PreviewedChange[];
  /** Problems that are known before the call. Freshsales may find more. */
  readonly userErrors: readonly UserError[];
}

/** Collects what the mutations of an operation would write. */
export interface Preview {
  readonly writes: PreviewedWrite[];
  /** Set where mutations that ran before with their idempotency key return their stored results, and counts them. */
  readonly repeats?: { count: number };
}

import type { Action } from '../../freshsales/change.ts';

/** One column that a write changed, as far as it is known without another call. */
export interface Change {
  /** In GraphQL names: `stage`, `jobTitle`. */
  readonly field: string;
  readonly from?: string | number | boolean | null | undefined;
  readonly to?: string | number | boolean | null | undefined;
}

/** What became of one write. */
export interface AuditedWrite {
  /** GraphQL type name of the record. */
  readonly type: string;
  readonly action: Action;
  /** Freshsales' id, or the ids of a bulk write; nothing where a record was to be made and was not. */
  readonly id?: string | readonly string[] | undefined;
  /** What the record is called, when that is known. */
  readonly name?: string | undefined;
  readonly changes?: readonly Change[] | undefined;
  /** `unknown`: no answer came, and it may have been done. `unseen`: it named a record that the caller does not see, and was not sent. */
  readonly outcome: 'done' | 'refused' | 'unknown' | 'unseen';
}

/** Records that were found, and not asked for by their ids. */
export interface Found {
  /** GraphQL type name. */
  readonly type: string;
  readonly ids: readonly string[];
  /** What found them. */
  readonly by: 'lookup' | 'search';
}

/** Where the writing side says what it did, for whoever keeps account of it. */
export interface AuditTrail {
  note(deed: AuditedWrite): void;
  readonly writes: readonly AuditedWrite[];
  name(found: Found): void;
  readonly found: readonly Found[];
}

/** One for each operation. */
export function createAuditTrail(): AuditTrail {
  const writes: AuditedWrite[] = [];
  const found: Found[] = [];
  return { writes, found, note: (deed) => void writes.push(deed), name: (each) => void found.push(each) };
}

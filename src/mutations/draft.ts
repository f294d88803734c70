import type { Reference } from '../freshsales/change.ts';

/** Columns to send to Freshsales. */
export type Columns = Record<string, unknown>;

/** The most problems reported for one record. Freshsales' forms have fewer fields. */
const MAX_PROBLEMS = 100;

/** A problem that the caller can fix. */
export interface Problem {
  /** Path in the mutation's arguments. Null if Freshsales does not say. */
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly code: 'INVALID' | 'REQUIRED' | 'NOT_UNIQUE' | 'NOT_FOUND';
}

/** The columns that a mutation will send, and the problems found so far. */
export class Draft {
  readonly columns: Columns = {};
  /** The identifier of an upsert. */
  readonly identifier: Columns = {};
  /** Path of each writable column in the arguments, sent or not. */
  readonly paths = new Map<string, readonly string[]>();
  readonly problems: Problem[] = [];
  /** Includes that this write always requests. */
  readonly include = new Set<string>();
  /** Other records that the input refers to. */
  readonly mentions: Reference[] = [];

  refuse(field: readonly string[], message: string, code: Problem['code'] = 'INVALID'): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ field, message, code });
    else if (this.problems.length === MAX_PROBLEMS)
      this.problems.push({ field: null, message: 'More values are not valid. Correct these first.', code });
  }
}

/** A column that a write would change. */
export interface PreviewedChange {
  /** GraphQL field name. */
  readonly field: string;
  /** Omitted if the record cannot be read. */
  readonly from?: unknown;
  readonly to: unknown;
}

/** The preview of one mutation field. */
export interface PreviewedWrite {
  /** Path of the field in the response. */
  readonly path: readonly (string | number)[];
  /** The request. Absent if there are problems. */
  readonly call?: {
    readonly method: string;
    readonly path: string;
    readonly include: readonly string[];
    readonly body: unknown;
  };
  /** The fewest calls. */
  readonly calls: number;
  /** The current record. */
  readonly record?: { readonly id: string; readonly name: string | null };
  readonly changes: readonly PreviewedChange[];
  /** Known problems. Freshsales may find more. */
  readonly userErrors: readonly Problem[];
}

/** Collects the writes of an operation instead of sending them. */
export interface Preview {
  readonly writes: PreviewedWrite[];
}

export const createPreview = (): Preview => ({ writes: [] });

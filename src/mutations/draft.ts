import type { Reference } from '../freshsales/change.ts';

/** Columns on their way to Freshsales. */
export type Columns = Record<string, unknown>;

/** Problems that one record is told of. Freshsales' forms have fewer fields. */
const MAX_PROBLEMS = 100;

/** Something about the input that the caller can put right. */
export interface Problem {
  /** The path into the mutation's arguments; null where Freshsales does not tell. */
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly code: 'INVALID' | 'REQUIRED' | 'NOT_UNIQUE' | 'NOT_FOUND';
}

/** What a mutation is about to send, and what is wrong with it already. */
export class Draft {
  readonly columns: Columns = {};
  /** What an upsert finds the record by. */
  readonly identifier: Columns = {};
  /** Where each column stands in the arguments of the mutation, sent or not. */
  readonly paths = new Map<string, readonly string[]>();
  readonly problems: Problem[] = [];
  /** Relations that this write has to ask for, whatever is selected. */
  readonly include = new Set<string>();
  /** Other records that the input names. */
  readonly mentions: Reference[] = [];

  refuse(field: readonly string[], message: string, code: Problem['code'] = 'INVALID'): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ field, message, code });
    else if (this.problems.length === MAX_PROBLEMS)
      this.problems.push({ field: null, message: 'More values are not valid. Correct these first.', code });
  }
}

/** A column that a write would change. */
export interface PreviewedChange {
  /** In GraphQL names. */
  readonly field: string;
  /** Left out where the record cannot be read. */
  readonly from?: unknown;
  readonly to: unknown;
}

/** What one mutation field would do. */
export interface PreviewedWrite {
  /** Where the field stands in the answer. */
  readonly path: readonly (string | number)[];
  /** What would be sent. Absent where it would not be, because of the problems. */
  readonly call?: {
    readonly method: string;
    readonly path: string;
    readonly include: readonly string[];
    readonly body: unknown;
  };
  /** How many calls it would take at the least. */
  readonly calls: number;
  /** The record it is about, as it is now. */
  readonly record?: { readonly id: string; readonly name: string | null };
  readonly changes: readonly PreviewedChange[];
  /** What can be seen to be wrong already; Freshsales may find more. */
  readonly userErrors: readonly Problem[];
}

/** Gathers what an operation would write, in place of writing it. */
export interface Preview {
  readonly writes: PreviewedWrite[];
}

export const createPreview = (): Preview => ({ writes: [] });

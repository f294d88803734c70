import type { Reference } from '../freshsales/change.ts';
import type { Problem } from './user-error.ts';

/** Columns on their way to Freshsales. */
export type Columns = Record<string, unknown>;

/** Problems that one record is told of. Freshsales' forms have fewer fields. */
const MAX_PROBLEMS = 100;

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

import type { Table } from '../../freshsales/resource.ts';
import { type Account, API_USER, type Columns } from '../account.ts';
import { stamp } from '../clock.ts';
import { noteWritten } from '../indexing.ts';
import { insertRow } from '../put.ts';
import type { Row } from '../store.ts';
import { Draft } from './draft.ts';
import { read } from './read.ts';
import { rulesOf } from './rules-of.ts';

/** What became of a write: the record as it is now, or all that was wrong. */
export type Written = { readonly row: Row; readonly before?: Row } | { readonly problems: readonly string[] };

/** Makes a record of the attributes that were sent. */
export function createRecord(account: Account, table: Table, given: Columns): Written {
  const draft = worked(new Draft(account, table, given));
  if (draft.problems.length > 0) return draft;
  const row = insertRow(account, table, { ...draft.changes, id: draft.id });
  return settled(account, table, { row });
}

/** Changes what was sent and leaves all else alone. */
export function updateRecord(account: Account, table: Table, before: Row, given: Columns): Written {
  const draft = worked(new Draft(account, table, given, before));
  if (draft.problems.length > 0) return draft;
  const stamped = {
    updated_at: stamp(account.now(), account.zone),
    ...('updater_id' in before && { updater_id: API_USER }),
  };
  const row = account.store.of(table.name).insert({ ...before, ...stamped, ...draft.changes, id: before.id });
  return settled(account, table, { row, before });
}

/** Casts the columns, and takes the steps of the record type. */
function worked(draft: Draft): Draft {
  const { columns, steps } = rulesOf(draft.table.name);
  for (const [column, cast] of Object.entries(columns)) {
    const value = read(draft, column, cast);
    if (value !== undefined) draft.set({ [column]: value });
  }
  for (const step of steps) step(draft);
  return draft;
}

/** Lets the neighbours and the search index take notice. */
function settled(account: Account, table: Table, written: { row: Row; before?: Row }): Written {
  const { row, before } = written;
  noteWritten(account, table.name, before, row.id);
  rulesOf(table.name).settle?.(account, before, row);
  // Telling a neighbour may have changed the record itself.
  return { ...written, row: account.store.of(table.name).get(row.id) ?? row };
}

import type { Table } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import type { Row } from '../store.ts';
import { rowOf } from './draft.ts';
import { identifierIn, upsertRecord } from './upsert.ts';
import { updateRecord, type Written } from './write.ts';

/** Maximum number of rows in one job. */
export const MOST_ROWS = 100;

/** The existing records among the ids, without duplicates; `undefined` if these are not ids. */
export function rowsOf(account: Account, table: Table, ids: unknown): readonly Row[] | undefined {
  if (!Array.isArray(ids) || ids.length === 0) return undefined;
  return [...new Set(ids.flatMap((id: unknown) => rowOf(account, table.name, id) ?? []))];
}

/** Makes the same change to many records, all or none. */
export function updateAll(account: Account, table: Table, rows: readonly Row[], given: Columns): readonly string[] {
  const before = account.store.snapshot();
  const problems = rows.flatMap((row) => {
    const written = updateRecord(account, table, row, given);
    return 'problems' in written ? written.problems : [];
  });
  if (problems.length > 0) account.store.restore(before);
  return [...new Set(problems)];
}

/** Upserts row by row. Reports failed rows by their identifier. */
export function upsertAll(account: Account, table: Table, rows: readonly unknown[]): Columns[] {
  return rows.flatMap((row) => {
    const { data, ...identity } = isObject(row) ? row : {};
    const by = identifierIn(account, table.name, identity);
    const dropped = account.types.of(table.name)?.notInBulk ?? [];
    const given = Object.entries(isObject(data) ? data : {}).filter(([column]) => !dropped.includes(column));
    const written = by ? upsertRecord(account, table, by, Object.fromEntries(given)) : undefined;
    const error_message = problemsOf(written, by !== undefined);
    return error_message.length > 0 ? [{ ...(by ? { [by.key]: by.value } : identity), error_message }] : [];
  });
}

function problemsOf(written: Written | undefined, identified: boolean): readonly string[] {
  if (!identified) return ['Invalid or missing attributes'];
  if (!written) return ['Record not found'];
  return 'problems' in written ? written.problems : [];
}

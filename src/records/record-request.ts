import { includesToAsk, type Needs } from './needs.ts';
import type { RecordEntry } from './record-entries.ts';
import { missingIncludes, recordStoreOf, satisfies } from './record-store.ts';
import type { Operation, RecordType } from './record-type.ts';

/** A record that is wanted, and what of it. */
export interface RecordRequest {
  readonly id: string;
  readonly needs: Needs;
  /** What it may be found by, where no row of it has been seen. */
  readonly hints?: readonly string[];
}

/** Whether all that is wanted of the record is known. */
export const isThere = (context: Operation, recordType: RecordType, { id, needs }: RecordRequest): boolean =>
  satisfies(recordStoreOf(context).get(recordType, id), recordType, needs);

/** The columns and includes that are wanted of a record and not known. */
export const missingOf = (
  entry: RecordEntry | undefined,
  recordType: RecordType,
  { columns, includes }: Needs,
): readonly string[] =>
  entry?.gone ? [] : [...missingColumns(entry, columns), ...missingIncludes(entry, recordType, [...includes])];

/** The plain columns that are wanted of a record and not known. */
export const missingColumns = (entry: RecordEntry | undefined, columns: Needs['columns']): readonly string[] =>
  [...columns].filter((column) => !entry || !(column in entry.row || entry.whole));

/** Every include that a call for all of these should ask for. */
export const missingIncludesOf = (
  context: Operation,
  recordType: RecordType,
  wanted: readonly RecordRequest[],
): string[] => [
  ...new Set(
    wanted.flatMap(({ id, needs }) =>
      missingIncludes(recordStoreOf(context).get(recordType, id), recordType, includesToAsk(needs)),
    ),
  ),
];

/**
 * Whether an operation can try a way that may be in vain, and still read each record by itself. Where it could not even
 * without trying, it has nothing to lose. Calls that others made for it count as well, so that the same query takes the same
 * way whoever was first.
 */
export function affords({ budget, trace }: Operation, records: number, calls: number): boolean {
  const left = budget.limit - trace.calls.length;
  return left >= records + calls || left < records;
}

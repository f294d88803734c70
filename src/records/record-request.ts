import { capabilitiesOf, isReadElsewhere } from './capabilities.ts';
import { includesToAsk, type Needs } from './needs.ts';
import { missingIncludes, type RecordEntry, recordStoreOf, satisfies } from './record-store.ts';
import type { Gap, Operation, RecordRequest, RecordType } from './record-type.ts';

/** Whether all that is wanted of the record is in the record store. */
export const isThere = (operation: Operation, recordType: RecordType, { id, needs }: RecordRequest): boolean =>
  satisfies(recordStoreOf(operation).get(recordType, id), recordType, needs);

/** Whether no call is needed: this operation has read all that is wanted, or others have a moment ago. */
export async function isKnown(operation: Operation, recordType: RecordType, request: RecordRequest): Promise<boolean> {
  if (isThere(operation, recordType, request)) return true;
  return operation.freshsales.recall(recordType, request.id, (remembered) =>
    remembered.some((answer) => {
      recordStoreOf(operation).learn(answer);
      return isThere(operation, recordType, request);
    }),
  );
}

/** The columns and includes that are wanted of a record and not known. */
export const missingOf = (
  entry: RecordEntry | undefined,
  recordType: RecordType,
  { columns, includes }: Needs,
): readonly string[] =>
  entry?.absent ? [] : [...missingColumns(entry, columns), ...missingIncludes(entry, recordType, [...includes])];

/** The plain columns that are wanted of a record and not known. */
export const missingColumns = (entry: RecordEntry | undefined, columns: Needs['columns']): readonly string[] =>
  [...columns].filter((column) => !entry || !(column in entry.row || entry.whole));

/** What is missing of a record, and what it can be found by. */
export function gapOf(operation: Operation, recordType: RecordType, { id, needs, hints = [] }: RecordRequest): Gap {
  const entry = recordStoreOf(operation).get(recordType, id);
  return {
    missing: missingOf(entry, recordType, needs),
    has: (column) => hints.length > 0 || isText(entry?.row[column]),
  };
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Every include that a call for all of these should ask for. */
export const missingIncludesOf = (
  operation: Operation,
  recordType: RecordType,
  wanted: readonly RecordRequest[],
): string[] => [
  ...new Set(
    wanted.flatMap(({ id, needs }) =>
      missingIncludes(recordStoreOf(operation).get(recordType, id), recordType, includesToAsk(needs)),
    ),
  ),
];

/** The request without what a read of the record is known not to bring, where it is read elsewhere. */
export function readableParts(operation: Operation, recordType: RecordType, request: RecordRequest): RecordRequest {
  const { includes } = request.needs;
  const capabilities = capabilitiesOf(operation);
  const readable = [...includes].filter((name) => !isReadElsewhere(recordType, name, capabilities));
  return readable.length === includes.size
    ? request
    : { ...request, needs: { ...request.needs, includes: new Set(readable) } };
}

/**
 * Whether an operation can try a strategy that may bring nothing, and still read each record. Where it could not even without
 * trying, it has nothing to lose. Calls that others made for it count as well, so that the same query takes the same way
 * whoever was first.
 */
export function affords({ budget, trace }: Operation, records: number, calls: number): boolean {
  const left = budget.limit - trace.calls.length;
  return left >= records + calls || left < records;
}

import type { Table } from '../freshsales/resource.ts';
import { capabilitiesOf, isReadElsewhere } from './capabilities.ts';
import { missingIncludes, type RecordEntry, recordStoreOf, satisfies } from './record-store.ts';
import {
  type Gap,
  includesToAsk,
  type Needs,
  type Operation,
  type RecordRequest,
  type RecordType,
} from './record-type.ts';

/** True if everything that is needed of the record is in the record store. */
export const isThere = (operation: Operation, recordType: RecordType, { id, needs }: RecordRequest): boolean =>
  satisfies(recordStoreOf(operation).get(recordType, id), recordType, needs);

/** True if no call is needed, because the record store or the cache has everything. */
export async function isKnown(operation: Operation, recordType: RecordType, request: RecordRequest): Promise<boolean> {
  if (isThere(operation, recordType, request)) return true;
  return operation.freshsales.recall(recordType, request.id, (cached) =>
    cached.some((answer) => {
      recordStoreOf(operation).learn(answer);
      return isThere(operation, recordType, request);
    }),
  );
}

/** The missing columns and includes of a record. */
export const missingOf = (
  entry: RecordEntry | undefined,
  table: Table,
  { columns, includes }: Needs,
): readonly string[] =>
  entry?.absent ? [] : [...missingColumns(entry, columns), ...missingIncludes(entry, table, [...includes])];

/** The reason why all that is missing of a record could not be read. Undefined if some of it was not tried. */
export function failureOf(operation: Operation, table: Table, { id, needs }: RecordRequest): Error | undefined {
  const store = recordStoreOf(operation);
  if (!store.hasFailures) return undefined;
  const reasons = missingOf(store.get(table, id), table, needs).map((part) => store.failureOf(table, id, part));
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

/** The missing plain columns of a record. */
export const missingColumns = (entry: RecordEntry | undefined, columns: Needs['columns']): readonly string[] =>
  [...columns].filter((column) => !entry || !(column in entry.row || entry.whole));

/** The missing parts of a record, and the values by which it can be found. */
export function gapOf(
  operation: Operation,
  recordType: RecordType,
  { id, needs, searchValues = [] }: RecordRequest,
): Gap {
  const entry = recordStoreOf(operation).get(recordType, id);
  return {
    missing: missingOf(entry, recordType, needs),
    has: (column) => searchValues.length > 0 || isText(entry?.row[column]),
  };
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The includes that a call for all of these records requests. */
export const missingIncludesOf = (
  operation: Operation,
  recordType: RecordType,
  requests: readonly RecordRequest[],
): string[] => [
  ...new Set(
    requests.flatMap(({ id, needs }) =>
      missingIncludes(recordStoreOf(operation).get(recordType, id), recordType, includesToAsk(needs)),
    ),
  ),
];

/** The request without includes that a read of the record is known to ignore, and whose rows are read elsewhere. */
export function readableParts(operation: Operation, recordType: RecordType, request: RecordRequest): RecordRequest {
  const { includes } = request.needs;
  const capabilities = capabilitiesOf(operation);
  const readable = [...includes].filter((name) => !isReadElsewhere(recordType, name, capabilities));
  return readable.length === includes.size
    ? request
    : { ...request, needs: { ...request.needs, includes: new Set(readable) } };
}

/**
 * True if an operation can try a strategy that may bring nothing, and still read each record. If it could not read them anyway, it
 * has nothing to lose. Calls that other operations made for it count as well, so that a query takes the same path cold and warm.
 */
export function affords({ budget, trace }: Operation, records: number, calls: number): boolean {
  const left = budget.limit - trace.calls.length;
  return left >= records + calls || left < records;
}

import type { RecordAnswer } from '../../freshsales/answer.ts';
import { otherRecord } from '../../freshsales/errors.ts';
import { observeIncludes } from '../capabilities.ts';
import { toError } from '../errors.ts';
import { includesToAsk } from '../needs.ts';
import { isKnown, isThere, readableParts } from '../record-request.ts';
import { missingIncludes, recordStoreOf } from '../record-store.ts';
import {
  type Operation,
  type RecordRequest,
  type RecordType,
  readCall,
  relationOf,
  type StrategyOf,
} from '../record-type.ts';

/** Reads each record by its id. */
export const readOne = (): StrategyOf => (recordType) => ({
  name: 'read-one',
  applies: () => true,
  cost: ({ count }) => ({
    expected: count,
    atMost: count,
    wasted: 0,
    calls: [{ call: readCall(recordType), atMost: count, per: 'record' }],
  }),
  run: async (wanted, operation, { failures = new Map() } = {}) => {
    const readAll = (requests: readonly RecordRequest[]) =>
      Promise.all(
        requests.map((request) =>
          readInto(operation, recordType, request).catch((error: unknown) => {
            if (!isThere(operation, recordType, request)) failures.set(request.id, toError(error));
          }),
        ),
      );
    // A doubtful include is tried with one record first.
    const probe = wanted.find(({ needs }) => [...needs.includes].some((name) => relationOf(recordType, name).doubtful));
    if (probe) await readAll([probe]);
    await readAll(
      wanted
        .filter((each) => each !== probe)
        .map((each) => readableParts(operation, recordType, each))
        .filter((each) => each.fresh || !isThere(operation, recordType, each)),
    );
  },
});

/** Reads one record into the store, unless it is there. */
async function readInto(operation: Operation, recordType: RecordType, request: RecordRequest): Promise<void> {
  const { id, needs, fresh } = request;
  if (!fresh && (await isKnown(operation, recordType, request))) return;
  const entry = recordStoreOf(operation).get(recordType, id);
  const include = missingIncludes(fresh ? undefined : entry, recordType, includesToAsk(needs));
  const answer = await operation.freshsales.get(recordType, id, include);
  if (answer && answer.row.id !== id) throw otherRecord();
  if (answer) keepAnswer(operation, recordType, answer, include);
  else recordStoreOf(operation).put(recordType, { id }, false).absent = true;
}

/** Stores the answer to a read or write of one record, and learns which of the includes that it asked for came. */
export function keepAnswer(
  operation: Operation,
  recordType: RecordType,
  { row, sideloads }: RecordAnswer,
  include: readonly string[],
): void {
  const store = recordStoreOf(operation);
  store.keep(sideloads);
  const { asked } = store.put(recordType, row, row.partial !== true);
  for (const name of include) asked.add(name);
  observeIncludes(operation, recordType, readCall(recordType), { include, rows: [row] });
}

import { knowledgeOf } from './capabilities.ts';
import { toError } from './errors.ts';
import { union } from './needs.ts';
import { gapOf, isKnown, isThere, readableParts } from './record-request.ts';
import { isBinned, recordStoreOf } from './record-store.ts';
import type { FetchStrategy, Operation, RecordRequest, RecordType } from './record-type.ts';

/** Reads records into the record store in as few calls as possible. Returns errors by id. */
export async function readRecords(
  operation: Operation,
  recordType: RecordType,
  asked: readonly RecordRequest[],
): Promise<Map<string, Error>> {
  const failures = new Map<string, Error>();
  const requests = gathered(asked);
  const fresh = requests.filter((each) => each.fresh);
  const unknown = await unknownOf(operation, recordType, requests);
  await Promise.all([
    recordType.fetch.at(-1)?.run(fresh, operation, { failures }),
    fetchMissing(operation, recordType, unknown, { failures }),
  ]);
  return failures;
}

/** Each record once, with the union of its needs. */
function gathered(requests: readonly RecordRequest[]): RecordRequest[] {
  return [...new Set(requests.map(({ id }) => id))].map((id) => {
    const same = requests.filter((each) => each.id === id);
    const hints = [...new Set(same.flatMap((each) => each.hints ?? []))];
    return { id, hints, needs: union(same.map(({ needs }) => needs)), fresh: same.some(({ fresh }) => fresh) };
  });
}

/** The records that have to be read. A record in the recycle bin is only in its view. */
async function unknownOf(
  operation: Operation,
  recordType: RecordType,
  requests: readonly RecordRequest[],
): Promise<RecordRequest[]> {
  const readable = requests.filter(({ fresh }) => !fresh).map((each) => readableParts(operation, recordType, each));
  const known = await Promise.all(readable.map((each) => isKnown(operation, recordType, each).catch(() => false)));
  return readable.filter(({ id }, index) => {
    const entry = recordStoreOf(operation).get(recordType, id);
    return !known[index] && !(entry?.whole && isBinned(entry.row));
  });
}

interface FetchOptions {
  readonly strategies?: readonly FetchStrategy[];
  /** The reads that may be saved. By default, one for each record. */
  readonly saves?: number;
  /** Whether enough is known of a record. */
  readonly isDone?: (request: RecordRequest) => boolean;
  readonly failures?: Map<string, Error>;
}

/** Tries the strategies in order. What one does not bring is left to the next. */
export async function fetchMissing(
  operation: Operation,
  recordType: RecordType,
  wanted: readonly RecordRequest[],
  {
    strategies = recordType.fetch,
    saves,
    isDone = (request) => isThere(operation, recordType, request),
    failures = new Map(),
  }: FetchOptions = {},
): Promise<void> {
  const knowledge = knowledgeOf(operation);
  for (const strategy of strategies) {
    const left = wanted
      .map((each) => readableParts(operation, recordType, each))
      .filter((each) => !failures.has(each.id) && !isDone(each))
      .filter((each) => strategy.applies(gapOf(operation, recordType, each), knowledge));
    if (left.length === 0) continue;
    try {
      await strategy.run(left, operation, { failures, ...(saves !== undefined && { saves }) });
    } catch (error) {
      for (const each of left) if (!isDone(each)) failures.set(each.id, toError(error));
    }
  }
}

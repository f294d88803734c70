import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { getCall, MAX_WHOLE_PAGES } from '../freshsales/reads.ts';
import type { Identified, Lookup, Table } from '../freshsales/resource.ts';
import { callTemplate } from '../freshsales/transport.ts';
import { getOrInsert } from '../maps.ts';
import { all, andThen, isPromise, type MaybePromise } from '../maybe-promise.ts';
import { knowledgeOf } from './capabilities.ts';
import { toError } from './errors.ts';
import type { FieldCost } from './field-needs.ts';
import { failureOf, gapOf, isKnown, isThere, missingOf, readableParts } from './record-request.ts';
import { asRecord, isBinned, type RecordEntry, recordStoreOf, satisfies } from './record-store.ts';
import {
  type FetchStrategy,
  isLookup,
  isRecordType,
  type Needs,
  NOTHING,
  type Operation,
  type RecordRequest,
  type RecordType,
  union,
} from './record-type.ts';
import { BEYOND_A_PAGE } from './window.ts';

/** Loads records by id with everything in the needs, in as few calls as possible. Returns at once what is in the record store. */
interface Loader<R extends Identified> {
  /** Null if it does not exist. */
  load(id: string, needs: Needs): MaybePromise<R | null>;
  /** The rows of a list, in its order; null where a record does not exist any more, or has no id. A row of the recycle bin is only there. */
  listed(ids: readonly string[], needs: Needs): MaybePromise<(R | null)[]>;
  /** Records that another points to, in the order of the ids; null where one does not exist. */
  loadMany(ids: readonly string[], needs: Needs): MaybePromise<(R | null)[]>;
  /** A record that another points to, and values to find it by. If only its id is needed, it is assumed to exist. */
  refer(id: string, needs: Needs, searchValues?: readonly string[]): MaybePromise<R | null>;
  /** Reads the record again with these includes. */
  reload(id: string, needs: Needs): Promise<R | null>;
}

const loaders = createContextCache((_operation: Operation) => new Map<string, Loader<Identified>>());

/** The loader of a table: one for each operation. Its records are of the type of the table. */
export const loaderFor = <R extends Identified>(operation: Operation, table: Table<R>): Loader<R> =>
  getOrInsert(loaders(operation), table.name, () => createLoader(table, operation)) as Loader<Identified> as Loader<R>;

/** The most pages that a lookup may have beyond the first. */
export const furtherPagesOf = (lookup: Lookup | undefined): number => (lookup?.paged ? MAX_WHOLE_PAGES - 1 : 0);

const NO_SIDELOADS = {};

/** All rows of a lookup, in its order. */
export async function readList<R extends Identified>(operation: Operation, lookup: Lookup<R>): Promise<R[]> {
  const rows = await operation.freshsales.lookupRows(lookup);
  const store = recordStoreOf(operation);
  store.take(lookup, { rows, sideloads: NO_SIDELOADS });
  return rows.map((row) => asRecord(lookup, store.get(lookup, row.id)?.row ?? row));
}

/** Reads a whole lookup, once in an operation, and once in an hour. */
export const wholeLookup = <R extends Identified>(lookup: Lookup<R>) => ({
  cost: (): FieldCost[] => [{ calls: 1, list: lookup.list }],
  /** The cost of reading it again after a write. */
  costAfterWrite: (): FieldCost[] => {
    const call = callTemplate(getCall(lookup.list));
    return [
      { calls: 1, certain: 0, call },
      { calls: furtherPagesOf(lookup), needs: 0, call, when: BEYOND_A_PAGE, fallback: true },
    ];
  },
  run: (operation: Operation): Promise<R[]> => readList(operation, lookup),
});

/** Reads rows into the record store. Returns errors by id. */
async function read(
  table: Table,
  operation: Operation,
  requests: readonly RecordRequest[],
): Promise<ReadonlyMap<string, Error>> {
  if (isRecordType(table) && table.fetch.length > 0) return readRecords(operation, table, requests);
  if (!isLookup(table)) return new Map();
  const failures = failedLists(operation);
  const failure = failures.get(table.list) ?? (await readList(operation, table).then(() => undefined, toError));
  if (failure) failures.set(table.list, failure);
  return new Map(failure ? requests.map(({ id }) => [id, failure]) : []);
}

/** Lookups that could not be read. They are not tried again for each record that refers to them. */
const failedLists = createContextCache((_operation: Operation) => new Map<string, Error>());

/** Answers from the record store. What is missing is gathered into one batch. */
function createLoader<R extends Identified>(table: Table<R>, operation: Operation): Loader<R> {
  const store = recordStoreOf(operation);
  // What has to be known before this caller may see the record.
  const proof = operation.proofOf(table.name);
  const withProof = (wanted: Needs): Needs => union([wanted, proof]);
  // DataLoader only gathers. It does not cache, since a later load may need more of the same record.
  const batch = new DataLoader<RecordRequest, R | null>(
    async (requests) => {
      const failures = await read(table, operation, requests);
      return requests.map(({ id, needs, fresh }) => {
        const failure = failures.get(id);
        const entry = store.get(table, id);
        if (!failure) return shown(table, entry);
        store.fail(table, id, missingOf(entry, table, needs), failure);
        return (fresh ? null : partial(entry)) ?? failure;
      });
    },
    { cache: false },
  );
  /**
   * Gives an error where the answer becomes too large. A resolver must not throw it: of the rows of a list, graphql-js forgets the
   * promises that it has when a later row throws, and one of them that is rejected then ends the process.
   */
  const tooLarge = ({ columns, includes }: Needs, records = 1): Promise<never> | undefined => {
    const error = operation.addValues(records * (1 + columns.size + includes.size));
    return error && Promise.reject(error);
  };
  /** The known part of a record, if this caller may see it. Served if the rest cannot be read. */
  const partial = (entry: RecordEntry | undefined): R | null =>
    hasColumns(entry) && satisfies(entry, table, proof) ? shown(table, entry) : null;
  const fetch = (id: string, needs: Needs, values: readonly string[] = []): MaybePromise<R | null> => {
    const entry = store.get(table, id);
    if (satisfies(entry, table, needs)) return shown(table, entry);
    const failure = failureOf(operation, table, { id, needs });
    return failure ? (partial(entry) ?? Promise.reject(failure)) : batch.load({ id, needs, searchValues: values });
  };
  const unlisted = (id: string): R => asRecord(table, { id, __typename: table.name });
  /** A record that another one names by its id. It exists even if its list lacks it (a user who has left). */
  const named = (id: string, needs: Needs, values?: readonly string[]): MaybePromise<R | null> =>
    isLookup(table) ? andThen(fetch(id, needs, values), (found) => found ?? unlisted(id)) : fetch(id, needs, values);
  const refer = (id: string, wanted: Needs, values?: readonly string[]): MaybePromise<R | null> => {
    const refused = tooLarge(wanted);
    if (refused) return refused;
    const needs = withProof(wanted);
    if (needs.columns.size > 0 || needs.includes.size > 0) return named(id, needs, values);
    const entry = store.get(table, id);
    if (!entry && isLookup(table)) return unlisted(id);
    return shown(table, entry ?? store.put(table, { id }));
  };
  const many = (ids: readonly string[], wanted: Needs, one: typeof named): MaybePromise<(R | null)[]> => {
    const refused = tooLarge(wanted, ids.length);
    if (refused) return refused;
    const needs = withProof(wanted);
    const found = ids.map((id) => one(id, needs));
    // A restricted caller must not learn of a record whose owner is unknown.
    return proof === NOTHING ? withFailed(found, (index) => unlisted(ids[index] ?? '')) : all(found);
  };
  const listed = (id: string, needs: Needs): MaybePromise<R | null> => {
    const binned = store.get(table, id)?.absent === false ? undefined : store.binned(table, id);
    if (binned || id === '') return binned ? asRecord(table, binned) : null;
    return fetch(id, needs);
  };
  return {
    load: (id, wanted) => tooLarge(wanted) ?? fetch(id, withProof(wanted)),
    refer,
    listed: (ids, wanted) => many(ids, wanted, listed),
    loadMany: (ids, wanted) => many(ids, wanted, named),
    reload: (id, needs) => batch.load({ id, needs, fresh: true }),
  };
}

/** True if more than the id is known. */
const hasColumns = (entry: RecordEntry | undefined): entry is RecordEntry =>
  entry !== undefined && Object.keys(entry.row).some((key) => key !== 'id' && key !== '__typename');

const shown = <R extends Identified>(table: Table<R>, entry: RecordEntry | undefined): R | null =>
  entry && !entry.absent ? asRecord(table, entry.row) : null;

/** Reads records into the record store in as few calls as possible. Returns errors by id. */
async function readRecords(
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
    const searchValues = [...new Set(same.flatMap((each) => each.searchValues ?? []))];
    return { id, searchValues, needs: union(same.map(({ needs }) => needs)), fresh: same.some(({ fresh }) => fresh) };
  });
}

/** The records that have to be read. */
async function unknownOf(
  operation: Operation,
  recordType: RecordType,
  requests: readonly RecordRequest[],
): Promise<RecordRequest[]> {
  const readable = requests.filter(({ fresh }) => !fresh).map((each) => readableParts(operation, recordType, each));
  const known = await Promise.all(readable.map((each) => isKnown(operation, recordType, each).catch(() => false)));
  const store = recordStoreOf(operation);
  return readable.filter(({ id }, index) => {
    const entry = store.get(recordType, id);
    // Freshsales has answered with a record of the recycle bin, of which nothing more can be read.
    return !known[index] && !(entry?.whole && isBinned(entry.row));
  });
}

interface FetchOptions {
  readonly strategies?: readonly FetchStrategy[];
  /** The reads that may be saved. By default, one for each record. */
  readonly saves?: number;
  /** True if enough is known of a record. */
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

/** All records in their order. In the place of one that failed is what is known of it: its id. Fails if all have failed. */
function withFailed<R>(
  found: readonly MaybePromise<R | null>[],
  known: (index: number) => R,
): MaybePromise<(R | null)[]> {
  if (!found.some(isPromise)) return found as (R | null)[];
  return Promise.allSettled(found).then((settled) => {
    const failed = settled.filter((each) => each.status === 'rejected');
    if (failed.length === settled.length) throw failed[0]?.reason;
    return settled.map((each, index) => (each.status === 'fulfilled' ? each.value : known(index)));
  });
}

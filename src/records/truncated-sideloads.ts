import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { getOrInsert } from '../maps.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { toError } from './errors.ts';
import { fetchMissing, loaderFor } from './loader.ts';
import { isThere } from './record-request.ts';
import { recordStoreOf } from './record-store.ts';
import {
  type Needs,
  NOTHING,
  needsInclude,
  type Operation,
  type RecordRequest,
  type RecordType,
  relationOf,
} from './record-type.ts';

/** A relation of one record, by the ids of its rows. */
interface Related {
  readonly include: string;
  readonly ids: readonly string[];
  /** The GraphQL type of the rows, and what is needed of them. */
  readonly of: string;
  readonly needs: Needs;
}

interface Parent extends Related {
  readonly recordType: RecordType;
  readonly id: string;
}

/** Gathers the records whose relation was truncated, by type and relation. */
const gatherings = createContextCache((_context: Operation) => new Map<string, DataLoader<Parent, Error | null>>());

const gathering = (operation: Operation, { recordType, include }: Parent): DataLoader<Parent, Error | null> =>
  getOrInsert(
    gatherings(operation),
    `${recordType.name} ${include}`,
    () => new DataLoader((some) => bringAll(operation, some), { cache: false }),
  );

/**
 * Ids without rows mean that a side-load was truncated. The rows of many records may be found in one search or in a list; else
 * each record is read, which may bring all of its rows in one call.
 */
export function bringMissing(
  operation: Operation,
  recordType: RecordType,
  id: string,
  related: Related,
): MaybePromise<unknown> {
  const missing = missingOf(operation, related);
  if (missing.length === 0 || (readableType(operation, related) && isExhausted(operation, recordType, id, related)))
    return undefined;
  const parent: Parent = { ...related, recordType, id, ids: missing };
  return gathering(operation, parent).load(parent);
}

/** The type of the rows, if they can be read by id. */
function readableType({ registry }: Operation, { of }: Related): RecordType | undefined {
  const source = registry.source(of);
  return source && 'recordType' in source ? source.recordType : undefined;
}

/** True if a read of the record would bring no more: it was made with this relation, or the record is in the recycle bin. */
function isExhausted(operation: Operation, recordType: RecordType, id: string, { include }: Related): boolean {
  const store = recordStoreOf(operation);
  return store.get(recordType, id)?.asked.has(include) || store.binned(recordType, id) !== undefined;
}

const missingOf = (operation: Operation, { ids, of }: Related): string[] =>
  ids.filter((each) => !recordStoreOf(operation).get({ name: of }, each));

async function bringAll(operation: Operation, some: readonly Parent[]): Promise<(Error | null)[]> {
  const [first] = some;
  const recordType = first && readableType(operation, first);
  try {
    if (some.length > 1 && recordType) await bringRows(operation, recordType, some);
  } catch (error) {
    return some.map(() => toError(error));
  }
  return Promise.all(some.map((parent) => bringOne(operation, parent).then(() => null, toError)));
}

/** Reads the record again. A single missing row is left to be read by its id, if possible. */
async function bringOne(operation: Operation, parent: Parent): Promise<void> {
  const { recordType, id, include } = parent;
  const isReadable = readableType(operation, parent) !== undefined;
  if (missingOf(operation, parent).length < (isReadable ? 2 : 1)) return;
  if (!isExhausted(operation, recordType, id, parent))
    await loaderFor(operation, recordType).reload(id, needsInclude(include));
  const { subResource } = relationOf(recordType, include);
  if (!isReadable && subResource && missingOf(operation, parent).length > 0)
    await subResource.run(recordType, id, operation);
}

/** Finds the rows of many records in one search or in lists, if that may cost less than reading each record. */
async function bringRows(operation: Operation, recordType: RecordType, some: readonly Parent[]): Promise<void> {
  const searchValuesFrom = recordType.fetch.find((strategy) => strategy.searchValuesFrom)?.searchValuesFrom;
  const wanted: RecordRequest[] = some.flatMap((parent) => {
    const row = recordStoreOf(operation).get(parent.recordType, parent.id)?.row;
    const searchValues = (row && searchValuesFrom?.(parent.recordType, row)) ?? [];
    return parent.ids.map((id) => ({ id, needs: parent.needs, searchValues }));
  });
  const failures = new Map<string, Error>();
  await fetchMissing(operation, recordType, wanted, {
    strategies: recordType.fetch.filter(({ name }) => name === 'batch-search' || name === 'list-scan'),
    saves: some.length,
    isDone: (each) => isThere(operation, recordType, { ...each, needs: NOTHING }),
    failures,
  });
  const [failure] = failures.values();
  if (failure) throw failure;
}

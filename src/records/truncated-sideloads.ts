import { createContextCache, type MaybePromise } from '@pothos/core';
import DataLoader from 'dataloader';
import { loaderFor } from './loader.ts';
import { type Needs, NOTHING, needsInclude } from './needs.ts';
import { isBinned } from './record-entries.ts';
import { isThere, type RecordRequest } from './record-request.ts';
import { recordStoreOf } from './record-store.ts';
import { type Operation, type RecordType, relationOf, searchOf } from './record-type.ts';
import { searchable, searchInBatches } from './strategies/batch-search.ts';
import { scanLists } from './strategies/list-scan.ts';
import { readSubResource } from './strategies/sub-resource.ts';
import { toError } from './to-error.ts';

/** A relation of one record, by the ids of its rows. */
export interface Related {
  readonly include: string;
  readonly ids: readonly string[];
  /** The GraphQL type of the rows, and what is wanted of them. */
  readonly of: string;
  readonly needs: Needs;
}

interface Parent extends Related {
  readonly recordType: RecordType;
  readonly id: string;
}

/** The records of an operation whose relations were cut short at the same time, by type and relation. */
const gatherings = createContextCache((_context: Operation) => new Map<string, DataLoader<Parent, Error | null>>());

function gathering(context: Operation, { recordType, include }: Parent): DataLoader<Parent, Error | null> {
  const name = `${recordType.name} ${include}`;
  const known = gatherings(context).get(name);
  if (known) return known;
  const loader = new DataLoader<Parent, Error | null>((some) => bringAll(context, some), { cache: false });
  gatherings(context).set(name, loader);
  return loader;
}

/**
 * Ids without rows mean that an answer cut the side-load short. Rows of many records may be found in one search or in a list;
 * else the record by itself may bring all of its rows in one call.
 */
export function bringMissing(
  context: Operation,
  recordType: RecordType,
  id: string,
  related: Related,
): MaybePromise<unknown> {
  const missing = missingOf(context, related);
  if (missing.length === 0 || (readableType(context, related) && isExhausted(context, recordType, id, related)))
    return undefined;
  const parent: Parent = { ...related, recordType, id, ids: missing };
  return gathering(context, parent).load(parent);
}

/** The type of the rows, where they can be read by their ids. */
function readableType({ registry }: Operation, { of }: Related): RecordType | undefined {
  const source = registry.source(of);
  return source && 'recordType' in source ? source.recordType : undefined;
}

/** Whether a read of the record by itself would bring no more: it has been made, with this relation, or there is none to be had. */
function isExhausted(context: Operation, recordType: RecordType, id: string, { include }: Related): boolean {
  const entry = recordStoreOf(context).get(recordType, id);
  return entry !== undefined && (entry.asked.has(include) || isBinned(entry.row));
}

const missingOf = (context: Operation, { ids, of }: Related): string[] =>
  ids.filter((each) => !recordStoreOf(context).get({ name: of }, each));

async function bringAll(context: Operation, some: readonly Parent[]): Promise<(Error | null)[]> {
  const [first] = some;
  const recordType = first && readableType(context, first);
  try {
    if (some.length > 1 && recordType) await bringRows(context, recordType, some);
  } catch (error) {
    return some.map(() => toError(error));
  }
  return Promise.all(some.map((parent) => bringOne(context, parent).then(() => null, toError)));
}

/** A single row is read by itself, where it can be. */
async function bringOne(context: Operation, parent: Parent): Promise<void> {
  const { recordType, id, include } = parent;
  const isReadable = readableType(context, parent) !== undefined;
  if (missingOf(context, parent).length < (isReadable ? 2 : 1)) return;
  if (!isExhausted(context, recordType, id, parent))
    await loaderFor(recordType)(context).reload(id, needsInclude(include));
  const { subResource } = relationOf(recordType, include);
  if (!isReadable && subResource && missingOf(context, parent).length > 0)
    await readSubResource(context, recordType, id, subResource);
}

/** Looks for the rows themselves, where that may cost less than to read each parent. */
async function bringRows(context: Operation, recordType: RecordType, some: readonly Parent[]): Promise<void> {
  const search = searchOf(recordType);
  const wanted: RecordRequest[] = some.flatMap((parent) => {
    const row = recordStoreOf(context).get(parent.recordType, parent.id)?.row;
    const hints = (row && search?.hintsFrom?.(parent.recordType, row)) ?? [];
    return parent.ids.map((id) => ({ id, needs: parent.needs, hints }));
  });
  const missing = () => wanted.filter((each) => !isThere(context, recordType, { ...each, needs: NOTHING }));
  if (search) await searchInBatches(context, recordType, search, searchable(context, recordType, search, missing()));
  await scanLists(context, recordType, missing(), some.length);
}

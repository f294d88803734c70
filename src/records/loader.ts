import { createContextCache, type MaybePromise } from '@pothos/core';
import DataLoader from 'dataloader';
import { MAX_WHOLE_PAGES } from '../freshsales/paging.ts';
import { type Identified, isToMany, type Lookup, type RecordType, type Table } from '../freshsales/resource.ts';
import { readCall } from './capabilities.ts';
import type { Context } from './context.ts';
import { searchCall } from './filtered-search.ts';
import { all } from './maybe-promise.ts';
import { type Needs, union } from './needs.ts';
import { type Key, readRecords } from './read-records.ts';
import type { RecordEntry } from './record-entries.ts';
import { asRecord, recordStoreOf, satisfies } from './record-store.ts';
import type { BatchSearch } from './strategies/batch-search.ts';
import { registerTable } from './tables.ts';
import { toError } from './to-error.ts';

/**
 * Gives records by id, with everything the needs name, at as few calls as it takes: none where the operation has it already,
 * and then at once.
 */
export interface Loader<R extends Identified> {
  /** The record, or null where there is none. */
  load(id: string, needs: Needs): MaybePromise<R | null>;
  /** In the order asked; null where there is none. */
  loadMany(ids: readonly string[], needs: Needs): MaybePromise<(R | null)[]>;
  /** A record that another points to: where nothing but its id is wanted, it is taken to be there. */
  refer(id: string, needs: Needs): MaybePromise<R | null>;
  /** Reads the record by itself with these includes, whatever is known of it already. */
  reload(id: string, needs: Needs): Promise<R | null>;
}

export type RecordLoader<R extends Identified> = (context: Context) => Loader<R>;

const loaders = new Map<string, RecordLoader<Identified>>();

/** The loader of a table, for code that knows it by its descriptor only. */
export function loaderFor(table: { readonly name: string }): RecordLoader<Identified> {
  const loader = loaders.get(table.name);
  if (!loader) throw new Error(`${table.name} has no loader`);
  return loader;
}

/** How a record of a type is read that did not come along: by itself, or many in one search. */
export interface RecordReading {
  readonly call: string;
  readonly recordType: RecordType;
  readonly search?: Search;
}

/** How a row of a type is read that did not come along: as a record, or with the whole of its small list. */
export type Reading = RecordReading | { readonly list: string };

/** How many of them are read in one call, where their row has a column to find them by. */
export interface Search extends BatchSearch {
  readonly call: string;
}

const readings = new Map<string, Reading>();

/** How rows of this GraphQL type are read; not at all where they only ever come along. */
export const readingOf = (type: string): Reading | undefined => readings.get(type);

/** How records are read, type by type. */
export const recordReadings = (): RecordReading[] =>
  [...readings.values()].flatMap((reading) => ('call' in reading ? [reading] : []));

/** The type of record that is read by this call, as a template. */
export const readingCalledBy = (template: string): RecordReading | undefined =>
  recordReadings().find(({ call }) => call === template);

/**
 * What a page is asked for. Whether a list brings relations to several records is not certain (BATCHING 2), so that what its
 * rows are found by in a search comes along with them.
 */
export function includesOfPage({ name, includes }: RecordType, asked: readonly string[]): string[] {
  const reading = readings.get(name);
  const by = reading && 'call' in reading ? reading.search?.by : undefined;
  const isDoubtful = asked.some((each) => includes[each] && isToMany(includes[each]));
  return [...new Set(by !== undefined && isDoubtful ? [...asked, by] : asked)];
}

/** Says how rows of a type are read that have no loader. */
export function registerReading(type: string, reading: Reading): void {
  readings.set(type, reading);
}

function register<R extends Identified>(table: Table<R>, loader: RecordLoader<R>, reading?: Reading): RecordLoader<R> {
  registerTable(table);
  loaders.set(table.name, loader);
  if (reading) readings.set(table.name, reading);
  return loader;
}

/** A loader for records that are read by id, or `together`. One for each operation, hung on its context. */
export function recordLoader<R extends Identified>(recordType: RecordType<R>, together?: BatchSearch): RecordLoader<R> {
  const loader = createContextCache((context: Context) =>
    loaderOf(recordType, context, async (keys) => {
      const failures = await readRecords(context, recordType, keys, together);
      return keys.map(({ id }) => failures.get(id) ?? recordOf(context, recordType, id));
    }),
  );
  return register(recordType, loader, {
    call: readCall(recordType),
    recordType,
    ...(together && { search: { ...together, call: searchCall(recordType) } }),
  });
}

const paged = new Set<string>();

/** How many calls a small list may take beyond the first. */
export const furtherPagesOf = (list: string): number => (paged.has(list) ? MAX_WHOLE_PAGES - 1 : 0);

/** A loader for rows of a small list, which is read whole and shared by all operations. */
export function lookupLoader<R extends Identified>(lookup: Lookup<R>): RecordLoader<R> {
  const loader = createContextCache((context: Context) =>
    loaderOf(lookup, context, async (keys) => {
      const failure = await readList(context, lookup).then(() => undefined, toError);
      return keys.map(({ id }) => failure ?? recordOf(context, lookup, id));
    }),
  );
  if (lookup.paged) paged.add(lookup.list);
  return register(lookup, loader, { list: lookup.list });
}

const NONE_BESIDE = {};

/** All rows of a small list, in its own order. */
export async function readList<R extends Identified>(context: Context, lookup: Lookup<R>): Promise<R[]> {
  const rows = await context.freshsales.lookup(lookup);
  const store = recordStoreOf(context);
  store.take(lookup, { rows, sideloads: NONE_BESIDE });
  return rows.map((row) => asRecord(lookup, store.get(lookup, row.id)?.row ?? row));
}

/** A loader for rows that only ever come along. What did not come is not there. */
export function tableLoader<R extends Identified>(table: Table<R>): RecordLoader<R> {
  const loader = createContextCache((context: Context) =>
    loaderOf(table, context, async (keys) => keys.map(({ id }) => recordOf(context, table, id))),
  );
  return register(table, loader);
}

/** What is known already is answered from the store; the rest is gathered for one batch. */
function loaderOf<R extends Identified>(
  table: Table<R>,
  context: Context,
  read: (keys: readonly Key[]) => Promise<(R | null | Error)[]>,
): Loader<R> {
  const store = recordStoreOf(context);
  // DataLoader gathers; it does not remember, for what one read knows of a record another may want more of.
  const batch = new DataLoader<Key, R | null>(read, { cache: false });
  // What has to be known of a record before this caller may see it.
  const proof = context.proofOf(table.name);
  const withProof = (wanted: Needs): Needs => union([wanted, proof]);
  const fetch = (id: string, needs: Needs): MaybePromise<R | null> => {
    const entry = store.get(table, id);
    return satisfies(entry, table, needs) ? shown(table, entry) : batch.load({ id, needs, fresh: false });
  };
  const refer = (id: string, wanted: Needs): MaybePromise<R | null> => {
    const needs = withProof(wanted);
    if (needs.columns.size > 0 || needs.includes.size > 0) return fetch(id, needs);
    return shown(table, store.get(table, id) ?? store.put(table, { id }, false));
  };
  return {
    load: (id, wanted) => fetch(id, withProof(wanted)),
    refer,
    loadMany: (ids, wanted) => {
      const needs = withProof(wanted);
      return all(ids.map((id) => fetch(id, needs)));
    },
    reload: (id, needs) => batch.load({ id, needs, fresh: true }),
  };
}

const recordOf = <R extends Identified>(context: Context, table: Table<R>, id: string): R | null =>
  shown(table, recordStoreOf(context).get(table, id));

const shown = <R extends Identified>(table: Table<R>, entry: RecordEntry | undefined): R | null =>
  entry && !entry.gone ? asRecord(table, entry.row) : null;

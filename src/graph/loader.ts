import { createContextCache, type MaybePromise } from '@pothos/core';
import DataLoader from 'dataloader';
import type { Context } from '../context.ts';
import type { RecordAnswer } from '../freshsales/answer.ts';
import type { Identified, Lookup, Resource, Table } from '../freshsales/resource.ts';
import { all } from './after.ts';
import type { Entry } from './entries.ts';
import { includesToAsk, type Needs, union } from './needs.ts';
import { asRecord, missingIncludes, satisfies, storeOf } from './store.ts';
import { registerTable } from './tables.ts';
import { readTogether, searchable, searchFor, type Together, type Wanted } from './together.ts';

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

/** How a row of a type is read that did not come along: by itself, or with the whole of its small list. */
export type Reading = { readonly call: string; readonly search?: Search } | { readonly list: string };

/** How many of them are read in one call, where their row has a column to find them by. */
export interface Search extends Together {
  readonly call: string;
}

const readings = new Map<string, Reading>();

/** How rows of this GraphQL type are read; not at all where they only ever come along. */
export const readingOf = (type: string): Reading | undefined => readings.get(type);

/** The reads of single records in whose place a search may be tried, as templates. */
export const searchedReads = (): string[] =>
  [...readings.values()].flatMap((reading) => ('call' in reading && reading.search ? [reading.call] : []));

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

interface Key extends Wanted {
  readonly fresh: boolean;
}

/** A loader for records that are read by id, or `together`. One for each operation, hung on its context. */
export function recordLoader<R extends Identified>(resource: Resource<R>, together?: Together): RecordLoader<R> {
  const loader = createContextCache((context: Context) =>
    loaderOf(resource, context, async (keys) => {
      const failures = await readAll(context, resource, gathered(keys), together);
      return keys.map(({ id }) => failures.get(id) ?? recordOf(context, resource, id));
    }),
  );
  return register(resource, loader, {
    call: `GET /${resource.path}/{id}`,
    ...(together && { search: { ...together, call: searchFor(resource) } }),
  });
}

/** Each record once, with all that is wanted of it. */
function gathered(keys: readonly Key[]): Key[] {
  return [...new Set(keys.map(({ id }) => id))].map((id) => {
    const same = keys.filter((key) => key.id === id);
    return { id, needs: union(same.map(({ needs }) => needs)), fresh: same.some(({ fresh }) => fresh) };
  });
}

/** Reads what is not known yet, in as few calls as it takes. Gives what went wrong, by id. */
async function readAll(
  context: Context,
  resource: Resource,
  keys: readonly Key[],
  together: Together | undefined,
): Promise<Map<string, Error>> {
  const failures = new Map<string, Error>();
  const readEach = (some: readonly Key[]) =>
    Promise.all(some.map((key) => readInto(context, resource, key).catch((error) => fail([key], error))));
  const fail = (some: readonly Wanted[], error: unknown) => {
    for (const { id } of some) failures.set(id, toError(error));
  };
  if (!together || keys.length < 2) {
    await readEach(keys);
    return failures;
  }
  const old = keys.filter(({ fresh }) => !fresh);
  const known = await Promise.all(old.map(({ id, needs }) => isKnown(context, resource, id, needs).catch(() => false)));
  const unknown = old.filter((_key, index) => !known[index]);
  const found = new Set<Wanted>(searchable(context, resource, together, unknown));
  const [these, others] = [unknown.filter((key) => found.has(key)), unknown.filter((key) => !found.has(key))];
  await Promise.all([
    readEach([...others, ...keys.filter(({ fresh }) => fresh)]),
    readTogether(context, resource, together, these).then(
      () => readEach(these.filter(({ id, needs }) => !satisfies(storeOf(context).get(resource, id), resource, needs))),
      (error) => fail(these, error),
    ),
  ]);
  return failures;
}

/** A loader for rows of a small list, which is read whole and shared by all operations. */
export function lookupLoader<R extends Identified>(lookup: Lookup<R>): RecordLoader<R> {
  const loader = createContextCache((context: Context) =>
    loaderOf(lookup, context, async (keys) => {
      const failure = await readList(context, lookup).then(() => undefined, toError);
      return keys.map(({ id }) => failure ?? recordOf(context, lookup, id));
    }),
  );
  return register(lookup, loader, { list: lookup.list });
}

const NONE_BESIDE = {};

/** All rows of a small list, in its own order. */
export async function readList<R extends Identified>(context: Context, lookup: Lookup<R>): Promise<R[]> {
  const rows = await context.freshsales.lookup(lookup);
  const store = storeOf(context);
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
  const store = storeOf(context);
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
  shown(table, storeOf(context).get(table, id));

const shown = <R extends Identified>(table: Table<R>, entry: Entry | undefined): R | null =>
  entry && !entry.gone ? asRecord(table, entry.row) : null;

/** Reads one record into the store, unless it is there. */
async function readInto(context: Context, resource: Resource, { id, needs, fresh }: Key): Promise<void> {
  if (!fresh && (await isKnown(context, resource, id, needs))) return;
  const entry = fresh ? undefined : storeOf(context).get(resource, id);
  const include = missingIncludes(entry, resource, includesToAsk(needs));
  const answer = await context.freshsales.get(resource, id, include);
  if (answer) keepAnswer(context, resource, answer, include);
  else storeOf(context).put(resource, { id }, false).gone = true;
}

/** Whether no call is needed: the operation has seen all that is wanted, or other operations have, a moment ago. */
async function isKnown(context: Context, resource: Resource, id: string, needs: Needs): Promise<boolean> {
  const store = storeOf(context);
  const isEnough = () => satisfies(store.get(resource, id), resource, needs);
  if (isEnough()) return true;
  return context.freshsales.recall(resource, id, (remembered) =>
    remembered.some((answer) => {
      store.learn(answer);
      return isEnough();
    }),
  );
}

/** Remembers a record that was read by itself, and which includes it was read with. */
export function keepAnswer(
  context: Context,
  resource: Resource,
  { row, sideloads }: RecordAnswer,
  include: readonly string[],
): void {
  const store = storeOf(context);
  store.keep(sideloads);
  const { asked } = store.put(resource, row, row.partial !== true);
  for (const name of include) asked.add(name);
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

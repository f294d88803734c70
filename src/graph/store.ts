import { createContextCache } from '@pothos/core';
import type { Context } from '../context.ts';
import type { Sideloads } from '../freshsales/answer.ts';
import type { Remembered } from '../freshsales/memory.ts';
import { columnOf, type Identified, type Resource, type Table } from '../freshsales/resource.ts';
import { isObject, type Row } from '../freshsales/rows.ts';
import type { Needs } from './needs.ts';

/** What one operation knows of one record. */
export interface Entry {
  /** All columns seen so far, from whichever answer they came. */
  readonly row: Row;
  /** Came as a record in its own right: a plain column that it lacks does not exist, and is null. */
  whole: boolean;
  /** Includes that a read of this very record has asked for: what they did not bring is not there. */
  readonly asked: Set<string>;
  /** A read of this very record found nothing, whatever partial rows still say of it. */
  gone: boolean;
}

/** The rows an operation has seen, one for each record however often it came. Partial rows are merged into fuller ones. */
export interface Store {
  get(table: { readonly name: string }, id: string): Entry | undefined;
  put(table: Table, row: Row, whole: boolean): Entry;
  /** Keeps whatever came along. Keys that no table claims are passed over. */
  keep(sideloads: Sideloads): void;
  /** Takes in an answer that another operation has read, once. What this one has seen itself stands. */
  learn(remembered: Remembered): void;
  /** Forgets everything: after a write, nothing that was read before it is certain. */
  clear(): void;
}

const tableOfKey = new Map<string, Table>();
const tableOfType = new Map<string, Table>();

/** The table whose rows are of this GraphQL type, if rows of it can come along. */
export const tableNamed = (type: string): Table | undefined => tableOfType.get(type);

/** The table whose rows come along under this key. */
export const tableUnderKey = (key: string): Table | undefined => tableOfKey.get(key);

/** Makes a table's rows recognisable wherever they come along. */
export function registerTable(table: Table): void {
  tableOfType.set(table.name, table);
  for (const key of [table.many, ...(table.aliases ?? [])]) tableOfKey.set(key, table);
}

export const storeOf = createContextCache((_context: Context): Store => {
  const entries = new Map<string, Entry>();
  const learned = new Set<Remembered>();
  const keyOf = (table: { readonly name: string }, id: string) => `${table.name}/${id}`;
  const take = (table: Table, row: Row, whole: boolean, under: boolean): Entry => {
    const known = entries.get(keyOf(table, row.id));
    const entry = known ?? {
      row: { __typename: table.name, id: row.id },
      whole: false,
      asked: new Set<string>(),
      gone: false,
    };
    merge(entry, row, whole, under);
    // Only its place in a list may be known to this caller (src/access).
    if (row.withheld === true) entry.gone = true;
    if (!known) entries.set(keyOf(table, row.id), entry);
    // Rows inside a row, such as a contact's accounts.
    for (const [key, cell] of Object.entries(row)) if (Array.isArray(cell)) keepRows(key, cell, under);
    return entry;
  };

  const keepRows = (key: string, rows: readonly unknown[], under: boolean): void => {
    const table = tableOfKey.get(key);
    if (table) for (const row of rows) if (isRow(row)) take(table, row, false, under);
  };

  const keepAll = (sideloads: Sideloads, under: boolean): void => {
    for (const [key, rows] of Object.entries(sideloads)) keepRows(key, rows, under);
  };

  return {
    get: (table, id) => entries.get(keyOf(table, id)),
    put: (table, row, whole) => take(table, row, whole, false),
    keep: (sideloads) => keepAll(sideloads, false),
    learn(remembered) {
      if (learned.has(remembered)) return;
      learned.add(remembered);
      for (const { key, rows, sideloads } of remembered.answer) {
        keepAll(sideloads, true);
        const table = tableOfKey.get(key);
        if (!table) continue;
        for (const row of rows) {
          const { asked } = take(table, row, row.partial !== true, true);
          if (remembered.kind === 'record') for (const name of remembered.include) asked.add(name);
        }
      }
    },
    clear() {
      entries.clear();
      learned.clear();
    },
  };
});

/** Columns that say something about where a row stood, not about the record. */
const POSITIONAL = new Set(['partial', 'is_primary', 'withheld']);

/** `under`: what is known already stands, and only what it lacks is added. */
function merge(entry: Entry, row: Row, whole: boolean, under: boolean): void {
  for (const [column, cell] of Object.entries(row))
    if (!POSITIONAL.has(column) && !(under && column in entry.row)) entry.row[column] = cell;
  entry.whole ||= whole;
}

export const isRow = (value: unknown): value is Row =>
  isObject(value) && typeof value.id === 'string' && value.id !== '';

/** Whether everything that is wanted of a record is known, without another call. */
export function satisfies(entry: Entry | undefined, table: Table, needs: Needs): entry is Entry {
  if (!entry || entry.gone) return entry !== undefined;
  const plain = [...needs.columns].every((column) => column in entry.row || entry.whole);
  return plain && missingIncludes(entry, table, [...needs.includes]).length === 0;
}

/** The includes whose column the row lacks, and that a read of the record has not asked for yet. */
export function missingIncludes(entry: Entry | undefined, table: Table, names: readonly string[]): string[] {
  return names.filter((name) => {
    const include = includesOf(table)[name];
    return include !== undefined && !(entry && (columnOf(include) in entry.row || entry.asked.has(name)));
  });
}

export const includesOf = (table: Table): Resource['includes'] =>
  'includes' in table ? (table as Resource).includes : {};

/** A row, as the record its table says it is. The one place where what came over the wire is given a type. */
export const asRecord = <R extends Identified>(_table: Table<R>, row: Row): R => row as Identified as R;

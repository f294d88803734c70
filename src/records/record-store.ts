import { createContextCache } from '@pothos/core';
import type { PageAnswer, Sideloads } from '../freshsales/answer.ts';
import type { Remembered } from '../freshsales/memory.ts';
import { columnOf, type Identified, type Table } from '../freshsales/resource.ts';
import type { Row } from '../freshsales/rows.ts';
import type { Needs } from './needs.ts';
import { type OwnEntry, RecordEntries, type RecordEntry } from './record-entries.ts';
import type { Operation, RecordType, Registry } from './record-type.ts';

type Rows = Pick<PageAnswer, 'rows' | 'sideloads'>;

/** The rows an operation has seen, one for each record however often it came. Partial rows are merged into fuller ones. */
export interface RecordStore {
  get(table: { readonly name: string }, id: string): RecordEntry | undefined;
  put(table: Table, row: Row, whole: boolean): OwnEntry;
  /** Keeps the rows of an answer, and whatever came along. */
  take(table: Table, answer: Rows): void;
  /** Keeps whatever came along. Keys that no table claims are passed over. */
  keep(sideloads: Sideloads): void;
  /** Takes in an answer that another operation has read. What this one has seen itself stands. */
  learn(remembered: Remembered): void;
  /** Forgets everything: after a write, nothing that was read before it is certain. */
  clear(): void;
  /** How often that has happened: what was made of rows before is of another age. */
  readonly age: number;
}

export const recordStoreOf = createContextCache(({ registry }: Operation): RecordStore => {
  const entries = new RecordEntries(registry);
  let age = 0;
  return {
    get: (table, id) => entries.get(table.name, id),
    put: (table, row, whole) => entries.put(table, row, whole, false),
    take: (table, answer) => entries.share(taken(registry, table, answer), false),
    keep: (sideloads) => entries.putAll(sideloads, false),
    learn: (remembered) => entries.share(learned(registry, remembered), true),
    clear() {
      entries.clear();
      age += 1;
    },
    get age() {
      return age;
    },
  };
});

/**
 * What answers say, worked out once for as long as they are remembered, and shared by all operations that are given them:
 * an answer is frozen once others may read it. By its rows, for a part of a page may be cut out of it.
 */
const answers = new WeakMap<Rows['rows'], Rows & { readonly table: Table; readonly entries: RecordEntries }>();

function taken(registry: Registry, table: Table, { rows, sideloads }: Rows): RecordEntries {
  const known = answers.get(rows);
  if (known?.table === table && known.sideloads === sideloads) return known.entries;
  const entries = new RecordEntries(registry);
  entries.putAll(sideloads, false);
  for (const row of rows) entries.put(table, row, row.partial !== true, false);
  answers.set(rows, { table, rows, sideloads, entries });
  return entries;
}

const remembrances = new WeakMap<Remembered, RecordEntries>();

function learned(registry: Registry, remembered: Remembered): RecordEntries {
  const known = remembrances.get(remembered);
  if (known) return known;
  const entries = new RecordEntries(registry);
  for (const { key, rows, sideloads } of remembered.answer) {
    entries.putAll(sideloads, true);
    const table = registry.tableUnderKey(key);
    for (const row of table ? rows : []) {
      const { asked } = entries.put(table as Table, row, row.partial !== true, true);
      if (remembered.kind === 'record') for (const name of remembered.include) asked.add(name);
    }
  }
  remembrances.set(remembered, entries);
  return entries;
}

/** Whether everything that is wanted of a record is known, without another call. */
export function satisfies(entry: RecordEntry | undefined, table: Table, needs: Needs): entry is RecordEntry {
  if (!entry || entry.gone) return entry !== undefined;
  if (!entry.whole) for (const column of needs.columns) if (!(column in entry.row)) return false;
  for (const name of needs.includes) if (isMissing(entry, table, name)) return false;
  return true;
}

/** The includes whose column the row lacks, and that a read of the record has not asked for yet. */
export function missingIncludes(entry: RecordEntry | undefined, table: Table, names: readonly string[]): string[] {
  return names.filter((name) => isMissing(entry, table, name));
}

function isMissing(entry: RecordEntry | undefined, table: Table, name: string): boolean {
  const include = includesOf(table)[name];
  return include !== undefined && !(entry && (columnOf(include) in entry.row || entry.asked.has(name)));
}

export const includesOf = (table: Table): RecordType['includes'] =>
  'includes' in table ? (table as RecordType).includes : {};

/** A row, as the record its table says it is. The one place where what came over the wire is given a type. */
export const asRecord = <R extends Identified>(_table: Table<R>, row: Row): R => row as Identified as R;

import { createContextCache } from '@pothos/core';
import { isRow, type PageAnswer, type Row, type Sideloads } from '../freshsales/answer.ts';
import { columnOf, type Identified, type Table } from '../freshsales/resource.ts';
import type { CachedAnswer } from '../freshsales/response-cache.ts';
import { isTrue } from '../freshsales/values.ts';
import type { Needs } from './needs.ts';
import type { Operation, RecordType, Registry } from './record-type.ts';

/** What is known of one record. */
export interface RecordEntry {
  /** All columns seen so far, in any response. */
  readonly row: Row;
  /** Read as a record, not side-loaded: a plain column that it lacks does not exist, and is null. */
  readonly whole: boolean;
  /** Includes that a read of this record requested: what they did not bring does not exist. */
  readonly asked: ReadonlySet<string>;
  /** A read of this record found nothing, whatever partial rows say of it. */
  readonly absent: boolean;
}

/** An entry that can be added to. */
class OwnEntry implements RecordEntry {
  readonly row: Row;
  readonly asked: Set<string>;
  whole: boolean;
  absent: boolean;

  constructor({
    row,
    whole = false,
    asked = [],
    absent = false,
  }: { row: Row } & Partial<Omit<RecordEntry, 'asked'>> & { asked?: Iterable<string> }) {
    this.row = { ...row };
    this.asked = new Set(asked);
    this.whole = whole;
    this.absent = absent;
  }

  /** `under`: adds only what is missing, and overwrites nothing. */
  add({ row, whole, asked, absent }: Omit<RecordEntry, 'asked'> & { asked?: Iterable<string> }, under: boolean): void {
    for (const column in row)
      if (!POSITIONAL.has(column) && !(under && column in this.row)) this.row[column] = row[column];
    for (const include of asked ?? []) this.asked.add(include);
    this.whole ||= whole;
    this.absent ||= absent;
  }
}

/** Columns about the position of a row, not about the record. */
const POSITIONAL = new Set(['partial', 'is_primary', 'withheld']);

/** Records by type and id. Partial rows are merged into fuller ones. */
class RecordEntries {
  readonly #registry: Registry;
  readonly #byType = new Map<string, Map<string, RecordEntry>>();
  /** Rows of the recycle bin's view, which say nothing of the record that a read by its id would find. */
  readonly #binned = new Map<string, Row>();
  /** Entries made here, which can be added to. */
  readonly #own = new WeakSet<RecordEntry>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  get(type: string, id: string): RecordEntry | undefined {
    return this.#byType.get(type)?.get(id);
  }

  binned(type: string, id: string): Row | undefined {
    return this.#binned.get(`${type}/${id}`);
  }

  /** Adds a row of a list. */
  putListed(table: Table, row: Row, under: boolean): void {
    if (isBinned(row)) this.#binned.set(`${table.name}/${row.id}`, { ...row, __typename: table.name });
    else this.put(table, row, row.partial !== true, under);
  }

  /** Adds a row, and the rows inside it, such as a contact's accounts. */
  put(table: Table, row: Row, whole: boolean, under: boolean): OwnEntry {
    const entry = this.#toAdd(table.name, row.id);
    // This caller may know only the position of a withheld row in a list.
    entry.add({ row, whole, absent: row.withheld === true }, under);
    for (const key in row) {
      const cell = row[key];
      if (Array.isArray(cell)) this.#putRows(key, cell, under);
    }
    return entry;
  }

  /** Adds side-loaded rows. Ignores keys that belong to no table. */
  putAll(sideloads: Sideloads, under: boolean): void {
    for (const [key, rows] of Object.entries(sideloads)) this.#putRows(key, rows, under);
  }

  /** Adds entries of another store. They are shared, and copied before they are added to. */
  share(others: RecordEntries, under: boolean): void {
    for (const [key, row] of others.#binned) this.#binned.set(key, row);
    for (const [type, entries] of others.#byType) {
      const known = this.#of(type);
      for (const [id, entry] of entries) {
        const held = known.get(id);
        if (held === undefined) known.set(id, entry);
        else if (held !== entry) this.#toAdd(type, id).add(entry, under);
      }
    }
  }

  clear(): void {
    this.#byType.clear();
    this.#binned.clear();
  }

  #putRows(key: string, rows: readonly unknown[], under: boolean): void {
    const table = this.#registry.tableUnderKey(key);
    if (table) for (const row of rows) if (isRow(row)) this.put(table, row, false, under);
  }

  #toAdd(type: string, id: string): OwnEntry {
    const entries = this.#of(type);
    const known = entries.get(id);
    if (known instanceof OwnEntry && this.#own.has(known)) return known;
    const own = new OwnEntry(known ?? { row: { __typename: type, id } });
    this.#own.add(own);
    entries.set(id, own);
    return own;
  }

  #of(type: string): Map<string, RecordEntry> {
    const known = this.#byType.get(type);
    if (known) return known;
    const entries = new Map<string, RecordEntry>();
    this.#byType.set(type, entries);
    return entries;
  }
}

/** Whether a record is in the recycle bin. Freshsales then returns only the row of its view. */
export const isBinned = (row: Identified): boolean => isTrue((row as Row).is_deleted);

type Rows = Pick<PageAnswer, 'rows' | 'sideloads'>;

/** The records that an operation has seen, one entry each. Partial rows are merged. */
interface RecordStore {
  get(table: { readonly name: string }, id: string): RecordEntry | undefined;
  /** The row of a record in the view of the recycle bin. */
  binned(table: { readonly name: string }, id: string): Row | undefined;
  put(table: Table, row: Row, whole: boolean): OwnEntry;
  /** Regards all includes of a record as requested: what is missing cannot be read. */
  markRead(table: Table, id: string): void;
  /** Adds the rows of a response and its side-loaded rows. */
  take(table: Table, answer: Rows): void;
  /** Adds side-loaded rows. Ignores keys that belong to no table. */
  keep(sideloads: Sideloads): void;
  /** Adds a cached response. Overwrites nothing that this operation has read. */
  learn(cached: CachedAnswer): void;
  /** Removes everything. After a write, nothing read before it is certain. */
  clear(): void;
  /** Remembers why columns and includes of a record could not be read. */
  fail(table: { readonly name: string }, id: string, parts: readonly string[], reason: Error): void;
  /** Why a column or include of a record could not be read. Undefined if it was not tried. */
  failureOf(table: { readonly name: string }, id: string, part: string): Error | undefined;
  readonly hasFailures: boolean;
  /** How often the store was cleared. What was derived from rows before that is outdated. */
  readonly age: number;
}

export const recordStoreOf = createContextCache(({ registry }: Operation): RecordStore => {
  const entries = new RecordEntries(registry);
  const failures = new Map<string, Error>();
  let age = 0;
  return {
    get: (table, id) => entries.get(table.name, id),
    binned: (table, id) => entries.binned(table.name, id),
    put: (table, row, whole) => entries.put(table, row, whole, false),
    markRead(table, id) {
      const { asked } = entries.put(table, { id }, true, false);
      for (const name of Object.keys(includesOf(table))) asked.add(name);
    },
    take: (table, answer) => entries.share(taken(registry, table, answer), false),
    keep: (sideloads) => entries.putAll(sideloads, false),
    learn: (cached) => entries.share(learned(registry, cached), true),
    clear() {
      entries.clear();
      failures.clear();
      age += 1;
    },
    fail(table, id, parts, reason) {
      for (const part of parts) failures.set(`${table.name}/${id}/${part}`, reason);
    },
    failureOf: (table, id, part) => failures.get(`${table.name}/${id}/${part}`),
    get hasFailures() {
      return failures.size > 0;
    },
    get age() {
      return age;
    },
  };
});

/**
 * Entries of cached responses, made once and shared by all operations: a cached response is frozen. Keyed by its rows, since a part
 * of a page may be cut out of it.
 */
const answers = new WeakMap<Rows['rows'], Rows & { readonly table: Table; readonly entries: RecordEntries }>();

function taken(registry: Registry, table: Table, { rows, sideloads }: Rows): RecordEntries {
  const known = answers.get(rows);
  if (known?.table === table && known.sideloads === sideloads) return known.entries;
  const entries = new RecordEntries(registry);
  entries.putAll(sideloads, false);
  for (const row of rows) entries.putListed(table, row, false);
  answers.set(rows, { table, rows, sideloads, entries });
  return entries;
}

const entriesOf = new WeakMap<CachedAnswer, RecordEntries>();

function learned(registry: Registry, cached: CachedAnswer): RecordEntries {
  const known = entriesOf.get(cached);
  if (known) return known;
  const entries = new RecordEntries(registry);
  for (const { key, rows, sideloads } of cached.answer) {
    entries.putAll(sideloads, true);
    const table = registry.tableUnderKey(key);
    for (const row of table ? rows : []) {
      if (cached.kind !== 'record') entries.putListed(table as Table, row, true);
      else {
        const { asked } = entries.put(table as Table, row, row.partial !== true, true);
        for (const name of cached.include) asked.add(name);
      }
    }
  }
  entriesOf.set(cached, entries);
  return entries;
}

/** Whether everything that is needed of a record is known. */
export function satisfies(entry: RecordEntry | undefined, table: Table, needs: Needs): entry is RecordEntry {
  if (!entry || entry.absent) return entry !== undefined;
  if (!entry.whole) for (const column of needs.columns) if (!(column in entry.row)) return false;
  for (const name of needs.includes) if (isMissing(entry, table, name)) return false;
  return true;
}

/** The includes whose column the row lacks, and that no read of the record has requested yet. */
export function missingIncludes(entry: RecordEntry | undefined, table: Table, names: readonly string[]): string[] {
  return names.filter((name) => isMissing(entry, table, name));
}

function isMissing(entry: RecordEntry | undefined, table: Table, name: string): boolean {
  const include = includesOf(table)[name];
  return include !== undefined && !(entry && (columnOf(include) in entry.row || entry.asked.has(name)));
}

export const includesOf = (table: Table): RecordType['includes'] =>
  'includes' in table ? (table as RecordType).includes : {};

/** A row as the record of its table. The one place where rows of Freshsales are given a type. */
export const asRecord = <R extends Identified>(_table: Table<R>, row: Row): R => row as Identified as R;

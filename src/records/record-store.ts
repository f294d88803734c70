import { createContextCache } from '@pothos/core';
import { isRow, type PageAnswer, type RecordAnswer, type Row, type Sideloads } from '../freshsales/answer.ts';
import { columnOf, type Identified, type Table } from '../freshsales/resource.ts';
import type { CachedAnswer } from '../freshsales/response-cache.ts';
import { isTrue } from '../freshsales/values.ts';
import { getOrInsert } from '../maps.ts';
import { learnIncludes } from './capabilities.ts';
import { type Needs, type Operation, type RecordType, type Registry, readCall } from './record-type.ts';

/** The known part of one record. */
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

interface Overwriting {
  /** Add what is missing, and overwrite nothing. */
  readonly onlyMissing: boolean;
}

/** An entry that can be added to. */
class OwnEntry implements RecordEntry {
  readonly row: Row;
  readonly asked: Set<string>;
  whole: boolean;
  absent: boolean;

  constructor({ row, whole, asked, absent }: RecordEntry) {
    this.row = { ...row };
    this.asked = new Set(asked);
    this.whole = whole;
    this.absent = absent;
  }

  add({ row, whole, asked, absent }: RecordEntry, { onlyMissing }: Overwriting): void {
    for (const column in row)
      if (!POSITIONAL.has(column) && !(onlyMissing && column in this.row)) this.row[column] = row[column];
    for (const include of asked) this.asked.add(include);
    this.whole ||= whole;
    this.absent ||= absent;
  }
}

/** Columns about the position of a row, not about the record. */
const POSITIONAL = new Set(['partial', 'is_primary', 'withheld']);

const NONE: ReadonlySet<string> = new Set();

/** True if a record is in the recycle bin. Freshsales then returns only the row of its view. */
export const isBinned = (row: Identified): boolean => isTrue((row as Row).is_deleted);

type Rows = Pick<PageAnswer, 'rows' | 'sideloads'>;

type Named = Pick<Table, 'name'>;

/** The records that an operation or a response has brought, one entry each. Partial rows are merged into fuller ones. */
class RecordStore {
  readonly #registry: Registry;
  readonly #overwriting: Overwriting;
  readonly #byType = new Map<string, Map<string, RecordEntry>>();
  /** Rows of the recycle bin's view, which say nothing of the record that a read by its id would find. */
  readonly #binned = new Map<string, Row>();
  /** Entries made here, which can be added to. */
  readonly #own = new WeakSet<RecordEntry>();
  readonly #failures = new Map<string, Error>();
  #age = 0;

  constructor(registry: Registry, overwriting: Overwriting = { onlyMissing: false }) {
    this.#registry = registry;
    this.#overwriting = overwriting;
  }

  get({ name }: Named, id: string): RecordEntry | undefined {
    return this.#byType.get(name)?.get(id);
  }

  /** The row of a record in the view of the recycle bin. */
  binned({ name }: Named, id: string): Row | undefined {
    return this.#binned.get(`${name}/${id}`);
  }

  /** Adds a row that may lack columns of the record, and the rows inside it, such as a contact's accounts. */
  put({ name }: Named, row: Row): OwnEntry {
    const entry = this.#toAdd(name, row.id);
    // This caller may know only the position of a withheld row in a list.
    entry.add({ row, whole: false, asked: NONE, absent: row.withheld === true }, this.#overwriting);
    for (const key in row) {
      const cell = row[key];
      if (Array.isArray(cell)) this.#putRows(key, cell);
    }
    return entry;
  }

  /** Adds a row that was read as a record. It lacks no column, unless it says so. */
  putRead(table: Named, row: Row): OwnEntry {
    const entry = this.put(table, row);
    entry.whole ||= row.partial !== true;
    return entry;
  }

  /** Adds a row of a list. */
  putListed(table: Named, row: Row): void {
    if (isBinned(row)) this.#binned.set(`${table.name}/${row.id}`, { ...row, __typename: table.name });
    else this.putRead(table, row);
  }

  /** Adds side-loaded rows. Ignores keys that belong to no table. */
  keep(sideloads: Sideloads): void {
    for (const [key, rows] of Object.entries(sideloads)) this.#putRows(key, rows);
  }

  /** Adds the rows of a response and its side-loaded rows. */
  take(table: Named, answer: Rows): void {
    this.#share(taken(this.#registry, table, answer), { onlyMissing: false });
  }

  /** Adds a cached response. Overwrites nothing that this operation has read. */
  learn(cached: CachedAnswer): void {
    this.#share(
      getOrInsert(learnedFrom, cached, () => learned(this.#registry, cached)),
      { onlyMissing: true },
    );
  }

  /** Regards all includes of a record as requested: what is missing cannot be read. */
  markRead(table: Table, id: string): void {
    const { asked } = this.putRead(table, { id });
    for (const name of Object.keys(includesOf(table))) asked.add(name);
  }

  /** Removes everything. After a write, nothing read before it is certain. */
  clear(): void {
    this.#byType.clear();
    this.#binned.clear();
    this.#failures.clear();
    this.#age += 1;
  }

  /** The number of times that the store was cleared. Results derived from rows before that are outdated. */
  get age(): number {
    return this.#age;
  }

  /** Remembers why columns and includes of a record could not be read. */
  fail({ name }: Named, id: string, parts: readonly string[], reason: Error): void {
    for (const part of parts) this.#failures.set(`${name}/${id}/${part}`, reason);
  }

  /** The reason why a column or include of a record could not be read. Undefined if it was not tried. */
  failureOf({ name }: Named, id: string, part: string): Error | undefined {
    return this.#failures.get(`${name}/${id}/${part}`);
  }

  get hasFailures(): boolean {
    return this.#failures.size > 0;
  }

  /** Adds entries of another store. They are shared, and copied before they are added to. */
  #share(others: RecordStore, overwriting: Overwriting): void {
    for (const [key, row] of others.#binned) this.#binned.set(key, row);
    for (const [type, entries] of others.#byType) {
      const known = this.#of(type);
      for (const [id, entry] of entries) {
        const held = known.get(id);
        if (held === undefined) known.set(id, entry);
        else if (held !== entry) this.#toAdd(type, id).add(entry, overwriting);
      }
    }
  }

  #putRows(key: string, rows: readonly unknown[]): void {
    const table = this.#registry.tableUnderKey(key);
    if (table) for (const row of rows) if (isRow(row)) this.put(table, row);
  }

  #toAdd(type: string, id: string): OwnEntry {
    const entries = this.#of(type);
    const known = entries.get(id);
    if (known instanceof OwnEntry && this.#own.has(known)) return known;
    const own = new OwnEntry(known ?? { row: { __typename: type, id }, whole: false, asked: NONE, absent: false });
    this.#own.add(own);
    entries.set(id, own);
    return own;
  }

  #of(type: string): Map<string, RecordEntry> {
    return getOrInsert(this.#byType, type, () => new Map());
  }
}

/** The record store of an operation. */
export const recordStoreOf = createContextCache(({ registry }: Operation) => new RecordStore(registry));

/**
 * The records of cached responses, stored once and shared by all operations: a cached response is frozen. Keyed by its rows, since
 * a part of a page may be cut out of it.
 */
const takenFrom = new WeakMap<Rows['rows'], Rows & { readonly table: Named; readonly store: RecordStore }>();

function taken(registry: Registry, table: Named, { rows, sideloads }: Rows): RecordStore {
  const known = takenFrom.get(rows);
  if (known?.table === table && known.sideloads === sideloads) return known.store;
  const store = new RecordStore(registry);
  store.keep(sideloads);
  for (const row of rows) if (row.id !== '') store.putListed(table, row);
  takenFrom.set(rows, { table, rows, sideloads, store });
  return store;
}

const learnedFrom = new WeakMap<CachedAnswer, RecordStore>();

function learned(registry: Registry, { kind, include, answer }: CachedAnswer): RecordStore {
  const store = new RecordStore(registry, { onlyMissing: true });
  for (const { key, rows, sideloads } of answer) {
    store.keep(sideloads);
    const table = registry.tableUnderKey(key);
    if (!table) continue;
    for (const row of rows) {
      if (kind !== 'record') store.putListed(table, row);
      else {
        const { asked } = store.putRead(table, row);
        for (const name of include) asked.add(name);
      }
    }
  }
  return store;
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
  const { asked } = store.putRead(recordType, row);
  for (const name of include) asked.add(name);
  learnIncludes(operation, recordType, readCall(recordType), { include, rows: [row] });
}

/** True if everything that is needed of a record is known. */
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

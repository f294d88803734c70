import type { Sideloads } from '../freshsales/answer.ts';
import type { Identified, Table } from '../freshsales/resource.ts';
import { isRow, type Row } from '../freshsales/rows.ts';
import type { Registry } from './record-type.ts';

/** What is known of one record. */
export interface RecordEntry {
  /** All columns seen so far, from whichever answer they came. */
  readonly row: Row;
  /** Came as a record in its own right: a plain column that it lacks does not exist, and is null. */
  readonly whole: boolean;
  /** Includes that a read of this very record has asked for: what they did not bring is not there. */
  readonly asked: ReadonlySet<string>;
  /** A read of this very record found nothing, whatever partial rows still say of it. */
  readonly gone: boolean;
}

/** An entry that may be added to. */
export class OwnEntry implements RecordEntry {
  readonly row: Row;
  readonly asked: Set<string>;
  whole: boolean;
  gone: boolean;

  constructor({
    row,
    whole = false,
    asked = [],
    gone = false,
  }: { row: Row } & Partial<Omit<RecordEntry, 'asked'>> & { asked?: Iterable<string> }) {
    this.row = { ...row };
    this.asked = new Set(asked);
    this.whole = whole;
    this.gone = gone;
  }

  /** `under`: what is known already stands, and only what it lacks is added. */
  add({ row, whole, asked, gone }: Omit<RecordEntry, 'asked'> & { asked?: Iterable<string> }, under: boolean): void {
    for (const column in row)
      if (!POSITIONAL.has(column) && !(under && column in this.row)) this.row[column] = row[column];
    for (const include of asked ?? []) this.asked.add(include);
    this.whole ||= whole;
    this.gone ||= gone;
  }
}

/** Columns that say something about where a row stood, not about the record. */
const POSITIONAL = new Set(['partial', 'is_primary', 'withheld']);

/** Records by type and id. Partial rows are merged into fuller ones. */
export class RecordEntries {
  readonly #registry: Registry;
  readonly #byType = new Map<string, Map<string, RecordEntry>>();
  /** Those made here: they may be added to. */
  readonly #own = new WeakSet<RecordEntry>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  get(type: string, id: string): RecordEntry | undefined {
    return this.#byType.get(type)?.get(id);
  }

  /** Adds a row, and the rows inside it, such as a contact's accounts. */
  put(table: Table, row: Row, whole: boolean, under: boolean): OwnEntry {
    const entry = this.#toAdd(table.name, row.id);
    // Of one that is withheld, only its place in a list may be known to this caller (src/access).
    entry.add({ row, whole, gone: row.withheld === true }, under);
    for (const key in row) {
      const cell = row[key];
      if (Array.isArray(cell)) this.#putRows(key, cell, under);
    }
    return entry;
  }

  /** Adds whatever came along. Keys that no table claims are passed over. */
  putAll(sideloads: Sideloads, under: boolean): void {
    for (const [key, rows] of Object.entries(sideloads)) this.#putRows(key, rows, under);
  }

  /** Adds all that others hold. An entry of theirs is shared as it is, and copied when there is more to say of its record. */
  share(others: RecordEntries, under: boolean): void {
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

/** Whether a record is in the recycle bin, where Freshsales gives no more of it than the row of its view. */
export const isBinned = (row: Identified): boolean => (row as Row).is_deleted === true;

import type { Identified } from '../freshsales/resource.ts';

/** A stored row: every column of its record type, ids as strings. Rows are replaced, never changed in place. */
export interface Row extends Identified {
  readonly [column: string]: unknown;
}

/** Ids are digits without leading zeros, so the shorter one is the smaller number. */
const byId = (a: Row, b: Row): number => a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The rows of one table. */
export class Collection {
  #rows = new Map<string, Row>();
  #sorted: readonly Row[] | undefined;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** Adds the row, or takes the place of the one with its id. */
  insert(row: Row): Row {
    this.#rows.set(row.id, row);
    this.#touch();
    return row;
  }

  /** Changes some columns of a row that is there. */
  update(id: string, changes: Readonly<Record<string, unknown>>): Row | undefined {
    const row = this.#rows.get(id);
    return row && this.insert({ ...row, ...changes, id });
  }

  delete(id: string): boolean {
    const gone = this.#rows.delete(id);
    if (gone) this.#touch();
    return gone;
  }

  /** The rows that pass, by ascending id: an order that no clock can upset. */
  query(passes?: (row: Row) => boolean): readonly Row[] {
    this.#sorted ??= [...this.#rows.values()].sort(byId);
    return passes ? this.#sorted.filter(passes) : this.#sorted;
  }

  snapshot(): ReadonlyMap<string, Row> {
    return new Map(this.#rows);
  }

  restore(rows: ReadonlyMap<string, Row>): void {
    this.#rows = new Map(rows);
    this.#touch();
  }

  #touch(): void {
    this.#sorted = undefined;
    this.#changed();
  }
}

/** What the account looked like at some moment. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, Row>>;

/** First number of the ids that the sandbox gives out; each table starts a million further. */
const FIRST_ID = 31_020_000_000;

/** All rows of one account. */
export class Store {
  /** Grows with every change, so that what was worked out from the rows can be kept until then. */
  version = 0;
  readonly #collections = new Map<string, Collection>();
  readonly #given = new Map<string, number>();

  /** The rows of a table, by the table's name. */
  of(name: string): Collection {
    const known = this.#collections.get(name);
    if (known) return known;
    const collection = new Collection(() => {
      this.version += 1;
    });
    this.#collections.set(name, collection);
    return collection;
  }

  /** An id that no row of the table has, or had since the account began. */
  nextId(name: string): string {
    const rows = this.of(name);
    const table = [...this.#collections.keys()].indexOf(name);
    let id = (this.#given.get(name) ?? FIRST_ID + table * 1_000_000 + rows.size) + 1;
    while (rows.get(String(id))) id += 1;
    this.#given.set(name, id);
    return String(id);
  }

  /** Gives out ids from the beginning again. */
  restartIds(): void {
    this.#given.clear();
  }

  snapshot(): Snapshot {
    return new Map([...this.#collections].map(([name, rows]) => [name, rows.snapshot()]));
  }

  restore(snapshot: Snapshot): void {
    for (const name of new Set([...this.#collections.keys(), ...snapshot.keys()]))
      this.of(name).restore(snapshot.get(name) ?? new Map());
  }
}

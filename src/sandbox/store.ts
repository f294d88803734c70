import type { Identified } from '../freshsales/resource.ts';

/** A stored row: every column of its record type, ids as strings. Rows are replaced, never changed in place. */
export interface Row extends Identified {
  readonly [column: string]: unknown;
}

/** Ids are digits without leading zeros, so the shorter one is the smaller number. */
const byId = (a: Row, b: Row): number => a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The rows of one table. */
class Collection {
  #rows: ReadonlyMap<string, Row> = new Map();
  /** The same map, unless a snapshot has it too. */
  #own: Map<string, Row> | undefined;
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

  /** Adds or replaces the row with its id. */
  insert(row: Row): Row {
    this.#changing().set(row.id, row);
    return row;
  }

  /** Changes some columns of an existing row. */
  update(id: string, changes: Readonly<Record<string, unknown>>): Row | undefined {
    const row = this.#rows.get(id);
    return row && this.insert({ ...row, ...changes, id });
  }

  delete(id: string): boolean {
    return this.#rows.has(id) && this.#changing().delete(id);
  }

  /** The matching rows by ascending id. */
  query(passes?: (row: Row) => boolean): readonly Row[] {
    this.#sorted ??= [...this.#rows.values()].sort(byId);
    return passes ? this.#sorted.filter(passes) : this.#sorted;
  }

  snapshot(): ReadonlyMap<string, Row> {
    this.#own = undefined;
    return this.#rows;
  }

  restore(rows: ReadonlyMap<string, Row>): void {
    this.#own = undefined;
    this.#rows = rows;
    this.#touch();
  }

  /** The rows to change. Copies them first if a snapshot has them. */
  #changing(): Map<string, Row> {
    this.#own ??= new Map(this.#rows);
    this.#rows = this.#own;
    this.#touch();
    return this.#own;
  }

  #touch(): void {
    this.#sorted = undefined;
    this.#changed();
  }
}

/** State of the account at one time. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, Row>>;

/** First generated id. Each table starts a million higher. */
const FIRST_ID = 31_020_000_000;

/** All rows of one account. */
export class Store {
  /** Increases with every change, to invalidate derived values. */
  version = 0;
  readonly #collections = new Map<string, Collection>();
  readonly #given = new Map<string, number>();

  /** The rows of a table, by its name. */
  of(name: string): Collection {
    const known = this.#collections.get(name);
    if (known) return known;
    const collection = new Collection(() => {
      this.version += 1;
    });
    this.#collections.set(name, collection);
    return collection;
  }

  /** A new id for a row of the table. */
  nextId(name: string): string {
    const rows = this.of(name);
    const table = [...this.#collections.keys()].indexOf(name);
    let id = (this.#given.get(name) ?? FIRST_ID + table * 1_000_000 + rows.size) + 1;
    while (rows.get(String(id))) id += 1;
    this.#given.set(name, id);
    return String(id);
  }

  /** Restarts the generated ids. */
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

import { isObject } from '../freshsales/json.ts';
import type { Table } from '../freshsales/resource.ts';
import type { Answer } from '../freshsales/response-cache.ts';
import type { Invalidation } from '../freshsales/writes.ts';

/** The number of changes that are kept. Beyond it, the oldest count as a change of everything. */
const MAX_ENTRIES = 20_000;

interface Entry {
  readonly position: number;
  readonly at: number;
  readonly change: Invalidation;
}

/**
 * Recent writes, in order. A response keeps the position of this log from before its call, and is valid until a later write
 * concerns it. That includes writes while its call was in flight.
 */
export class Changes {
  readonly #keepForMs: number;
  readonly #now: () => number;
  #entries: Entry[] = [];
  #position = 0;
  /** Responses from before this position are stale. */
  #from = 0;

  constructor({ keepForMs, now }: { keepForMs: number; now: () => number }) {
    this.#keepForMs = keepForMs;
    this.#now = now;
  }

  get position(): number {
    return this.#position;
  }

  /** Adds a write. `position` is set if servers share the log. */
  add(change: Invalidation, position = this.#position + 1): void {
    this.#position = position;
    this.#entries.push({ position, at: this.#now(), change });
    this.#prune();
  }

  /** Restarts at a position. All earlier responses are stale. */
  restart(position: number): void {
    this.#entries = [];
    this.#position = position;
    this.#from = position;
  }

  /** True if no write since this position concerns a response. */
  isGood(position: number, concerns: (change: Invalidation) => boolean): boolean {
    if (position < this.#from) return false;
    for (let at = this.#entries.length - 1; at >= 0; at -= 1) {
      const entry = this.#entries[at];
      if (!entry || entry.position <= position) return true;
      if (concerns(entry.change)) return false;
    }
    return true;
  }

  #prune(): void {
    const oldest = this.#now() - this.#keepForMs;
    const aged = this.#entries.findIndex(({ at }) => at > oldest);
    // A quarter at once, so that a flood of changes does not move the others with each of them.
    const keep = this.#entries.length > MAX_ENTRIES ? Math.max(aged, MAX_ENTRIES / 4) : aged;
    if (keep <= 0) return;
    this.#from = this.#entries[keep - 1]?.position ?? this.#from;
    this.#entries.splice(0, keep);
  }
}

/** The dependencies of a response. */
export interface Dependencies {
  readonly contents: Contents;
  /** Types of which it depends on the presence and order of rows. */
  readonly lists: ReadonlySet<string>;
  /** Types of the records that were requested along with others. */
  readonly related: ReadonlySet<string>;
  /** The id of the record it is about. */
  readonly about: string | undefined;
}

/** True if a write makes a response stale. */
export function concerns(
  { type, ids, touched, mayBeRelated }: Invalidation,
  { contents, lists, related, about }: Dependencies,
): boolean {
  if (lists.has(type) || (mayBeRelated && related.has(type))) return true;
  if (ids.length === 0 && contents.types.has(type)) return true;
  // A response may mention a record that it does not contain: a deleted deal must disappear from the deal_ids of its contacts.
  if (ids.some((id) => id === about || contents.ids.has(id))) return true;
  return touched.some((record) =>
    record.id === '*'
      ? lists.has(record.type) || contents.types.has(record.type)
      : record.id === about || contents.rows.has(`${record.type}/${record.id}`),
  );
}

/** The contents of a response that matter for finding and invalidating it. */
interface Contents {
  /** `Type/id` of each row with a known type. */
  readonly rows: ReadonlySet<string>;
  /** Types of those rows. */
  readonly types: ReadonlySet<string>;
  /** Every id in rows and references. */
  readonly ids: ReadonlySet<string>;
  /** Approximate memory in bytes. */
  readonly bytes: number;
}

/** The type of the rows under a key, if it is known. */
export type TypeOfKey = (key: string) => string | undefined;

export function typesByKey(tables: readonly Table[]): TypeOfKey {
  const types = new Map<string, string>();
  for (const { name, many, aliases = [] } of tables) for (const key of [many, ...aliases]) types.set(key, name);
  return (key) => types.get(key);
}

/** Bytes, roughly, of an object or array, of a cell, and of a string without its characters. */
const OBJECT = 56;
const CELL = 8;
const STRING = 24;

/** Indexes and freezes a response, because operations share it. */
export function readContents(answer: Answer, typeOf: TypeOfKey): Contents {
  const rows = new Set<string>();
  const types = new Set<string>();
  const ids = new Set<string>();

  /** `key` is the nearest name above: of a column, or of a list of rows. Returns the bytes. */
  const visit = (value: unknown, key: string): number => {
    if (typeof value === 'string') {
      if (isReference(key)) ids.add(value);
      return STRING + value.length;
    }
    if (Array.isArray(value)) {
      Object.freeze(value);
      return value.reduce<number>((bytes, item) => bytes + CELL + visit(item, key), OBJECT);
    }
    if (!isObject(value)) return 0;
    Object.freeze(value);
    const type = typeOf(key);
    if (type !== undefined && typeof value.id === 'string' && value.id !== '') {
      rows.add(`${type}/${value.id}`);
      types.add(type);
    }
    // An operation that reads a row adds it to its record store; both share the cells.
    const shells = type === undefined ? 1 : 2;
    let bytes = OBJECT * shells;
    for (const column in value) bytes += CELL * shells + visit(value[column], column);
    return bytes;
  };

  let bytes = OBJECT;
  for (const part of answer) {
    bytes += visit(part.rows, part.key) + visit(part.sideloads, '');
    Object.freeze(part);
  }
  Object.freeze(answer);
  // Sets of short strings are kept with the answer.
  return { rows, types, ids, bytes: bytes + 96 * rows.size + 48 * ids.size };
}

/** Approximate memory of a value in bytes. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return STRING + value.length;
  if (Array.isArray(value)) return value.reduce<number>((bytes, item) => bytes + CELL + bytesOf(item), OBJECT);
  if (!isObject(value)) return 0;
  let bytes = OBJECT;
  for (const key in value) bytes += CELL + bytesOf(value[key]);
  return bytes;
}

const isReference = (key: string): boolean => key === 'id' || key.endsWith('_id') || key.endsWith('_ids');

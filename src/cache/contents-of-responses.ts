import type { Answer } from '../freshsales/memory.ts';
import type { Table } from '../freshsales/resource.ts';
import { isObject } from '../freshsales/rows.ts';

/** What an answer holds, as far as it matters for finding and forgetting it. */
export interface Contents {
  /** `Type/id` of every row in it whose type is known. */
  readonly rows: ReadonlySet<string>;
  /** Types of those rows. */
  readonly types: ReadonlySet<string>;
  /** Every id it names, in rows and in references. */
  readonly ids: ReadonlySet<string>;
  /** About what it takes up in memory. */
  readonly bytes: number;
}

/** The type of the rows under a key, where it is known. */
export type TypeOfKey = (key: string) => string | undefined;

export function typesByKey(tables: readonly Table[]): TypeOfKey {
  const types = new Map<string, string>();
  for (const { name, many, aliases = [] } of tables) for (const key of [many, ...aliases]) types.set(key, name);
  return (key) => types.get(key);
}

/** Bytes, roughly, of an object or array, of a cell, and of a string beside its characters. */
const OBJECT = 56;
const CELL = 8;
const STRING = 24;

/** Looks through an answer, and freezes it: from now on many operations read it, and none may change it. */
export function takeStock(answer: Answer, typeOf: TypeOfKey): Contents {
  const rows = new Set<string>();
  const types = new Set<string>();
  const ids = new Set<string>();

  /** `key` is the nearest name above: of a column, or of a list of rows. Gives the bytes. */
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
    // An operation that reads a row makes it an entry of its store, which is kept beside it; their cells are the same.
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
  // What is noted here is kept beside the answer: a set of short strings each.
  return { rows, types, ids, bytes: bytes + 96 * rows.size + 48 * ids.size };
}

/** About what a value takes up in memory. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return STRING + value.length;
  if (Array.isArray(value)) return value.reduce<number>((bytes, item) => bytes + CELL + bytesOf(item), OBJECT);
  if (!isObject(value)) return 0;
  let bytes = OBJECT;
  for (const key in value) bytes += CELL + bytesOf(value[key]);
  return bytes;
}

const isReference = (key: string): boolean => key === 'id' || key.endsWith('_id') || key.endsWith('_ids');

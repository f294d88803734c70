import { isObject } from '../freshsales/json.ts';
import type { Answer } from '../freshsales/memory.ts';
import type { Table } from '../freshsales/resource.ts';

/** What a response contains, as far as it matters for finding and invalidating it. */
export interface Contents {
  /** `Type/id` of every row in it whose type is known. */
  readonly rows: ReadonlySet<string>;
  /** Types of those rows. */
  readonly types: ReadonlySet<string>;
  /** Every id it names, in rows and in references. */
  readonly ids: ReadonlySet<string>;
  /** About how much memory it takes. */
  readonly bytes: number;
}

/** The type of the rows under a key, where it is known. */
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

/** Reads and freezes an answer: from now on many operations share it, and none may change it. */
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

/** About how much memory a value takes. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return STRING + value.length;
  if (Array.isArray(value)) return value.reduce<number>((bytes, item) => bytes + CELL + bytesOf(item), OBJECT);
  if (!isObject(value)) return 0;
  let bytes = OBJECT;
  for (const key in value) bytes += CELL + bytesOf(value[key]);
  return bytes;
}

const isReference = (key: string): boolean => key === 'id' || key.endsWith('_id') || key.endsWith('_ids');

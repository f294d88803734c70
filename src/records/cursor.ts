import { createHash } from 'node:crypto';
import { toTime } from '../freshsales/values.ts';
import { badInput } from './errors.ts';

/** A row of a list, as far as it matters for finding it again. */
export interface ListRow {
  readonly id: string;
  readonly position: number;
  /** A number for its id and sort value: a row that moved has another one. */
  readonly mark: number;
  /** The value by which the list is ordered, as a number. Undefined if unknown. */
  readonly value?: number | undefined;
}

/** The position of a walk: a row, and what is known of its neighbours. */
export interface Cursor {
  readonly position: number;
  /** Marks of the last rows up to this one, in order. Empty if only the position is known. */
  readonly upTo: readonly number[];
  /** Marks of the rows after it. */
  readonly following: readonly number[];
  readonly value?: number | undefined;
  /** The number of rows that followed it. */
  readonly behind?: number | undefined;
  /** The newest rows that the walk has delivered, if the list is ordered by the time of the last change, newest first. */
  readonly top?: Top | undefined;
}

export interface Top {
  readonly marks: readonly number[];
  readonly value: number;
}

/** Neighbours in a cursor, which bound its size. */
const MAX_UP_TO = 10;
const MAX_FOLLOWING = 6;
const MAX_TOP = 4;

/** Rows before and after a cursor's row that help to find it again. */
export const NEIGHBOURS = MAX_UP_TO;

/** A longer text is no cursor. */
const MAX_LENGTH = 600;

/** A 32-bit hash (FNV-1a). */
export function markOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

/** The cursor of a row among the rows around it. */
export function cursorAt(
  rows: readonly ListRow[],
  index: number,
  { total, top }: { total: number | undefined; top?: Top | undefined },
): Cursor {
  const row = rows[index];
  const position = row?.position ?? 0;
  const marks = (from: number, to: number) => rows.slice(Math.max(0, from), to).map(({ mark }) => mark);
  return {
    position,
    upTo: marks(index + 1 - MAX_UP_TO, index + 1),
    following: marks(index + 1, index + 1 + MAX_FOLLOWING),
    value: row?.value,
    behind: total === undefined ? undefined : Math.max(0, total - position - (row ? 1 : 0)),
    top: top && { ...top, marks: top.marks.slice(0, MAX_TOP) },
  };
}

/** A cursor as text. It ends with a checksum, which contains the list: view, sort and filter. */
export function toCursor(list: string, { position, behind, value, upTo, following, top }: Cursor): string {
  const parts = [position, behind, value, pack(upTo), pack(following), top && pack(top.marks), top?.value];
  const payload = parts.map((part) => part ?? '').join(',');
  return Buffer.from(`${payload}.${digest(list, payload)}`).toString('base64url');
}

/** Reads a cursor. Throws if it belongs to another list or was altered. */
export function readCursor(text: string, list: string): Cursor {
  const { cursor, payload, checksum } = parse(text) ?? {};
  if (!cursor || payload === undefined || checksum !== digest(list, payload)) throw misplacedCursor();
  return cursor;
}

/** Reads a cursor of whatever list. Throws if it is none. */
export function readAnyCursor(text: string): Cursor {
  const { cursor } = parse(text) ?? {};
  if (!cursor) throw misplacedCursor();
  return cursor;
}

/** Position, rows behind, value, three lists of marks, the newest value, and the checksum. */
const FORMAT =
  /^((\d{1,9}),(\d{0,9}),(-?\d{1,16}(?:\.\d{1,16})?(?:e[+-]?\d{1,3})?)?,([\w-]{0,64}),([\w-]{0,64}),([\w-]{0,64}),(-?\d{1,16}(?:\.\d{1,16})?(?:e[+-]?\d{1,3})?)?)\.([\w-]{16})$/;

function parse(text: string): { cursor: Cursor; payload: string; checksum: string } | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const decoded = Buffer.from(text, 'base64url');
  const [, payload, position, behind, value, upTo, following, marks, newest, checksum] =
    FORMAT.exec(decoded.toString('latin1')) ?? [];
  if (payload === undefined || checksum === undefined || decoded.toString('base64url') !== text) return undefined;
  const cursor: Cursor = {
    position: Number(position),
    upTo: unpack(upTo),
    following: unpack(following),
    value: value ? Number(value) : undefined,
    behind: behind ? Number(behind) : undefined,
    top: newest ? { marks: unpack(marks), value: Number(newest) } : undefined,
  };
  return { cursor, payload, checksum };
}

function pack(marks: readonly number[]): string {
  const bytes = Buffer.alloc(marks.length * 4);
  for (const [index, mark] of marks.entries()) bytes.writeUInt32BE(mark, index * 4);
  return bytes.toString('base64url');
}

function unpack(text = ''): number[] {
  const bytes = Buffer.from(text, 'base64url');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32BE(index * 4));
}

const misplacedCursor = () =>
  badInput(
    'This cursor is not valid for this list. Use an endCursor or startCursor of the same list: same view, same sort, same filter.',
  );

const digest = (list: string, payload: string): string =>
  createHash('sha256').update(`${list}\n${payload}`).digest('base64url').slice(0, 16);

/** A cell by which a list is sorted, as a number: its value or time. */
export function sortValueOf(cell: unknown): number | undefined {
  if (typeof cell !== 'number' && typeof cell !== 'string') return undefined;
  const text = String(cell).trim();
  if (/^-?\d{1,15}(\.\d+)?$/.test(text)) return Number(text);
  const time = toTime(text);
  return time ? Date.parse(time) : undefined;
}

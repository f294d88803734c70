import { createHash } from 'node:crypto';
import { badInput } from './errors.ts';

/**
 * A cursor holds the list and the row's absolute position in it, not a page, so `first` may change from one page to the next. Its
 * last part is a checksum.
 */
export function toCursor(list: string, position: number): string {
  return Buffer.from(`${position}.${digest(list, position)}`).toString('base64url');
}

/** The position of a cursor. Throws if it belongs to another list or was altered. */
export function positionOf(cursor: string, list: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, digits, given] = /^(\d{1,9})\.([\w-]{16})$/.exec(text) ?? [];
  const position = Number(digits);
  if (digits === undefined || given !== digest(list, position) || toCursor(list, position) !== cursor)
    throw misplacedCursor();
  return position;
}

export const misplacedCursor = () =>
  badInput(
    'This cursor is not valid for this list. Use an endCursor or startCursor of the same list: same view, same sort, same filter.',
  );

/** The position of a cursor of any list. */
export function placeIn(cursor: string): number | undefined {
  const [, digits] = /^(\d{1,9})\.[\w-]{16}$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const digest = (list: string, position: number): string =>
  createHash('sha256').update(`${list}\n${position}`).digest('base64url').slice(0, 16);

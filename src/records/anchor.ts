import { FreshsalesError } from '../freshsales/errors.ts';
import type { Cursor, ListRow } from './cursor.ts';
import type { Sort } from './pages.ts';

/** The side of the cursor's row on which rows are requested. */
export type Side = 'after' | 'before';

/**
 * Finds where a cursor stands among rows. Returns the index of the first row after its row, or with `before`, of the first row
 * that is not before it. Undefined if none of the rows that the cursor knows are there, or all of them moved.
 */
export function findCursor(
  rows: readonly ListRow[],
  { upTo, following }: Pick<Cursor, 'upTo' | 'following'>,
  side: Side,
): number | undefined {
  const cut = side === 'after' ? upTo.length : upTo.length - 1;
  const end = cluster(rows, upTo.slice(0, cut))?.end;
  const start = cluster(rows, [...upTo.slice(cut), ...following])?.start;
  return side === 'after' ? (end ?? start) : (start ?? end);
}

/**
 * The stretch where known rows lie together. A known row that lies elsewhere has moved, and rows between it and the others may not
 * have been delivered. So each known row counts for a stretch, and each other row against it.
 */
function cluster(rows: readonly ListRow[], marks: readonly number[]): { start: number; end: number } | undefined {
  const known = new Set(marks);
  let best: { start: number; end: number; sum: number } | undefined;
  let start = 0;
  let sum = 0;
  for (const [index, { mark }] of rows.entries()) {
    if (sum <= 0) {
      sum = 0;
      start = index;
    }
    sum += known.has(mark) ? 1 : -1;
    if (sum > (best?.sum ?? 0)) best = { start, end: index + 1, sum };
  }
  return best;
}

/** A sort direction: 1 for ascending. */
export type Order = 1 | -1;

/** The order of rows by their values, if they have one. */
export function orderIn(rows: readonly ListRow[]): Order | undefined {
  const values = rows.flatMap(({ value }) => value ?? []);
  if (values.length < rows.length || values.length < 2) return undefined;
  const pairs = values.slice(1).map((value, index) => Math.sign(value - (values[index] ?? 0)));
  const [first] = pairs;
  return (first === 1 || first === -1) && pairs.every((each) => each === first) ? first : undefined;
}

/** Finds where a row with this value would be. Returns 0 or the number of rows if that is outside of them. Empty values are last. */
export function findValue(rows: readonly ListRow[], value: number, order: Order, side: Side): number {
  const isBeyond = (each: number | undefined) => {
    if (each === undefined) return true;
    const distance = (each - value) * order;
    return side === 'after' ? distance >= 0 : distance > 0;
  };
  const index = rows.findIndex((row) => isBeyond(row.value));
  return index < 0 ? rows.length : index;
}

/** Whether a row can move from the part that is still to come to the one that was read. */
export function mayPass(sort: Sort | null | undefined, side: Side): boolean {
  if (!sort || sort.field === 'created_at') return false;
  return sort.field !== 'updated_at' || (sort.direction === 'desc') === (side === 'after');
}

/** The error of a page whose place was not found again. */
export const lost = (): FreshsalesError =>
  new FreshsalesError(
    'PAGE_DRIFT',
    'The rows near this cursor were deleted or moved. Rows may be missing or repeated here. Read the list from its start to be sure.',
  );

/** The error of a page that takes more calls than planned at the most. */
export const tooManyCalls = (): FreshsalesError =>
  new FreshsalesError(
    'PAGE_DRIFT',
    'Rows moved too often while they were read, or pages were too short. The rows before that are complete. Continue with endCursor.',
  );

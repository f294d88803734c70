import { FreshsalesError } from '../freshsales/errors.ts';
import type { Cursor, ListRow, Top } from './cursor.ts';
import type { PagedList, Sort } from './pages.ts';
import type { Slice } from './window.ts';

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

/** True if a row can move from the part that is still to come to the one that was read. */
function mayPass(sort: Sort | null | undefined, side: Side): boolean {
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

/** A walk through a list, and what it noticed. */
interface Walk {
  readonly isLost: boolean;
  readonly vanished: number;
  readonly failure: Error | undefined;
  locate(cursor: Cursor, side: Side): Promise<Located>;
}

/** The position of a cursor. */
export interface Located {
  /** The position of the first row after it, or that is not before it. */
  readonly position: number;
  /** The row next to it on its side. */
  readonly neighbour: ListRow | undefined;
}

/** The cursor at which rows end that are read towards it. Rows may have moved since it was made, so its position is a guess. */
export class SecondCursor {
  readonly #walk: Walk;
  readonly #cursor: Cursor | undefined;
  readonly #side: Side;
  #located: Located | undefined;

  constructor(walk: Walk, cursor: Cursor | undefined, side: Side) {
    this.#walk = walk;
    this.#cursor = cursor;
    this.#side = side;
  }

  /** Its index among rows. Undefined if they do not reach it. */
  async indexIn(rows: readonly ListRow[]): Promise<number | undefined> {
    const cursor = this.#cursor;
    const [first] = rows;
    const last = rows.at(-1);
    if (!cursor || !first || !last) return undefined;
    const isBefore = this.#side === 'before';
    const found = findCursor(rows, cursor, this.#side);
    // At the edge, there may be further rows between.
    if (found !== undefined && found !== (isBefore ? rows.length : 0)) return found;
    const expected = cursor.position + (isBefore ? 0 : 1);
    if (isBefore ? last.position + 1 < expected : first.position > expected) return undefined;
    this.#located ??= await this.#walk.locate(cursor, this.#side);
    const { position, neighbour } = this.#located;
    // Rows of cached pages have the positions of then.
    const index = rows.findIndex(({ id }) => id === neighbour?.id);
    if (index >= 0) return isBefore ? index + 1 : index;
    return isBefore ? endBefore(rows, last, position) : startAfter(rows, first, position);
  }
}

/** Rows that were read later have the positions of now. */
const endBefore = (rows: readonly ListRow[], last: ListRow, position: number): number | undefined =>
  last.position + 1 < position ? undefined : rows.findLastIndex((row) => row.position < position) + 1;

function startAfter(rows: readonly ListRow[], first: ListRow, position: number): number | undefined {
  if (first.position > position) return undefined;
  const index = rows.findIndex((row) => row.position >= position);
  return index < 0 ? rows.length : index;
}

const isNewestFirst = ({ sort }: PagedList): boolean => sort?.field === 'updated_at' && sort.direction === 'desc';

/** The newest rows that the walk has delivered. */
export function topOf(list: PagedList, { after }: Slice, start: number, rows: readonly ListRow[]): Top | undefined {
  if (!isNewestFirst(list)) return undefined;
  if (after) return after.top;
  const [newest] = rows;
  return start === 0 && newest?.value !== undefined
    ? { marks: rows.slice(0, 4).map(({ mark }) => mark), value: newest.value }
    : undefined;
}

/** The reason why rows may be missing or repeated in a walk. `isRepaired`: rows that moved to a part that was read are delivered as well. */
export function problemOf(walk: Walk, list: PagedList, side: Side, { isRepaired = false } = {}): Error | undefined {
  if (walk.failure) return walk.failure;
  if (walk.isLost) return lost();
  if (walk.vanished === 0 || isRepaired || !mayPass(list.sort, side)) return undefined;
  return new FreshsalesError(
    'PAGE_DRIFT',
    `Rows that were still to come were deleted, or moved to a part of the list that was already read (${walk.vanished}). Read the list from its start to be sure that none is missing.`,
  );
}

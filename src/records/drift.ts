import { FreshsalesError } from '../freshsales/errors.ts';
import { findCursor, lost, mayPass, type Side } from './anchor.ts';
import type { Cursor, ListRow, Top } from './cursor.ts';
import type { ListWalk } from './list-walk.ts';
import type { PagedList } from './pages.ts';
import type { Slice } from './window.ts';

/** The cursor at which rows end that are read towards it. Rows may have moved since it was made, so its position is a guess. */
export class SecondCursor {
  readonly #walk: ListWalk;
  readonly #cursor: Cursor | undefined;
  readonly #side: Side;
  /** The position of the first row after it, or that is not before it. */
  #position: number | undefined;

  constructor(walk: ListWalk, cursor: Cursor | undefined, side: Side) {
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
    this.#position ??= await this.#walk.locate(cursor, this.#side);
    return isBefore ? endBefore(rows, last, this.#position) : startAfter(rows, first, this.#position);
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

/** Why rows may be missing or repeated in a walk. `isRepaired`: rows that moved to a part that was read are delivered as well. */
export function problemOf(walk: ListWalk, list: PagedList, side: Side, { isRepaired = false } = {}): Error | undefined {
  if (walk.failure) return walk.failure;
  if (walk.isLost) return lost();
  if (walk.vanished === 0 || isRepaired || !mayPass(list.sort, side)) return undefined;
  return new FreshsalesError(
    'PAGE_DRIFT',
    `Rows that were still to come were deleted, or moved to a part of the list that was already read (${walk.vanished}). Read the list from its start to be sure that none is missing.`,
  );
}

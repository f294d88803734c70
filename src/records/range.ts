import { mayBeFull } from '../freshsales/reads.ts';
import { type Cursor, cursorAt, type ListRow, markOf, type Top, toCursor } from './cursor.ts';
import { badInput, toError } from './errors.ts';
import { findCursor, lost, problemOf, SecondCursor, type Side, topOf } from './find-cursor.ts';
import { ListWalk, type PageStretch, type Stretch } from './list-walk.ts';
import { type PagedList, pageLoader } from './pages.ts';
import type { Operation } from './record-type.ts';
import { boundsOf, COUNT_WINDOW, DEFAULT_FIRST, isBackward, type Slice, windowOf } from './window.ts';

/** The rows of a slice. */
export interface Range {
  readonly rows: readonly ListRow[];
  /** The length of the list. Undefined if Freshsales does not send it and the end was not read. */
  readonly total: number | undefined;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** The cursor of a row. Computed when it is needed, since it contains a digest. */
  cursorOf(index: number): string;
  /** The reason why rows may be missing or repeated. */
  readonly problem?: Error | undefined;
}

/** The number of rows in the list. */
export async function readTotal(operation: Operation, list: PagedList): Promise<number | undefined> {
  const [page] = COUNT_WINDOW.pages;
  const { total, rows } = await pageLoader(operation)({ list, ...page, include: [] });
  return total ?? (rows.length === 0 ? 0 : undefined);
}

/** Reads a slice in as few pages as possible. The first page tells whether the others exist. */
export async function readRange(
  operation: Operation,
  list: PagedList,
  slice: Slice,
  include: readonly string[],
): Promise<Range> {
  const window = windowOf(slice);
  const mostCalls = window.most + window.repairs;
  const walk = new ListWalk(operation, list, { include, mostCalls });
  if (window.from === 'nowhere') return emptyRange(slice, await readTotal(operation, list));
  if (window.from === 'end') return readFromEnd(walk, list, slice);
  return isBackward(slice) ? readBackward(walk, list, slice) : readForward(walk, list, slice);
}

const emptyRange = ({ start, first }: Slice, total: number | undefined): Range => ({
  rows: [],
  total,
  hasNext: first === 0 && (total ?? 0) > start,
  hasPrevious: start > 0,
  cursorOf: () => '',
});

/**
 * From the end, the length has to be known first. The first page is as large as can be: a list that fits it is read in that one
 * call, and it shows the size of pages, without which a later page that is shorter than requested could be taken for the last.
 */
async function readFromEnd(walk: ListWalk, list: PagedList, slice: Slice, tries = 1): Promise<Range> {
  const [page = FIRST_PAGE] = windowOf(slice, walk.most).pages;
  const { total, rows, isLast } = await walk.read(page, { fresh: tries > 1 });
  const isWhole = isLast || (rows.length < page.perPage && !mayBeFull(rows.length));
  const length = total ?? (isWhole ? rows.length : undefined);
  if (length === undefined)
    throw badInput(
      'Freshsales does not return the length of this list, so it cannot be read from the end. Use first instead of last.',
    );
  const { after, first, last } = slice;
  const bounds = boundsOf(slice, length);
  // With the row of a cursor, which shows where it stands now.
  const isBounded = after !== undefined && first === undefined && last !== 0;
  const end = isBounded ? length : bounds.end;
  const start = isBounded ? Math.max(0, Math.min(bounds.start, end) - 1) : bounds.start;
  if (end <= start) return emptyRange(slice, length);
  const positioned = { ...slice, after: undefined, start, end, first: end - start, last: undefined };
  if (first !== undefined) return readForward(walk, list, positioned);
  const wanted = isBounded ? (last ?? length) : end - start;
  if (isLast && length <= page.perPage)
    return readBack(walk, list, { stretch: { rows, total: length, isLast }, start: 0, to: undefined, wanted, after });
  const { stretch } = await begin(walk, positioned);
  // The list became shorter in the meantime.
  if (stretch.rows.length === 0 && tries < MAX_TRIES) return readFromEnd(walk, list, slice, tries + 1);
  return readBack(walk, list, { stretch, start: stretch.start, to: undefined, wanted, after });
}

const MAX_TRIES = 3;

/** Rows after a cursor, or from a position. */
async function readForward(walk: ListWalk, list: PagedList, slice: Slice): Promise<Range> {
  const { start, end } = boundsOf(slice);
  const { stretch: begun, at } = await begin(walk, slice);
  const place = at + start - slice.start;
  const hasPrevious = begun.start + place > 0;
  const delivered = new Set(slice.after?.upTo);
  const isNew = ({ mark }: ListRow) => !delivered.has(mark);
  // Positions say little of the rows between two cursors.
  const wanted = slice.before && slice.last === undefined ? (slice.first ?? DEFAULT_FIRST) : end - start;
  let stretch: Stretch = begun;
  const rowsSoFar = () => unique(stretch.rows.slice(place).filter(isNew));
  const second = new SecondCursor(walk, slice.before, 'before');
  let bound: number | undefined;
  try {
    for (;;) {
      bound = await second.indexIn(rowsSoFar());
      const isDone = bound !== undefined || rowsSoFar().length >= wanted;
      if (isDone || stretch.isLast || stretch.rows.length === 0) break;
      stretch = await walk.extend(stretch);
    }
  } catch (error) {
    walk.failure = toError(error);
  }
  // Delivered rows that follow the place count as rows before it.
  const fresh = stretch.rows.slice(place).findIndex(isNew);
  const from = fresh < 0 ? stretch.rows.length : place + fresh;
  const kept = { ...stretch, rows: [...stretch.rows.slice(0, from), ...rowsSoFar()] };
  const to = from + Math.min(wanted, bound ?? kept.rows.length, kept.rows.length - from);
  const hasNext = bound === undefined ? undefined : to - from < bound;
  const top = topOf(list, slice, begun.start + place, kept.rows);
  const range = cut(list, kept, { from, to, hasNext, hasPrevious, top, problem: problemOf(walk, list, 'after') });
  return walk.vanished > 0 && top ? withMoved(walk, list, { kept, from, to, top, range }) : range;
}

/** Reads the page where a slice begins, and starts to read the others. */
async function begin(walk: ListWalk, slice: Slice): Promise<{ stretch: PageStretch; at: number }> {
  for (;;) {
    const { most } = walk;
    const [page = FIRST_PAGE, ...others] = windowOf(slice, most).pages;
    walk.readAhead([page]);
    const first = await walk.read(page);
    if (walk.most === most) walk.readAhead(others, first.total);
    if (slice.after) return walk.find(slice.after, 'after', page);
    const at = slice.start - first.start;
    // Smaller pages than requested begin elsewhere.
    if (walk.most === most || (at >= 0 && at <= first.rows.length && first.start === 0))
      return { stretch: first, at: Math.max(0, Math.min(at, first.rows.length)) };
  }
}

const FIRST_PAGE = { page: 1, perPage: 1 };

/** Rows before a cursor. */
async function readBackward(walk: ListWalk, list: PagedList, slice: Slice): Promise<Range> {
  const { before = NOWHERE, after } = slice;
  const { start, end } = boundsOf(slice);
  const [page = FIRST_PAGE] = windowOf(slice, walk.most).pages;
  const { stretch, at: to } = await walk.find(before, 'before', page);
  const { upTo, following } = before;
  const delivered = [...upTo.slice(-1), ...following];
  const wanted = after ? (slice.last ?? 0) : end - start;
  return readBack(walk, list, { stretch, start: stretch.start, to, wanted, after, delivered });
}

interface Backward {
  readonly stretch: Stretch;
  readonly start: number;
  /** The index of the row before which rows are read. Undefined for the end of the list. */
  readonly to: number | undefined;
  readonly wanted: number;
  readonly after: Cursor | undefined;
  /** Marks of rows that were delivered already. */
  readonly delivered?: readonly number[];
}

/** Rows before an index of a stretch, or before the end of the list. */
async function readBack(walk: ListWalk, list: PagedList, given: Backward): Promise<Range> {
  const { wanted, after } = given;
  let { stretch, to } = given;
  let isFirst = given.start === 0;
  const delivered = new Set(given.delivered);
  const isNew = ({ mark }: ListRow) => !delivered.has(mark);
  const rowsSoFar = () => unique(stretch.rows.slice(0, to).filter(isNew));
  const second = new SecondCursor(walk, after, 'after');
  let bound: number | undefined;
  try {
    while (to === undefined && !stretch.isLast) stretch = await walk.extend(stretch);
    to ??= stretch.rows.length;
    for (;;) {
      bound = await second.indexIn(rowsSoFar());
      if (bound !== undefined || rowsSoFar().length >= wanted || isFirst || stretch.rows.length === 0) break;
      const extended = await walk.extendBack(stretch);
      stretch = extended.stretch;
      to += extended.added;
      isFirst = extended.isFirst;
    }
  } catch (error) {
    walk.failure = toError(error);
  }
  const rows = rowsSoFar();
  const end = rows.length;
  const from = Math.max(bound ?? 0, end - wanted);
  const hasPrevious = bound === undefined ? from > 0 || !isFirst : from > bound;
  // Delivered rows before the place count as rows after it.
  const place = stretch.rows.slice(0, to).findLastIndex(isNew) + 1;
  const kept = { ...stretch, rows: [...rows, ...stretch.rows.slice(place)] };
  // From the end, pages are read forward first.
  const forward = given.to === undefined ? problemOf(walk, list, 'after') : undefined;
  return cut(list, kept, { from, to: end, hasPrevious, problem: forward ?? problemOf(walk, list, 'before') });
}

const NOWHERE: Cursor = { position: 0, upTo: [], following: [] };

/** Each record once, as Freshsales sent it last: a row that moved may be on two pages. */
function unique(rows: readonly ListRow[]): ListRow[] {
  const ids = new Set<string>();
  return rows.filter(({ id }) => !ids.has(id) && ids.add(id));
}

interface Cut {
  readonly from: number;
  readonly to: number;
  /** By default, true if more rows were or will be read. */
  readonly hasNext?: boolean | undefined;
  readonly hasPrevious: boolean;
  readonly top?: Top | undefined;
  readonly problem?: Error | undefined;
}

/** The rows of a stretch from one index up to another. */
function cut(list: Pick<PagedList, 'key'>, stretch: Stretch, given: Cut): Range {
  const { from, to, hasPrevious, top, problem } = given;
  const { rows, isLast } = stretch;
  const total = stretch.total ?? (isLast ? (rows.at(-1)?.position ?? -1) + 1 : undefined);
  return {
    rows: rows.slice(from, to),
    total,
    hasNext: given.hasNext ?? (to < rows.length || !isLast),
    hasPrevious,
    cursorOf: (index) => toCursor(list.key, cursorAt(rows, from + index, { total, top })),
    problem,
  };
}

/** A walk that was cut short, and the rows that it had not delivered and that moved to the start of the list. */
interface Passed {
  readonly kept: Stretch;
  readonly from: number;
  readonly to: number;
  readonly top: Top;
  readonly range: Range;
}

/**
 * In a list ordered by the last change, newest first, rows that change while it is read move to its start. They are delivered
 * before the others, the oldest change first.
 */
async function withMoved(walk: ListWalk, list: PagedList, { kept, from, to, top, range }: Passed): Promise<Range> {
  const newer = await walk.newerThan(top).catch((error: unknown) => {
    walk.failure = toError(error);
    return [];
  });
  const most = Math.max(1, to - from);
  const moved = newer.slice(-most).reverse();
  const ids = new Set(moved.map(({ id }) => id));
  const rest = range.rows.filter(({ id }) => !ids.has(id)).slice(0, most - moved.length);
  const topAt = (index: number): Top => {
    const rows = newer.slice(Math.max(0, newer.length - 1 - index));
    const [newest] = rows;
    return newest?.value === undefined ? top : { marks: rows.slice(0, 4).map(({ mark }) => mark), value: newest.value };
  };
  const pending = newer.length - moved.length;
  // Rows that moved and are still to come count as rows behind the cursor, so that the next page looks for them again.
  const total = range.total === undefined ? undefined : range.total + pending;
  return {
    ...range,
    rows: [...moved, ...rest],
    hasNext: range.hasNext || rest.length < range.rows.length || pending > 0,
    cursorOf: (index) => {
      const row = rest[index - moved.length];
      const place = row ? kept.rows.indexOf(row) : from - 1;
      return toCursor(list.key, cursorAt(kept.rows, place, { total, top: topAt(Math.min(index, moved.length - 1)) }));
    },
    problem: problemOf(walk, list, 'after', { isRepaired: true }),
  };
}

/** The rows of a list that is known completely. */
export function rangeOfIds(ids: readonly string[], slice: Slice, key: string): Range {
  const rows = ids.map((id, position): ListRow => ({ id, position, mark: markOf(id) }));
  let isLost = false;
  const place = (cursor: Cursor | undefined, side: Side, position: number): number => {
    const isMadeUp = !cursor || cursor.upTo.length + cursor.following.length === 0;
    const found = isMadeUp ? position : findCursor(rows, cursor, side);
    if (found === undefined) isLost = ids.length > 0;
    return found ?? Math.min(position, Math.max(0, ids.length - (cursor?.behind ?? 0)));
  };
  const bounded = {
    ...slice,
    start: place(slice.after, 'after', slice.start),
    end: place(slice.before, 'before', slice.end),
  };
  const { start, end } = boundsOf(bounded, ids.length);
  const known: Stretch = { rows, total: ids.length, isLast: true };
  const range = cut({ key }, known, {
    from: start,
    to: end,
    hasPrevious: start > 0,
    problem: isLost ? lost() : undefined,
  });
  return end > start ? range : { ...range, ...emptyRange(bounded, ids.length) };
}

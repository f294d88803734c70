import { MAX_PER_PAGE, mayBeFull, type ReadPage } from '../freshsales/reads.ts';
import { type Cursor, NEIGHBOURS, readAnyCursor, readCursor } from './cursor.ts';
import { badInput } from './errors.ts';

/** Relay's four arguments. */
export interface ConnectionArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** The requested part of a list, in absolute positions: rows from `start` up to, but not including, `end`. */
export interface Slice {
  readonly start: number;
  /** Infinity without a bound. */
  readonly end: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly after: Cursor | undefined;
  readonly before: Cursor | undefined;
}

export const DEFAULT_FIRST = 25;
export const MAX_FIRST = 500;

/** Throws for counts and cursors that are not valid for any list. */
export function checkArgs({ first, after, last, before }: ConnectionArgs): void {
  for (const [name, count] of Object.entries({ first, last })) {
    if (count === null || count === undefined) continue;
    if (count < 0) throw badInput(`“${name}” is ${count}. It must be 0 or more.`);
    if (count > MAX_FIRST)
      throw badInput(
        `“${name}” is ${count}. At most ${MAX_FIRST} rows can be requested at once. Use endCursor to read the next page.`,
      );
  }
  for (const cursor of [after, before]) if (cursor) readAnyCursor(cursor);
}

/** Checks the arguments and reads their cursors. `list`: the list that cursors must belong to, if it is known. */
export function sliceOf(args: ConnectionArgs, list: string | undefined): Slice {
  checkArgs(args);
  const { first, last } = args;
  const neither = (first ?? undefined) === undefined && (last ?? undefined) === undefined;
  const read = (cursor: string) => (list === undefined ? readAnyCursor(cursor) : readCursor(cursor, list));
  const after = args.after ? read(args.after) : undefined;
  const before = args.before ? read(args.before) : undefined;
  return {
    start: after ? after.position + 1 : 0,
    end: before ? before.position : Number.POSITIVE_INFINITY,
    first: neither ? DEFAULT_FIRST : (first ?? undefined),
    last: last ?? undefined,
    after,
    before,
  };
}

/** The positions of a slice in a list of this length, if it matters. */
export function boundsOf(
  { start, end, first, last }: Pick<Slice, 'start' | 'end' | 'first' | 'last'>,
  total = Number.POSITIVE_INFINITY,
): { start: number; end: number } {
  const from = Math.min(start, total);
  let to = Math.max(from, Math.min(end, total, from + (first ?? Number.POSITIVE_INFINITY)));
  if (!Number.isFinite(to)) to = from;
  return { start: last === undefined ? from : Math.max(from, to - last), end: to };
}

/** True if positions depend on the length of the list: from its end, with no end given. */
const needsTotal = ({ end, last }: Slice): boolean => last !== undefined && !Number.isFinite(end);

/** The condition for further pages. */
export const BEYOND_A_PAGE = `only if there are more than ${MAX_PER_PAGE}`;

/** A page of a list. */
export interface ListPage {
  readonly page: number;
  readonly perPage: number;
}

/** The pages of a slice, and where they are counted from. */
interface PageWindow {
  /** `nowhere`: only the number of rows is needed. `end`: the first page says where the end is. */
  readonly from: 'start' | 'end' | 'nowhere';
  readonly pages: readonly ListPage[];
  /** The pages to read, at least and at most. From the end, the first page may hold the rows, or further ones do. */
  readonly least: number;
  readonly most: number;
  /** The most further calls for rows that moved, and for pages that are shorter than requested. */
  readonly repairs: number;
}

/** One row tells how many a list has. Some endpoints do not answer a page of none (FACTS 5). */
export const COUNT_WINDOW = {
  from: 'nowhere',
  least: 1,
  most: 1,
  repairs: 0,
  pages: [{ page: 1, perPage: 1 }],
} as const satisfies PageWindow;

/** True if rows are read towards the start of the list, from a cursor that is there. */
export const isBackward = ({ first, last, before }: Slice): boolean =>
  before !== undefined && last !== undefined && first === undefined;

/** The pages that are read first for a slice. The planner counts them, and the executor reads them. */
export function windowOf(slice: Slice, most = MAX_PER_PAGE): PageWindow {
  const rows = Math.min(slice.first ?? MAX_FIRST, slice.last ?? MAX_FIRST);
  const repairs = MAX_REPAIRS + Math.ceil(rows / FEWEST_ROWS);
  if (needsTotal(slice)) {
    const perPage = slice.first === undefined && slice.last !== 0 ? most : Math.max(1, Math.min(slice.last ?? 1, most));
    return { from: 'end', pages: [{ page: 1, perPage }], ...countFromEnd(rows), repairs };
  }
  const { start, end } = spanOf(slice);
  if (end <= start) return COUNT_WINDOW;
  const pages = isBackward(slice)
    ? pagesBefore(start, end + 1, most)
    : slice.after
      ? pagesAfter(start - 1, end, most)
      : pagesOf(start, end, most);
  return { from: 'start', pages, least: pages.length, most: pages.length, repairs };
}

/** The positions to read for a slice: with the row of a second cursor, which shows where it stands now. */
function spanOf(slice: Slice): { start: number; end: number } {
  const { start, end } = boundsOf(slice);
  const { after, before, first, last } = slice;
  if (!before || first === 0 || last === 0) return { start, end };
  if (!isBackward(slice)) return { start, end: end >= before.position ? end + 1 : end };
  const to = before.position;
  return { start: after && start === slice.start ? Math.max(0, Math.min(start, to) - 1) : start, end: to };
}

/** So many consecutive rows fit on one page of some size (tested up to position 20 million; at position 50, one fewer). */
const ALWAYS_ONE_PAGE = 51;

function countFromEnd(rows: number): { least: number; most: number } {
  const further = rows < ALWAYS_ONE_PAGE ? 1 : Math.ceil((rows - 1) / MAX_PER_PAGE) + 1;
  return { least: Math.max(1, Math.ceil(rows / MAX_PER_PAGE)), most: 1 + further };
}

/** Rows that a page brings at least, where an upstream sends no more than 25 and pages overlap. */
const FEWEST_ROWS = 12;

/** Calls to find a place again whose rows moved, at the most. */
const MAX_REPAIRS = 16;

/** The condition for them. */
export const REPAIRED = 'only if rows moved since the last page, or pages are shorter than requested';

const startOf = ({ page, perPage }: ListPage): number => (page - 1) * perPage;
const endOf = ({ page, perPage }: ListPage): number => page * perPage;

/** The page of this size that contains a position. */
const pageWith = (position: number, perPage: number): ListPage => ({
  page: Math.floor(position / perPage) + 1,
  perPage,
});

const SIZES = Array.from({ length: MAX_PER_PAGE }, (_, index) => index + 1);

const bestOf = (sizes: readonly number[], position: number, score: (page: ListPage) => number): ListPage =>
  sizes.map((perPage) => pageWith(position, perPage)).reduce((best, each) => (score(each) > score(best) ? each : best));

/** The page with this position that reaches farthest. */
const farthest = (position: number, most: number): ListPage => bestOf(SIZES.slice(0, most), position, endOf);

/** The page with this position that begins earliest. */
const earliest = (position: number, most: number): ListPage =>
  bestOf(SIZES.slice(0, most), position, (page) => -startOf(page));

/** The page that begins with a row already known, or with some, and reaches farthest. Small pages may have no room for them. */
export function nextPage(end: number, most = MAX_PER_PAGE): ListPage {
  const page = farthest(Math.max(0, end - 1), most);
  return endOf(page) > end ? page : farthest(end, most);
}

/** The page that ends with rows already known, and begins earliest. Small pages may have no room for them. */
export function previousPage(start: number, most = MAX_PER_PAGE): ListPage {
  const page = earliest(start, most);
  return startOf(page) < start || start <= 0 ? page : earliest(start - 1, most);
}

/** The page that has most rows on both sides of a position. Of several, the largest, which shows the order of rows best. */
export const pageAround = (position: number, most = MAX_PER_PAGE): ListPage =>
  bestOf(SIZES.slice(0, most).reverse(), position, (page) =>
    Math.min(position - startOf(page), endOf(page) - position),
  );

/** The smallest single page that holds some positions. */
function onePage(start: number, end: number, most: number): ListPage | undefined {
  for (let perPage = Math.max(1, end - start); perPage <= most; perPage += 1) {
    const page = pageWith(start, perPage);
    if (endOf(page) >= end) return page;
  }
  return undefined;
}

/**
 * Pages that hold some positions: one page as small as can be, or several that overlap, so that rows which move from one to the
 * other in the meantime are noticed.
 */
export function pagesOf(start: number, end: number, most = MAX_PER_PAGE): ListPage[] {
  const single = onePage(start, end, most);
  if (single) return [single];
  const pages = [farthest(start, most)];
  for (let last = pages[0]; last && endOf(last) < end; pages.push(last)) last = nextPage(endOf(last), most);
  return pages;
}

/** Pages for the rows after an anchor, and as many rows before it as cost no further page. */
function pagesAfter(anchor: number, end: number, most: number): ListPage[] {
  const fewest = pagesOf(anchor, end, most);
  for (let start = Math.max(0, anchor - NEIGHBOURS); start < anchor; start += 1) {
    const pages = pagesOf(start, end, most);
    if (pages.length <= fewest.length) return pages;
  }
  return fewest;
}

/** The same for the rows before an anchor, beginning at the anchor. */
function pagesBefore(start: number, end: number, most: number): ListPage[] {
  for (let further = NEIGHBOURS; further >= 0; further -= 1) {
    const single = onePage(start, end + further, most);
    if (single) return [single];
  }
  const pages = [earliest(end - 1, most)];
  for (let last = pages[0]; last && startOf(last) > start; pages.push(last)) last = previousPage(startOf(last), most);
  return pages;
}

/**
 * The size of a page that shows to be smaller than requested: there are more pages than rows of the requested size would fill, or its
 * rows would lie beyond the end of the list. Undefined if it does not show.
 */
export function smallerSize({ page, perPage }: ListPage, { rows, total = 0, pages }: ReadPage): number | undefined {
  const count = rows.length;
  if (count === 0 || count >= perPage) return undefined;
  const isBeyond = total > 0 && (page - 1) * perPage + count > total;
  if (!isBeyond && (pages ?? 0) <= Math.ceil(total / perPage)) return undefined;
  // The last page has the rest of the rows.
  const isLast = pages === undefined ? !mayBeFull(count) : page === pages;
  const before = isLast && page > 1 ? (total - count) / (page - 1) : count;
  return Number.isInteger(before) && before > count && before < perPage ? before : count;
}

import { createHash } from 'node:crypto';
import { MAX_PER_PAGE } from '../freshsales/reads.ts';
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
  for (const cursor of [after, before]) if (cursor && placeIn(cursor) === undefined) throw misplacedCursor();
}

/** Checks the arguments and reads their cursors. `list`: the list that cursors must belong to, if it is known. */
export function sliceOf(args: ConnectionArgs, list: string | undefined): Slice {
  checkArgs(args);
  const { first, after, last, before } = args;
  const neither = (first ?? undefined) === undefined && (last ?? undefined) === undefined;
  const positionIn = (cursor: string) => (list === undefined ? (placeIn(cursor) ?? 0) : positionOf(cursor, list));
  return {
    start: after ? positionIn(after) + 1 : 0,
    end: before ? positionIn(before) : Number.POSITIVE_INFINITY,
    first: neither ? DEFAULT_FIRST : (first ?? undefined),
    last: last ?? undefined,
  };
}

/** The positions of a slice in a list of this length, if it matters. */
export function boundsOf(
  { start, end, first, last }: Slice,
  total = Number.POSITIVE_INFINITY,
): { start: number; end: number } {
  const from = Math.min(start, total);
  let to = Math.max(from, Math.min(end, total, from + (first ?? Number.POSITIVE_INFINITY)));
  if (!Number.isFinite(to)) to = from;
  return { start: last === undefined ? from : Math.max(from, to - last), end: to };
}

/** Whether positions depend on the length of the list: from its end, with no end given. */
const needsTotal = ({ end, last }: Slice): boolean => last !== undefined && !Number.isFinite(end);

/** The condition for further pages. */
export const BEYOND_A_PAGE = `only if there are more than ${MAX_PER_PAGE}`;

/** Pages of one size, and where they are counted from. */
interface PageWindow {
  /** `nowhere`: only the number of rows is needed. `end`: the first page says where the end is. */
  readonly from: 'start' | 'end' | 'nowhere';
  readonly perPage: number;
  readonly pages: readonly number[];
}

/** One row tells how many a list has. Some endpoints do not answer a page of none (FACTS 5). */
export const COUNT_WINDOW: PageWindow = { from: 'nowhere', perPage: 1, pages: [1] };

/** The pages that are read first for a slice. The planner counts them, and the executor reads them. */
export function windowOf(slice: Slice): PageWindow {
  if (needsTotal(slice))
    return { from: 'end', perPage: Math.max(1, Math.min(slice.last ?? 1, MAX_PER_PAGE)), pages: [1] };
  const { start, end } = boundsOf(slice);
  return end <= start ? COUNT_WINDOW : { from: 'start', ...pagesOf(start, end) };
}

/** So many consecutive rows always fit on one page of some size (tested up to position 20 million). */
const ALWAYS_ONE_PAGE = 50;

/** The pages of a window, at least and at most. From the end, the first page may hold the rows, or further ones do. */
export function pageCounts({ from, pages }: PageWindow, { first, last }: Slice): { least: number; most: number } {
  if (from !== 'end') return { least: pages.length, most: pages.length };
  const rows = Math.min(first ?? MAX_FIRST, last ?? MAX_FIRST);
  const further = rows <= ALWAYS_ONE_PAGE ? 1 : Math.ceil((rows - 1) / MAX_PER_PAGE) + 1;
  return { least: Math.max(1, Math.ceil(rows / MAX_PER_PAGE)), most: 1 + further };
}

/** Which pages of which size hold the positions: the fewest pages; one page as small as can be, several as large. */
export function pagesOf(start: number, end: number): { perPage: number; pages: number[] } {
  const last = Math.max(start, end - 1);
  let best = { perPage: MAX_PER_PAGE, count: Number.POSITIVE_INFINITY };
  for (let perPage = 1; perPage <= MAX_PER_PAGE; perPage += 1) {
    const count = Math.floor(last / perPage) - Math.floor(start / perPage) + 1;
    if (count < best.count || (count > 1 && count === best.count)) best = { perPage, count };
  }
  const firstPage = Math.floor(start / best.perPage) + 1;
  return { perPage: best.perPage, pages: Array.from({ length: best.count }, (_, index) => firstPage + index) };
}

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

const misplacedCursor = () =>
  badInput(
    'This cursor is not valid for this list. Use an endCursor or startCursor of the same list: same view, same sort, same filter.',
  );

/** The position of a cursor of any list. */
function placeIn(cursor: string): number | undefined {
  const [, digits] = /^(\d{1,9})\.[\w-]{16}$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const digest = (list: string, position: number): string =>
  createHash('sha256').update(`${list}\n${position}`).digest('base64url').slice(0, 16);

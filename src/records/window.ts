import { MAX_PER_PAGE } from '../freshsales/paging.ts';
import { badInput } from './bad-input.ts';
import { misplacedCursor, placeIn, positionOf } from './cursor.ts';

/** Relay's four arguments. */
export interface ConnectionArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** What is asked of a list, in absolute positions: rows from `start` up to, not including, `end`. */
export interface Slice {
  readonly start: number;
  /** Infinity where no bound was given. */
  readonly end: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
}

export const DEFAULT_FIRST = 25;
export const MAX_FIRST = 500;

/** Refuses counts and cursors that no list takes. */
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

/** Checks the arguments and reads their cursors. */
export function sliceOf(args: ConnectionArgs, list: string): Slice {
  checkArgs(args);
  const { first, after, last, before } = args;
  const neither = (first ?? undefined) === undefined && (last ?? undefined) === undefined;
  return {
    start: after ? positionOf(after, list) + 1 : 0,
    end: before ? positionOf(before, list) : Number.POSITIVE_INFINITY,
    first: neither ? DEFAULT_FIRST : (first ?? undefined),
    last: last ?? undefined,
  };
}

/** The positions a slice comes down to once the length of the list is known (or does not matter). */
export function boundsOf(
  { start, end, first, last }: Slice,
  total = Number.POSITIVE_INFINITY,
): { start: number; end: number } {
  const from = Math.min(start, total);
  let to = Math.max(from, Math.min(end, total, from + (first ?? Number.POSITIVE_INFINITY)));
  if (!Number.isFinite(to)) to = from;
  return { start: last === undefined ? from : Math.max(from, to - last), end: to };
}

/** Whether the positions can only be told when the length of the list is known: from its far end, with no end given. */
export const needsTotal = ({ end, last }: Slice): boolean => last !== undefined && !Number.isFinite(end);

/** Of a call of which there may be more than one. */
export const BEYOND_A_PAGE = `only where there are more than ${MAX_PER_PAGE}`;

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

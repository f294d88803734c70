import type { Row } from '../freshsales/answer.ts';
import type { TimeZone } from '../freshsales/time-zone.ts';
import { toTime } from '../freshsales/values.ts';
import type { PagedList } from '../records/pages.ts';
import { type ListPage, nextPage } from '../records/window.ts';
import type { ExportedPage } from './page-reader.ts';

/** The state of a walk. Plain data, so that it survives a restart. */
export interface WalkState {
  /** The list that is read, if a type has several. */
  list: number;
  /** The number of times that this list was read before. */
  pass: number;
  /** Rows before this position were read. */
  position: number;
  lastTotal?: number | undefined;
  /** Rows may be missing before the next page, so it must begin with a known row. */
  isInDoubt: boolean;
  /** False once rows came in another order than requested. */
  isOrdered: boolean;
  /** False if rows moved while this pass read them. */
  isQuiet: boolean;
  /** A page had fewer rows than requested though more follow. */
  isShort: boolean;
  /** The sort value of the first row, in milliseconds. */
  top?: number | undefined;
  /** Rows of this list that were delivered. */
  delivered: number;
  /** New rows of this pass. */
  found: number;
  /** Different rows that this pass has met since it was begun or continued. */
  met: number;
}

export const newWalk = (): WalkState => ({ ...newPass(0, 0), delivered: 0 });

const newPass = (list: number, pass: number): Omit<WalkState, 'delivered'> => ({
  list,
  pass,
  position: 0,
  isInDoubt: false,
  isOrdered: true,
  isQuiet: true,
  isShort: false,
  found: 0,
  met: 0,
  lastTotal: undefined,
  top: undefined,
});

/** Rows may have moved since the walk was interrupted. */
export const resumed = (state: WalkState): WalkState => ({ ...state, isInDoubt: true, isQuiet: false });

/** Rows that were not delivered before, with the state after them. */
export interface Step {
  readonly page: ExportedPage;
  /** Indices of the rows to deliver. */
  readonly news: readonly number[];
  readonly total: number | undefined;
}

export interface WalkOptions {
  readonly lists: readonly PagedList[];
  readonly read: (list: PagedList, page: ListPage) => Promise<ExportedPage>;
  readonly state: WalkState;
  /** Ids of delivered rows. The caller adds those of each step. */
  readonly known: ReadonlySet<string>;
  /** Rows may leave and enter the list without being deleted or created: pages overlap by a row. */
  readonly overlaps: boolean;
  /** Only rows that changed at this time or later, in milliseconds. */
  readonly since?: number | undefined;
  /** The zone of times without an offset. */
  readonly zone: TimeZone;
}

const PAGE = 100;

const MAX_PASSES = 3;

/**
 * Reads lists whose rows move, newest rows first. New rows then only push others to later pages, where they are met again; they
 * are read at the end. A deletion pulls others to earlier pages, and shows in the number of rows, which cannot grow meanwhile by as
 * many new rows without pushing them back. After a deletion the walk goes back until it meets a row that it knows.
 */
export async function* walk(options: WalkOptions): AsyncGenerator<Step> {
  const { lists, state } = options;
  for (; state.list < lists.length; Object.assign(state, newWalk(), { list: state.list + 1 }))
    for (;;) {
      const total = yield* onePass(options);
      if (isComplete(options, total)) break;
      Object.assign(state, newPass(state.list, state.pass + 1));
    }
}

/** True if every row was met. Freshsales may count rows that it does not list, which another pass does not find either. */
function isComplete({ state, since }: WalkOptions, total: number | undefined): boolean {
  if (state.pass + 1 >= MAX_PASSES || (state.pass > 0 && state.found === 0)) return true;
  if (since !== undefined && state.isOrdered) return true;
  return (state.isOrdered || state.isQuiet) && (total === undefined || Math.max(state.delivered, state.met) >= total);
}

async function* onePass(options: WalkOptions): AsyncGenerator<Step, number | undefined> {
  const { state, overlaps } = options;
  const seen = new Set<string>();
  let isLast = false;
  let pages = 0;
  while (!isLast) {
    const window = overlaps && state.isOrdered ? nextPage(state.position) : pageAt(state.position);
    isLast = yield* step(options, window, seen);
    pages += 1;
  }
  // A single page is one moment.
  if (!state.isOrdered || (pages === 1 && state.position <= PAGE)) return state.lastTotal;
  return yield* newerRows(options);
}

const pageAt = (position: number): ListPage => ({ page: Math.floor(position / PAGE) + 1, perPage: PAGE });

/** Reads a page, and says whether it is the last one. */
async function* step(options: WalkOptions, window: ListPage, seen: Set<string>): AsyncGenerator<Step, boolean> {
  const { lists, read, state, known, overlaps, since, zone } = options;
  const list = lists[state.list];
  if (!list) return true;
  const page = await read(list, window);
  const { wire, total } = page;
  const start = (window.page - 1) * window.perPage;
  const times = timesOf(list, wire, zone);
  if (!list.sort || !isDescending(times)) state.isOrdered = false;
  if (start === 0) state.top ??= times[0];
  const isShrunk = total !== undefined && state.lastTotal !== undefined && total < state.lastTotal;
  if (wire.some(({ id }) => seen.has(id)) || (state.lastTotal ?? total) !== total) state.isQuiet = false;
  for (const { id } of wire) seen.add(id);
  state.met = seen.size;
  state.lastTotal = total;
  const isKnown = wire[0] !== undefined && known.has(wire[0].id);
  state.isInDoubt = start > 0 && !isKnown && wire.length > 0 && (state.isInDoubt || isShrunk || overlaps);
  const end = start + wire.length;
  if (wire.length < window.perPage && (total ?? end) > end) state.isShort = true;
  const goesBack = state.isInDoubt && state.isOrdered;
  const isLast = isEnd(state, { window, count: wire.length, total });
  state.position = goesBack ? Math.max(0, start - (overlaps ? PAGE / 2 : PAGE)) : isLast ? end : start + window.perPage;
  yield* deliver(options, page);
  const isOld = since !== undefined && state.isOrdered && (times.at(-1) ?? Infinity) < since;
  return !goesBack && (isLast || isOld);
}

function isEnd(
  { isShort }: WalkState,
  { window, count, total }: { window: ListPage; count: number; total: number | undefined },
): boolean {
  if (count === 0) return true;
  return total === undefined || isShort ? false : window.page * window.perPage >= total;
}

/** New rows came in at the start of the list. Returns the number of rows at the end. */
async function* newerRows(options: WalkOptions): AsyncGenerator<Step, number | undefined> {
  const { lists, read, state } = options;
  const list = lists[state.list];
  let total = state.lastTotal;
  for (let number = 1; list; number += 1) {
    const page = await read(list, { page: number, perPage: PAGE });
    total = page.total;
    yield* deliver(options, page);
    const oldest = timesOf(list, page.wire, options.zone).at(-1);
    const isOlder = oldest === undefined || state.top === undefined || oldest < state.top;
    if (page.wire.length < PAGE || isOlder || page.wire.every(({ id }) => options.known.has(id))) break;
  }
  return total;
}

function* deliver({ known, state, since, zone }: WalkOptions, page: ExportedPage): Generator<Step> {
  const ids = new Set<string>();
  const news = page.wire.flatMap(({ id, updated_at }, index) => {
    if (known.has(id) || ids.has(id)) return [];
    ids.add(id);
    return since !== undefined && (timeOf(updated_at, zone) ?? Infinity) < since ? [] : [index];
  });
  state.delivered += news.length;
  state.found += news.length;
  yield { page, news, total: page.total };
}

const timeOf = (cell: unknown, zone: TimeZone): number | undefined => {
  const time = toTime(cell, zone);
  return typeof time === 'string' ? Date.parse(time) : undefined;
};

/** The value by which the list is sorted, as far as the rows show it. */
const timesOf = ({ sort }: PagedList, rows: readonly Row[], zone: TimeZone): number[] =>
  sort ? rows.flatMap((row) => timeOf(row[sort.field], zone) ?? []) : [];

const isDescending = (times: readonly number[]): boolean =>
  times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time));

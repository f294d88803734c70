import type { Row } from '../freshsales/answer.ts';
import { MAX_PER_PAGE, mayBeFull } from '../freshsales/reads.ts';
import type { ReadOptions } from '../freshsales/response-cache.ts';
import { capabilitiesOf } from './capabilities.ts';
import { type Cursor, cursorAt, type ListRow, markOf, sortValueOf, type Top } from './cursor.ts';
import { toError } from './errors.ts';
import { findCursor, findValue, type Located, type Order, orderIn, type Side, tooManyCalls } from './find-cursor.ts';
import { type PagedList, pageLoader } from './pages.ts';
import type { Operation } from './record-type.ts';
import { type ListPage, nextPage, pageAround, previousPage, smallerSize } from './window.ts';

/** Consecutive rows of a list. */
export interface Stretch {
  readonly rows: readonly ListRow[];
  readonly total: number | undefined;
  /** True if no rows follow. */
  readonly isLast: boolean;
}

export interface PageStretch extends Stretch {
  readonly start: number;
  readonly isCached: boolean;
  /** True if the page is shorter than requested although more rows follow. */
  readonly isShort: boolean;
  /** True if the page seems to be the last one, but is as long as any page would be if their size had a limit. */
  readonly mayBeShort: boolean;
}

/** A stretch, and where a cursor stands in it. */
interface Found<S extends Stretch = Stretch> {
  readonly stretch: S;
  readonly at: number;
}

/** The most attempts to find a stretch whose end keeps moving. */
const MAX_TRIES = 5;

/** Pages read in search of a row that moved. */
const MAX_SEARCHES = 10;

/** So many rows in the order of their ids are no coincidence. */
const ORDERED_ROWS = 6;

/** Pages read for rows that moved to the start of a list. */
const MAX_TOP_PAGES = 5;

/** Reads stretches of a list whose rows may move between two pages. */
export class ListWalk {
  /** True if a place was not found again. */
  isLost = false;
  /** Rows that were still to come and are no longer there: deleted, or moved to a part that was already read. */
  vanished = 0;
  /** A page that could not be read, after others could. */
  failure: Error | undefined;
  readonly #operation: Operation;
  readonly #list: PagedList;
  readonly #include: readonly string[];
  readonly #ahead = new Map<string, Promise<PageStretch>>();
  /** The size of a page that was shorter than requested. It may be a limit, or rows are hidden (QUIRKS 32). */
  #shortest = MAX_PER_PAGE;
  /** The most rows that a page had. */
  #longest = 0;

  /** Pages that may still be read. */
  #callsLeft: number;

  constructor(
    operation: Operation,
    list: PagedList,
    { include, mostCalls }: { include: readonly string[]; mostCalls: number },
  ) {
    this.#operation = operation;
    this.#list = list;
    this.#include = include;
    this.#callsLeft = mostCalls;
  }

  /** The most rows that Freshsales puts on a page of this list, as far as known. */
  get most(): number {
    return Math.min(this.#shortest, capabilitiesOf(this.#operation).lengthOf(this.#pageSize) ?? MAX_PER_PAGE);
  }

  get #pageSize(): string {
    return `page ${this.#list.path}`;
  }

  /** Starts to read pages that will be needed, unless the list is known to end before. */
  readAhead(pages: readonly ListPage[], total?: number): void {
    for (const page of pages) {
      if (total !== undefined && (page.page - 1) * page.perPage >= total) continue;
      const reading = this.#read(page);
      // It is awaited when its turn comes, if ever.
      reading.catch(() => {});
      this.#ahead.set(nameOf(page), reading);
    }
  }

  /** Reads a page. */
  async read(page: ListPage, { fresh = false }: ReadOptions = {}): Promise<PageStretch> {
    const ahead = fresh ? undefined : this.#ahead.get(nameOf(page));
    return ahead ?? this.#read(page, { fresh });
  }

  async #read({ page, perPage }: ListPage, { fresh = false }: ReadOptions = {}): Promise<PageStretch> {
    const list = this.#list;
    if (this.#callsLeft <= 0) throw tooManyCalls();
    this.#callsLeft -= 1;
    const answer = await pageLoader(this.#operation)({ list, page, perPage, include: this.#include, fresh });
    const { total, isCached } = answer;
    const count = answer.rows.length;
    const size = smallerSize({ page, perPage }, answer);
    if (size !== undefined) this.#learnSize(size);
    const start = (page - 1) * (size ?? perPage);
    const isLast = count === 0 || (total !== undefined && start + count >= total);
    const rows = answer.rows.map((row, index) => toListRow(list, row, start + index));
    const isShort = size === undefined && count < perPage && !isLast;
    if (isShort) this.#shortest = Math.min(this.#shortest, Math.max(2, count));
    const mayBeLimit = count < perPage && mayBeFull(count) && count >= this.#longest;
    const mayBeShort = size === undefined && isLast && mayBeLimit && page > 1 && page * count <= (total ?? 0);
    this.#longest = Math.max(this.#longest, count);
    return { rows, total, isLast, start, isCached, isShort, mayBeShort };
  }

  #learnSize(rows: number): void {
    capabilitiesOf(this.#operation).setLength(this.#pageSize, rows);
  }

  /** Finds a cursor again, beginning with the page where it is expected. */
  async find(cursor: Cursor, side: Side, page: ListPage): Promise<Found<PageStretch>> {
    const found = await this.#findNear(cursor, side, page);
    const { start, total } = found.stretch;
    const now = side === 'after' ? total !== undefined && total - start - found.at : start + found.at;
    const before = side === 'after' ? cursor.behind : cursor.position;
    // Hidden rows cannot be told from those that vanished.
    if (typeof now === 'number' && before !== undefined && !found.stretch.isShort)
      this.vanished += Math.max(0, before - now);
    return found;
  }

  /** The present position of a cursor. A cached page may be older than the rows that it is compared with, so none is used. */
  async locate(cursor: Cursor, side: Side): Promise<Located> {
    const { stretch, at } = await this.#findNear(cursor, side, pageAround(cursor.position, this.most), { fresh: true });
    return { position: stretch.start + at, neighbour: stretch.rows[side === 'after' ? at : at - 1] };
  }

  async #findNear(cursor: Cursor, side: Side, page: ListPage, options: ReadOptions = {}): Promise<Found<PageStretch>> {
    let found = await this.#findOn(cursor, side, page, options);
    for (let tries = 1; tries < MAX_TRIES && !this.isLost && cursor.upTo.length > 0; tries += 1) {
      const { stretch, at } = found;
      // At the edge of a page, only neighbours of its row were found, and others may be between.
      if (side === 'before' ? at < stretch.rows.length || stretch.isLast : at > 0 || stretch.start === 0) break;
      found = await this.#findOn(cursor, side, pageAround(stretch.start + at, this.most), options);
    }
    return found;
  }

  async #findOn(cursor: Cursor, side: Side, page: ListPage, options: ReadOptions): Promise<Found<PageStretch>> {
    let stretch = await this.read(page, options);
    const expected = cursor.position + (side === 'after' ? 1 : 0);
    // Only its position is known, of a cursor that was made up.
    if (cursor.upTo.length + cursor.following.length === 0)
      return { stretch, at: clamp(expected - stretch.start, stretch.rows.length) };
    let at = findCursor(stretch.rows, cursor, side);
    if (stretch.isCached && at !== expected - stretch.start) {
      stretch = await this.#readAgain(page, stretch);
      at = findCursor(stretch.rows, cursor, side);
    }
    return at === undefined ? this.#search(cursor, side, stretch) : { stretch, at };
  }

  /** A cached page may be older than what it has to fit to. */
  async #readAgain(page: ListPage, cached: PageStretch): Promise<PageStretch> {
    try {
      return await this.read(page, { fresh: true });
    } catch (error) {
      this.failure = toError(error);
      return cached;
    }
  }

  /**
   * Looks elsewhere: where as many rows follow as did before, and where the values by which the list is sorted lead. In a list
   * that Freshsales sends in the order of ids, those are the values.
   */
  async #search(cursor: Cursor, side: Side, first: PageStretch): Promise<Found<PageStretch>> {
    const guess = expectedIn(cursor, side, first.total);
    let stretch = first;
    let [low, high] = [0, first.total ?? Number.MAX_SAFE_INTEGER];
    const seen = new Set<string>();
    for (let step = 0; step < MAX_SEARCHES; step += 1) {
      if (stretch.mayBeShort) this.#shortest = Math.min(this.#shortest, stretch.rows.length);
      // If the size of pages is limited, a short page begins elsewhere.
      const isPlaced = !(stretch.isShort || stretch.mayBeShort) || stretch.start === 0;
      const at = isPlaced ? this.#byValue(stretch.rows, cursor, side) : undefined;
      let next = guess;
      if (at === 0 && stretch.start > 0) {
        high = Math.min(high, stretch.start);
        next = step === 0 ? high - 1 : Math.floor((low + high) / 2);
      } else if (at === stretch.rows.length && !stretch.isLast) {
        low = Math.max(low, stretch.start + at);
        next = step === 0 ? low : Math.floor((low + high) / 2);
      } else if (at !== undefined) return { stretch, at };
      const page = pageAround(clamp(next, Math.max(0, high - 1)), this.most);
      if (seen.has(nameOf(page))) break;
      seen.add(nameOf(page));
      stretch = await this.read(page, { fresh: true });
      const found = findCursor(stretch.rows, cursor, side);
      if (found !== undefined) return { stretch, at: found };
    }
    return this.#giveUp(guess, side, stretch);
  }

  async #giveUp(guess: number, side: Side, last: PageStretch): Promise<Found<PageStretch>> {
    const isThere = guess >= last.start && guess <= last.start + last.rows.length;
    const stretch = isThere ? last : await this.read(pageAround(guess, this.most), { fresh: true });
    // At the start of a list, there is nothing to miss.
    if (side === 'before' || guess > 0) this.isLost = true;
    return { stretch, at: clamp(guess - stretch.start, stretch.rows.length) };
  }

  #byValue(rows: readonly ListRow[], { value }: Cursor, side: Side): number | undefined {
    if (value === undefined || rows.length === 0) return undefined;
    const { sort } = this.#list;
    const inferred = rows.length < ORDERED_ROWS ? undefined : orderIn(rows);
    const order: Order | undefined = sort ? (sort.direction === 'desc' ? -1 : 1) : inferred;
    return order && findValue(rows, value, order, side);
  }

  /** Adds the rows after a stretch. */
  async extend({ rows, total }: Stretch): Promise<Stretch> {
    let cursor = cursorAt(rows, rows.length - 1, { total });
    for (let tries = 1; ; tries += 1) {
      const { stretch, at } = await this.find(cursor, 'after', nextPage(cursor.position + 1, this.most));
      const more = stretch.rows.slice(at);
      const position = stretch.start + at - 1;
      const isThere = position === cursor.position;
      // Pages that fit together show that the size of a short page is a limit.
      if (isThere && this.#shortest < MAX_PER_PAGE) this.#learnSize(this.#shortest);
      const isFound = more.length > 0 || stretch.isLast || isThere;
      if (!isFound && tries === MAX_TRIES) this.isLost = true;
      if (isFound || tries === MAX_TRIES)
        return { rows: [...rows, ...more], total: stretch.total, isLast: stretch.isLast || more.length === 0 };
      // The last row was found elsewhere, at the end of a page.
      const behind = stretch.total === undefined ? undefined : Math.max(0, stretch.total - position - 1);
      cursor = { ...cursor, position, behind };
    }
  }

  /** Adds the rows before a stretch. Returns how many they are. */
  async extendBack({ rows, total, isLast }: Stretch): Promise<{ stretch: Stretch; added: number; isFirst: boolean }> {
    let cursor = cursorAt(rows, 0, { total });
    for (let tries = 1; ; tries += 1) {
      const { stretch, at } = await this.find(cursor, 'before', previousPage(cursor.position, this.most));
      const more = stretch.rows.slice(0, at);
      const isFirst = stretch.start === 0;
      if (more.length > 0 || isFirst || tries === MAX_TRIES) {
        if (more.length === 0 && !isFirst) this.isLost = true;
        const extended = { rows: [...more, ...rows], total: stretch.total, isLast };
        return { stretch: extended, added: more.length, isFirst: isFirst || more.length === 0 };
      }
      // The first row was found elsewhere, at the start of a page.
      cursor = { ...cursor, position: stretch.start + at };
    }
  }

  /** Rows that came to the start of the list since the walk began there. */
  async newerThan({ marks, value }: Top): Promise<readonly ListRow[]> {
    let stretch: Stretch = await this.read({ page: 1, perPage: this.most }, { fresh: true });
    for (let pages = 1; ; pages += 1) {
      const { rows, isLast } = stretch;
      const end = findCursor(rows, { upTo: [], following: marks }, 'before') ?? findValue(rows, value, -1, 'after');
      if (end < rows.length || isLast) return rows.slice(0, end);
      if (pages === MAX_TOP_PAGES) {
        this.isLost = true;
        return [];
      }
      stretch = await this.extend(stretch);
    }
  }
}

const nameOf = ({ page, perPage }: ListPage): string => `${page}/${perPage}`;

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));

/** The position of a cursor if all changes were before it. */
const expectedIn = ({ position, behind }: Cursor, side: Side, total: number | undefined): number => {
  const after = total === undefined || behind === undefined ? position + 1 : Math.max(0, total - behind);
  return side === 'after' ? after : Math.max(0, after - 1);
};

/** A row of a list. Its mark contains the value by which it is sorted, since a row with another value has moved. */
function toListRow({ sort }: PagedList, row: Row, position: number): ListRow {
  const value = sortValueOf(sort ? row[sort.field] : row.id);
  return { id: row.id, position, value, mark: markOf(sort ? `${row.id} ${value ?? ''}` : row.id) };
}

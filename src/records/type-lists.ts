import { createContextCache } from '@pothos/core';
import type { Known } from '../cache/known.ts';
import type { PageAnswer } from '../freshsales/answer.ts';
import { MAX_PER_PAGE } from '../freshsales/paging.ts';
import { capabilitiesOf } from './capabilities.ts';
import { isAnswered, listedPages, type PagedList, refusedAs, tryPage } from './pages.ts';
import { recordStoreOf } from './record-store.ts';
import { type Operation, type RecordType, scanOf } from './record-type.ts';
import { defaultView, isOfAll, readViews, viewPages, viewsIn } from './views.ts';

/** Lists in which records of a type are found, whatever else is known of them. */
export interface Lists {
  readonly lists: readonly PagedList[];
  /** Whether every record of the type that the key may see is in one of them. */
  readonly isWhole: boolean;
}

/** What is known of an account's lists: which there are, and how many rows they had. */
export interface Measures {
  readonly known: Known;
  readonly lengthOf: (list: string) => number | undefined;
}

/** How many pages some lists have together. */
export const pagesOfAll = (lists: readonly string[], { lengthOf }: Measures): number | undefined => {
  const lengths = lists.map(lengthOf);
  return lengths.every((length) => length !== undefined)
    ? lengths.reduce((sum, length) => sum + pagesOf(length), 0)
    : undefined;
};

/** How the lists of a type are found. */
export interface ListFinder {
  /** Their pages, as a template of a call. */
  readonly call: string;
  /** The small list that has to be known first, where there is one. */
  readonly first?: string;
  /** Calls that it takes at the most to find them and read the first page of each. */
  readonly calls: (context: Operation) => number;
  /** How many pages they have, so that nothing is risked by reading them; undefined where nobody has looked. */
  readonly pages: (measures: Measures) => number | undefined;
  readonly find: (context: Operation) => Promise<Lists | undefined>;
}

/** How the lists of a record type are found, where it has any. */
export function finderOf(recordType: RecordType | undefined): ListFinder | undefined {
  const scan = recordType && scanOf(recordType);
  if (!scan) return undefined;
  return scan.in === 'default view' ? defaultViewFinder(recordType) : filterFinder(recordType, scan.in.filters);
}

/** Records are in the lists of these filters below the path of their type, each in one of them. */
function filterFinder(recordType: RecordType, filters: readonly string[]): ListFinder {
  const lists = filters.map((filter) => listedPages(recordType, { filter }));
  return {
    call: `GET /${recordType.path}`,
    calls: () => filters.length,
    pages: (measures) =>
      pagesOfAll(
        lists.map(({ key }) => key),
        measures,
      ),
    find: async () => ({ lists, isWhole: true }),
  };
}

/** Records of a type are in its default view: all of them, where that is one of all. */
const defaultViewFinder = (recordType: RecordType): ListFinder => ({
  call: `GET /${recordType.path}/view/{id}`,
  first: `${recordType.path}/filters`,
  calls: ({ known }) => (known.list(`${recordType.path}/filters`) ? 1 : 2),
  pages: (measures) => {
    const view = defaultView(viewsIn(recordType, measures.known.list(`${recordType.path}/filters`) ?? []));
    return view && pagesOfAll([viewPages(recordType, view.id).key], measures);
  },
  find: async (operation) => {
    const view = defaultView(await readViews(operation, recordType));
    return view && { lists: [viewPages(recordType, view.id)], isWhole: isOfAll(view) };
  },
});

/** Whether it is known how long the lists are. */
export const isMeasured = ({ pages }: ListFinder, context: Operation): boolean =>
  pages({ known: context.known, lengthOf: capabilitiesOf(context).lengthOf }) !== undefined;

/** A way that may be in vain may cost a quarter of the reads that it is to save. */
const PART_RISKED = 4;

/** The most that it may cost to find out whether so many reads can be saved. */
export const mayRisk = (reads: number): number => Math.floor(reads / PART_RISKED);

/** Whether it is worth finding out at so many calls, or known already, how long some lists are. */
export const isWorth = (reads: number, { calls, isMeasured }: { calls: number; isMeasured: boolean }): boolean =>
  mayRisk(reads) >= (isMeasured ? 1 : calls);

/** So many further pages are worth reading in place of so many reads. */
export const mayGoOn = (reads: number): number => Math.floor(reads / 2);

interface Place {
  readonly list: PagedList;
  readonly page: number;
}

/** Lists of a type as one operation goes through them. Each page is read once, whoever wants it. */
export class ListScan {
  readonly isWhole: boolean;
  readonly #context: Operation;
  readonly #lists: readonly PagedList[];
  readonly #include: readonly string[];
  readonly #pages: PageAnswer[] = [];
  readonly #left: Place[] = [];
  readonly #underWay = new Set<Promise<boolean>>();
  #beginning: Promise<boolean> | undefined;
  #isBegun = false;
  #total = 0;

  constructor(context: Operation, { lists, isWhole }: Lists, include: readonly string[]) {
    this.#context = context;
    this.#lists = lists;
    this.#include = include;
    this.isWhole = isWhole;
  }

  /** How many pages are known to be unread yet; undefined where nobody has looked how long the lists are. */
  get pagesLeft(): number | undefined {
    if (this.#isBegun) return this.#left.length + this.#underWay.size;
    const { known } = this.#context;
    return pagesOfAll(
      this.#lists.map(({ key }) => key),
      { known, lengthOf: capabilitiesOf(this.#context).lengthOf },
    );
  }

  get rows(): PageAnswer['rows'] {
    return this.#pages.flatMap(({ rows }) => rows);
  }

  /** Whether every row has been seen that the lists say they have. Rows in two lists at once make their filters doubtful. */
  get isComplete(): boolean {
    return this.#isBegun && new Set(this.rows.map(({ id }) => id)).size === this.#total;
  }

  /** Reads the first page of each list. Gives whether all of them answered, and said how long they are. */
  begin(): Promise<boolean> {
    this.#beginning ??= this.#begin();
    return this.#beginning;
  }

  async #begin(): Promise<boolean> {
    const firsts = await Promise.all(this.#lists.map((list) => this.#read({ list, page: 1 })));
    for (const [index, first] of firsts.entries()) {
      const list = this.#lists[index];
      if (!first || !list) return false;
      const total = first.total ?? (first.rows.length < MAX_PER_PAGE ? first.rows.length : undefined);
      if (total === undefined) {
        capabilitiesOf(this.#context).missed(refusedAs(list));
        return false;
      }
      this.#total += total;
      this.#pages.push(first);
      for (let page = 2; page <= pagesOf(total); page += 1) this.#left.push({ list, page });
    }
    this.#isBegun = true;
    return true;
  }

  /** Reads one page more. Gives whether there was one, and it answered. */
  async next(): Promise<boolean> {
    const place = this.#left.shift();
    return place !== undefined && this.#go(place);
  }

  /** Reads all the pages that are left. */
  async finish(): Promise<void> {
    for (const place of this.#left.splice(0)) void this.#go(place);
    await Promise.all(this.#underWay);
  }

  #go(place: Place): Promise<boolean> {
    const reading = this.#read(place).then((page) => {
      if (page) this.#pages.push(page);
      return page !== undefined;
    });
    const done = () => void this.#underWay.delete(reading);
    this.#underWay.add(reading);
    reading.then(done, done);
    return reading;
  }

  #read({ list, page }: Place): Promise<PageAnswer | undefined> {
    return tryPage(this.#context, list, page, this.#include);
  }
}

/** An empty list has a page as well. */
const pagesOf = (rows: number): number => Math.max(1, Math.ceil(rows / MAX_PER_PAGE));

const passages = createContextCache((_context: Operation) => new Map<string, Promise<ListScan | undefined>>());

/** The lists of a type, to go through; undefined where there are none, or they are known not to say how long they are. */
export async function openLists(
  context: Operation,
  recordType: RecordType,
  include: readonly string[],
): Promise<ListScan | undefined> {
  const name = `${recordStoreOf(context).age} ${recordType.name} ${include.toSorted().join(',')}`;
  const passage = passages(context).get(name) ?? open(context, recordType, include);
  passages(context).set(name, passage);
  return passage;
}

async function open(
  context: Operation,
  recordType: RecordType,
  include: readonly string[],
): Promise<ListScan | undefined> {
  try {
    const lists = await finderOf(recordType)?.find(context);
    if (!lists || lists.lists.some((list) => capabilitiesOf(context).lacks(refusedAs(list)))) return undefined;
    return new ListScan(context, lists, include);
  } catch (error) {
    if (!isAnswered(error)) throw error;
    return undefined;
  }
}

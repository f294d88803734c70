import { createContextCache } from '@pothos/core';
import type { PageAnswer } from '../freshsales/answer.ts';
import { MAX_PER_PAGE, mayBeFull } from '../freshsales/reads.ts';
import { capabilitiesOf, knowledgeOf } from './capabilities.ts';
import { isAnswered, listedPages, type PagedList, refusedAs, tryPage } from './pages.ts';
import { recordStoreOf } from './record-store.ts';
import { type Knowledge, type Operation, type RecordType, viewsPath } from './record-type.ts';
import { defaultView, isOfAll, readViews, viewPages, viewsIn } from './views.ts';

/** The lists of a record type: its default view, or the lists of some filters, with each record in one of them. */
export type ListedIn = 'default view' | { readonly filters: readonly string[] };

/** The lists of a record type. */
export interface TypeLists {
  readonly recordType: RecordType;
  /** The call for a page, as a template. */
  readonly call: string;
  /** The list of views, which has to be read first. */
  readonly first?: string;
  /** The most calls that it takes to read the first page of each. */
  beginning(knowledge: Knowledge): number;
  /** How many pages they have; undefined if unknown. */
  pages(knowledge: Knowledge): number | undefined;
  /** `isComplete`: every record of the type that the API key may see is in one of them. */
  find(operation: Operation): Promise<{ lists: readonly PagedList[]; isComplete: boolean } | undefined>;
}

export const typeLists = (recordType: RecordType, listedIn: ListedIn): TypeLists =>
  listedIn === 'default view' ? inDefaultView(recordType) : inFilters(recordType, listedIn.filters);

function inFilters(recordType: RecordType, filters: readonly string[]): TypeLists {
  const lists = filters.map((filter) => listedPages(recordType, { filter }));
  return {
    recordType,
    call: `GET /${recordType.path}`,
    beginning: () => filters.length,
    pages: (knowledge) => pagesOfAll(lists, knowledge),
    find: async () => ({ lists, isComplete: true }),
  };
}

function inDefaultView(recordType: RecordType): TypeLists {
  const views = viewsPath(recordType);
  return {
    recordType,
    call: `GET /${recordType.path}/view/{id}`,
    first: views,
    beginning: ({ known }) => (known.list(views) ? 1 : 2),
    pages: (knowledge) => {
      const view = defaultView(viewsIn(recordType, knowledge.known.list(views) ?? []));
      return view && pagesOfAll([viewPages(recordType, view.id)], knowledge);
    },
    find: async (operation) => {
      const view = defaultView(await readViews(operation, recordType));
      return view && { lists: [viewPages(recordType, view.id)], isComplete: isOfAll(view) };
    },
  };
}

/** How many pages some lists have together; undefined if unknown. */
function pagesOfAll(lists: readonly PagedList[], { capabilities }: Knowledge): number | undefined {
  let pages = 0;
  for (const { key } of lists) {
    const length = capabilities.lengthOf(key);
    if (length === undefined) return undefined;
    pages += pagesOf(length);
  }
  return pages;
}

/** An empty list has a page as well. */
const pagesOf = (rows: number): number => Math.max(1, Math.ceil(rows / MAX_PER_PAGE));

/** Trying a list may cost a quarter of the reads that it may save. */
const PART_RISKED = 4;

/** The most that it may cost to find out whether so many reads can be saved. */
export const mayRisk = (reads: number): number => Math.floor(reads / PART_RISKED);

/** So many further pages are worth reading in place of so many reads. */
export const mayGoOn = (reads: number): number => Math.floor(reads / 2);

/** Whether it is worth finding out, at so many calls, how long some lists are. */
export const isWorth = (reads: number, calls: number, isMeasured: boolean): boolean =>
  mayRisk(reads) >= (isMeasured ? 1 : calls);

interface ListPage {
  readonly list: PagedList;
  readonly page: number;
}

/** Reads lists for one operation. Each page is read once, however many need it. */
export class ListReader {
  readonly isComplete: boolean;
  readonly #operation: Operation;
  readonly #lists: readonly PagedList[];
  readonly #include: readonly string[];
  readonly #pages: PageAnswer[] = [];
  readonly #left: ListPage[] = [];
  readonly #underWay = new Set<Promise<boolean>>();
  #beginning: Promise<boolean> | undefined;
  #isBegun = false;
  #total = 0;

  constructor(
    operation: Operation,
    { lists, isComplete, include }: { lists: readonly PagedList[]; isComplete: boolean; include: readonly string[] },
  ) {
    this.#operation = operation;
    this.#lists = lists;
    this.#include = include;
    this.isComplete = isComplete;
  }

  /** How many pages are still unread; undefined if the length of the lists is unknown. */
  get pagesLeft(): number | undefined {
    if (this.#isBegun) return this.#left.length + this.#underWay.size;
    return pagesOfAll(this.#lists, knowledgeOf(this.#operation));
  }

  get rows(): PageAnswer['rows'] {
    return this.#pages.flatMap(({ rows }) => rows);
  }

  /** Whether as many different rows were read as the lists say they have. A row in two lists makes their filters doubtful. */
  get hasAllRows(): boolean {
    return this.#isBegun && new Set(this.rows.map(({ id }) => id)).size === this.#total;
  }

  /** Reads the first page of each list. Returns whether all of them answered with their length. */
  begin(): Promise<boolean> {
    this.#beginning ??= this.#begin();
    return this.#beginning;
  }

  async #begin(): Promise<boolean> {
    const firsts = await Promise.all(this.#lists.map((list) => this.#read({ list, page: 1 })));
    for (const [index, first] of firsts.entries()) {
      const list = this.#lists[index];
      if (!first || !list) return false;
      const total = first.total ?? (mayBeFull(first.rows.length) ? undefined : first.rows.length);
      if (total === undefined) {
        capabilitiesOf(this.#operation).markUnavailable(refusedAs(list));
        return false;
      }
      this.#total += total;
      this.#pages.push(first);
      for (let page = 2; page <= pagesOf(total); page += 1) this.#left.push({ list, page });
    }
    this.#isBegun = true;
    return true;
  }

  /** Reads one more page. Returns whether there was one, and it answered. */
  async next(): Promise<boolean> {
    const page = this.#left.shift();
    return page !== undefined && this.#add(page);
  }

  /** Reads all the pages that are left. */
  async finish(): Promise<void> {
    for (const page of this.#left.splice(0)) void this.#add(page);
    await Promise.all(this.#underWay);
  }

  #add(page: ListPage): Promise<boolean> {
    const reading = this.#read(page).then((answer) => {
      if (answer) this.#pages.push(answer);
      return answer !== undefined;
    });
    const done = () => void this.#underWay.delete(reading);
    this.#underWay.add(reading);
    reading.then(done, done);
    return reading;
  }

  #read({ list, page }: ListPage): Promise<PageAnswer | undefined> {
    return tryPage(this.#operation, list, page, this.#include);
  }
}

const readers = createContextCache((_operation: Operation) => new Map<string, Promise<ListReader | undefined>>());

/** A reader of the lists of a type. Undefined if there are none, or they are known not to send their length. */
export async function readerOf(
  operation: Operation,
  lists: TypeLists,
  include: readonly string[],
): Promise<ListReader | undefined> {
  const name = `${recordStoreOf(operation).age} ${lists.recordType.name} ${include.toSorted().join(',')}`;
  const reader = readers(operation).get(name) ?? open(operation, lists, include);
  readers(operation).set(name, reader);
  return reader;
}

async function open(
  operation: Operation,
  typed: TypeLists,
  include: readonly string[],
): Promise<ListReader | undefined> {
  try {
    const found = await typed.find(operation);
    const capabilities = capabilitiesOf(operation);
    if (!found || found.lists.some((list) => capabilities.isUnavailable(refusedAs(list)))) return undefined;
    return new ListReader(operation, { ...found, include });
  } catch (error) {
    if (!isAnswered(error)) throw error;
    return undefined;
  }
}

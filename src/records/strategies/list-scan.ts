import { createContextCache } from '@pothos/core';
import type { PageAnswer } from '../../freshsales/answer.ts';
import { FreshsalesError } from '../../freshsales/errors.ts';
import { MAX_PER_PAGE, mayBeFull } from '../../freshsales/reads.ts';
import { getOrInsert } from '../../maps.ts';
import { capabilitiesOf, knowledgeOf } from '../capabilities.ts';
import {
  inFilters,
  type PagedList,
  pageCountOf,
  pageLoader,
  pagesOfAll,
  searchCall,
  type TypeLists,
} from '../pages.ts';
import { affords, isThere, missingIncludesOf } from '../record-request.ts';
import { recordStoreOf } from '../record-store.ts';
import type { CallEstimate, FetchStrategy, Knowledge, Operation, RecordRequest, StrategyOf } from '../record-type.ts';
import { inDefaultView } from '../views.ts';

/** Finds records in lists of their type. */
interface ListScan extends FetchStrategy {
  readonly lists: TypeLists;
}

/**
 * Finds records in the lists of their type, where those are so short that it costs less than to read each record. The lists are
 * its default view, or those of some filters, with each record in one of them.
 */
export const listScan =
  (listedIn: 'default view' | { readonly filters: readonly string[] } = 'default view'): StrategyOf =>
  (recordType): ListScan => {
    const lists = listedIn === 'default view' ? inDefaultView(recordType) : inFilters(recordType, listedIn.filters);
    return {
      name: 'list-scan',
      lists,
      applies: ({ missing }, { capabilities }) =>
        missing.every((name) => !capabilities.isUnavailable(lists.call, name)),
      cost: ({ count }, knowledge) => scanCost(lists, count, knowledge),
      run: (requests, operation, { saves = requests.length } = {}) => scan(operation, lists, requests, saves),
    };
  };

/** The lists of a record type, where it has any. */
export const listsOf = ({ fetch }: { readonly fetch: readonly FetchStrategy[] }): TypeLists | undefined =>
  fetch.find((each): each is ListScan => each.name === 'list-scan')?.lists;

const NOT_TRIED: CallEstimate = { expected: undefined, atMost: undefined, wasted: 0, calls: [] };

function scanCost(lists: TypeLists, count: number, knowledge: Knowledge): CallEstimate {
  const risk = mayRisk(count);
  if (risk === 0) return NOT_TRIED;
  const pages = lists.pages(knowledge);
  return {
    expected: pages !== undefined && pages <= mayGoOn(count) ? Math.min(pages, count) : undefined,
    atMost: undefined,
    wasted: risk + 1,
    calls: [{ call: lists.call, atMost: risk + mayGoOn(count), per: 'operation' }],
    first: lists.first,
  };
}

/** One scan of the lists of a type for each operation. A later one waits for it, and uses what it found. */
const scans = createContextCache((_operation: Operation) => new Map<string, Promise<void>>());

async function scan(
  operation: Operation,
  lists: TypeLists,
  requests: readonly RecordRequest[],
  saves: number,
): Promise<void> {
  const name = `${recordStoreOf(operation).age} ${lists.recordType.name}`;
  const before = scans(operation).get(name);
  if (before) return before;
  const worth = Math.min(saves, requests.length);
  const knowledge = knowledgeOf(operation);
  const calls = lists.beginning(knowledge);
  if (worth === 0 || !isWorth(worth, calls, lists.pages(knowledge) !== undefined)) return;
  if (!affords(operation, worth, calls)) return;
  const scanning = readWhileFound(operation, lists, requests, worth);
  scans(operation).set(
    name,
    scanning.catch(() => {}),
  );
  return scanning;
}

async function readWhileFound(
  operation: Operation,
  lists: TypeLists,
  requests: readonly RecordRequest[],
  reads: number,
): Promise<void> {
  const { recordType } = lists;
  const reader = await readerOf(operation, lists, missingIncludesOf(operation, recordType, requests));
  if (!reader || isLong(reader, reads) || !(await reader.begin())) return;
  let missing = requests;
  let fruitless = 0;
  for (;;) {
    const left = missing.filter((each) => !isThere(operation, recordType, each));
    if (left.length === 0 || isLong(reader, reads)) return;
    // A page that has none of them makes it less likely that the next one does.
    if (left.length === missing.length) fruitless += 1;
    if (fruitless >= mayRisk(reads)) return;
    missing = left;
    if (!(await reader.next())) return;
  }
}

const isLong = ({ pagesLeft = 0 }: ListReader, reads: number): boolean => pagesLeft > mayGoOn(reads);

/** Trying a list may cost a quarter of the reads that it may save. */
const PART_RISKED = 4;

/** The most that it may cost to find out whether so many reads can be saved. */
export const mayRisk = (reads: number): number => Math.floor(reads / PART_RISKED);

/** The further pages that are worth reading instead of so many reads. */
export const mayGoOn = (reads: number): number => Math.floor(reads / 2);

/** True if it is worth so many calls to find out how long some lists are. */
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

  /** The number of unread pages; undefined if the length of the lists is unknown. */
  get pagesLeft(): number | undefined {
    if (this.#isBegun) return this.#left.length + this.#underWay.size;
    return pagesOfAll(this.#lists, knowledgeOf(this.#operation));
  }

  get rows(): PageAnswer['rows'] {
    return this.#pages.flatMap(({ rows }) => rows);
  }

  /** True if as many different rows were read as the lists say they have. A row in two lists makes their filters doubtful. */
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
      for (let page = 2; page <= pageCountOf(total); page += 1) this.#left.push({ list, page });
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
  return getOrInsert(readers(operation), name, () => open(operation, lists, include));
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

/** Failures after which other calls may succeed. Without calls left, or after the caller hung up, they would not. */
const ANSWERED: ReadonlySet<string> = new Set(['FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND', 'UPSTREAM_ERROR']);

const isAnswered = (error: unknown): error is FreshsalesError =>
  error instanceof FreshsalesError && ANSWERED.has(error.code);

/** The name under which a refused list is remembered. All searches of a type share one. */
const refusedAs = ({ rules, recordType, key }: PagedList): string => (rules ? searchCall(recordType) : key);

/** A full page of a list that need not exist. Undefined if it was refused, which is remembered, or failed. */
export async function tryPage(
  operation: Operation,
  list: PagedList,
  page: number,
  include: readonly string[],
): Promise<PageAnswer | undefined> {
  try {
    return await pageLoader(operation)({ list, page, perPage: MAX_PER_PAGE, include });
  } catch (error) {
    if (!isAnswered(error)) throw error;
    // A server that failed once may answer the next time.
    if (error.code !== 'UPSTREAM_ERROR') capabilitiesOf(operation).markUnavailable(refusedAs(list));
    return undefined;
  }
}

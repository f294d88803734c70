import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { PageAnswer } from '../freshsales/answer.ts';
import { type FilterRule, MAX_PER_PAGE, type PageCall, pageCall, type ReadPage } from '../freshsales/reads.ts';
import { type Identified, isToMany } from '../freshsales/resource.ts';
import { type Call, callTemplate, type Query } from '../freshsales/transport.ts';
import { toWireId } from '../freshsales/writes.ts';
import { getOrInsert, groupBy } from '../maps.ts';
import { capabilitiesOf, learnIncludes } from './capabilities.ts';
import { toError } from './errors.ts';
import { recordStoreOf } from './record-store.ts';
import type { Knowledge, Operation, RecordType } from './record-type.ts';
import type { ListPage } from './window.ts';

/** A list that is read in pages: a view, a filtered search, the tasks of a filter. */
export interface PagedList<R extends Identified = Identified> {
  /** Identifies the list in cursors: contains view, sort and filter. */
  readonly key: string;
  readonly recordType: RecordType<R>;
  readonly path: string;
  readonly query?: Query;
  /** The order, if Freshsales was asked for one. */
  readonly sort?: Sort | null | undefined;
  readonly rules?: readonly FilterRule[];
  readonly detail?: boolean;
}

/** A sort order, in column names. */
export interface Sort {
  readonly field: string;
  readonly direction: string;
}

/** A sort order as Freshsales takes it in the query string. */
export const sortQuery = (sort: Sort | null | undefined): Query =>
  sort ? { sort: sort.field, sort_type: sort.direction } : {};

/** The records of a type that is listed under its own path. */
export const listedPages = <R extends Identified>(recordType: RecordType<R>, query: Query): PagedList<R> => ({
  key: `${recordType.path} ${JSON.stringify(query)}`,
  recordType,
  path: recordType.path,
  query,
});

/** The filter of a list with its own filters, such as tasks. `all` is the list without one. */
export const filterQuery = (filter: unknown): Query => (filter === 'all' ? {} : { filter: String(filter) });

/** The path of the filtered search of a record type. */
export const searchPath = ({ one }: RecordType): string => `filtered_search/${one}`;

/** The same as a template of a call. */
export const searchCall = (recordType: RecordType): string => `POST /${searchPath(recordType)}`;

/** The records that have one of these values, with all columns if Freshsales sends them. */
export function searchList(recordType: RecordType, attribute: string, values: readonly string[]): PagedList {
  const path = searchPath(recordType);
  const value = attribute.endsWith('_id') ? values.map(toWireId) : values;
  const rules = [{ attribute, operator: 'is_in', value }];
  return { key: `${path} ${JSON.stringify(rules)}`, recordType, path, rules, detail: true };
}

/**
 * The includes of a page. A list may ignore relations to several records (BATCHING 2), so the include is added that brings the
 * column by which its rows are found in a search.
 */
export function includesOfPage({ includes, fetch }: RecordType, asked: readonly string[]): string[] {
  const by = fetch.find((strategy) => strategy.by)?.by;
  const isDoubtful = asked.some((each) => includes[each] && isToMany(includes[each]));
  return [...new Set(by !== undefined && isDoubtful ? [...asked, by] : asked)];
}

/** A call for the pages of a list, as a template. */
export const pagesCall = (list: PagedList): string => callTemplate(pageRequest(list, { page: 1, perPage: 1 }));

/** One page of a list. */
interface PageRequest extends ListPage {
  readonly list: PagedList;
  readonly include: readonly string[];
  /** Ignore what is cached. */
  readonly fresh?: boolean | undefined;
}

/** Reads a page. The same page requested twice in one operation is one call, with the includes of both. */
export const pageLoader = createContextCache((operation: Operation) => {
  const batch = new DataLoader<PageRequest, ReadPage | Error>(
    (requests) => {
      const groups = groupBy(requests, nameOf);
      const answers = new Map<string, Promise<ReadPage | Error>>();
      const answerTo = (request: PageRequest) =>
        getOrInsert(answers, nameOf(request), (name) => {
          const include = new Set(groups.get(name)?.flatMap((each) => each.include));
          return readPage(operation, { ...request, include: [...include] });
        });
      return Promise.all(requests.map(answerTo));
    },
    { cache: false },
  );
  return async (request: PageRequest): Promise<ReadPage> => {
    const answer = await batch.load(request);
    if (answer instanceof Error) throw answer;
    return answer;
  };
});

const nameOf = ({ list, page, perPage, fresh }: PageRequest): string =>
  `${list.key} ${page} ${perPage} ${list.detail ?? ''} ${fresh ?? ''}`;

const toPageCall = ({ list, page, perPage, include, fresh }: PageRequest): PageCall => {
  const { path, query, rules, detail, recordType } = list;
  return { path, many: recordType.many, query, rules, detail, page, perPage, include, fresh };
};

/** The request for a page, without includes. */
export const pageRequest = (list: PagedList, page: ListPage): Call =>
  pageCall(toPageCall({ list, ...page, include: [] }));

async function readPage(operation: Operation, request: PageRequest): Promise<ReadPage | Error> {
  const { list, include } = request;
  const { rules, recordType } = list;
  try {
    const answer = await operation.freshsales.page(toPageCall(request));
    recordStoreOf(operation).take(recordType, answer);
    const rows = rules ? answer.rows : ownRows(answer.rows);
    learnIncludes(operation, recordType, pagesCall(list), { include, rows });
    // The same search is rarely repeated.
    if (!rules && answer.total !== undefined) capabilitiesOf(operation).setLength(list.key, answer.total);
    return { ...answer, rows };
  } catch (error) {
    return toError(error);
  }
}

/**
 * Contacts that are side-loaded with deals have the key of the page itself. It is unknown what an account does then: if they are
 * among the page's own rows, they are the partial ones.
 */
const ownRows = (rows: PageAnswer['rows']): PageAnswer['rows'] => {
  const whole = rows.filter(({ partial }) => partial !== true);
  return whole.length > 0 ? whole : rows;
};

/** The lists of a record type. */
export interface TypeLists {
  readonly recordType: RecordType;
  /** The call for a page, as a template. */
  readonly call: string;
  /** The list of views, which has to be read first. */
  readonly first?: string;
  /** The most calls that it takes to read the first page of each. */
  beginning(knowledge: Knowledge): number;
  /** The number of their pages; undefined if unknown. */
  pages(knowledge: Knowledge): number | undefined;
  /** `isComplete`: every record of the type that the API key may see is in one of them. */
  find(operation: Operation): Promise<{ lists: readonly PagedList[]; isComplete: boolean } | undefined>;
}

export function inFilters(recordType: RecordType, filters: readonly string[]): TypeLists {
  const lists = filters.map((filter) => listedPages(recordType, { filter }));
  return {
    recordType,
    call: pagesCall(listedPages(recordType, {})),
    beginning: () => filters.length,
    pages: (knowledge) => pagesOfAll(lists, knowledge),
    find: async () => ({ lists, isComplete: true }),
  };
}

/** The number of pages of several lists; undefined if unknown. */
export function pagesOfAll(lists: readonly PagedList[], { capabilities }: Knowledge): number | undefined {
  let pages = 0;
  for (const { key } of lists) {
    const length = capabilities.lengthOf(key);
    if (length === undefined) return undefined;
    pages += pageCountOf(length);
  }
  return pages;
}

/** An empty list has a page as well. */
export const pageCountOf = (rows: number): number => Math.max(1, Math.ceil(rows / MAX_PER_PAGE));

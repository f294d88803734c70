import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { PageAnswer } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { type FilterRule, MAX_PER_PAGE, type PageCall, type ReadPage } from '../freshsales/reads.ts';
import type { Identified } from '../freshsales/resource.ts';
import { type Query, templateOf } from '../freshsales/transport.ts';
import { capabilitiesOf, observeIncludes } from './capabilities.ts';
import { toError } from './errors.ts';
import { recordStoreOf } from './record-store.ts';
import type { Operation, RecordType } from './record-type.ts';
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

/** The filter of a list with filters of its own, such as tasks. `all` is the list without one. */
export const filterQuery = (filter: unknown): Query => (filter === 'all' ? {} : { filter: String(filter) });

/** The path of the filtered search of a record type. */
export const searchPath = ({ one }: RecordType): string => `filtered_search/${one}`;

/** The same as a template of a call. */
export const searchCall = (recordType: RecordType): string => `POST /${searchPath(recordType)}`;

/** The records that have one of these values, with all columns if Freshsales sends them. */
export function searchList(recordType: RecordType, attribute: string, values: readonly string[]): PagedList {
  const path = searchPath(recordType);
  const value = attribute.endsWith('_id') ? values.map(idOnWire) : values;
  const rules = [{ attribute, operator: 'is_in', value }];
  return { key: `${path} ${JSON.stringify(rules)}`, recordType, path, rules, detail: true };
}

/** Ids are numbers on the wire, unless a number cannot hold them. */
export const idOnWire = (id: string): string | number => (Number.isSafeInteger(Number(id)) ? Number(id) : id);

/** A call for the pages of a list, as a template. */
export const pagesCall = ({ rules, path }: PagedList): string => `${rules ? 'POST' : 'GET'} /${templateOf(path)}`;

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
    async (requests) => {
      const answers = new Map<string, Promise<ReadPage | Error>>();
      for (const request of requests) {
        const same = requests.filter((other) => nameOf(other) === nameOf(request));
        const include = [...new Set(same.flatMap((other) => other.include))];
        if (!answers.has(nameOf(request))) answers.set(nameOf(request), readPage(operation, { ...request, include }));
      }
      return Promise.all(requests.map(async (request) => (await answers.get(nameOf(request))) ?? new Error('unread')));
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

export const toPageCall = ({ list, page, perPage, include, fresh }: PageRequest): PageCall => {
  const { path, query, rules, detail, recordType } = list;
  return {
    ...{ path, many: recordType.many, page, perPage, include, fresh },
    ...(query && { query }),
    ...(rules && { rules }),
    ...(detail && { detail }),
  };
};

async function readPage(operation: Operation, request: PageRequest): Promise<ReadPage | Error> {
  const { list, include } = request;
  const { rules, recordType } = list;
  try {
    const answer = await operation.freshsales.page(toPageCall(request));
    recordStoreOf(operation).take(recordType, answer);
    const rows = rules ? answer.rows : ownRows(answer.rows);
    observeIncludes(operation, recordType, pagesCall(list), { include, rows });
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

/** Failures after which other calls may succeed. Without calls left, or after the caller hung up, they would not. */
const ANSWERED: ReadonlySet<string> = new Set(['FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND', 'UPSTREAM_ERROR']);

export const isAnswered = (error: unknown): error is FreshsalesError =>
  error instanceof FreshsalesError && ANSWERED.has(error.code);

/** The name under which a refused list is remembered. All searches of a type share one. */
export const refusedAs = ({ rules, recordType, key }: PagedList): string => (rules ? searchCall(recordType) : key);

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

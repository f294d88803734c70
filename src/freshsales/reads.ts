import {
  envelopeOf,
  type PageAnswer,
  type RecordAnswer,
  type Row,
  type RowOf,
  sideloadsOf,
  toListAnswer,
  toPageAnswer,
  toRecordAnswer,
  toRows,
} from './answer.ts';
import { FreshsalesError } from './errors.ts';
import { isObject } from './json.ts';
import type { Identified, Lookup, Resource } from './resource.ts';
import type { Answer, Part, ReadRequest } from './response-cache.ts';
import type { Call, Query } from './transport.ts';

/** A read: its identity, its call, and how to read the response. */
export interface ReadCall {
  readonly request: ReadRequest;
  readonly call: Call;
  readonly toAnswer: (body: unknown) => Answer;
  /** Failures that mean that the record does not exist. */
  readonly absent?: (error: FreshsalesError) => boolean;
  /** Ignore responses cached before now. */
  readonly fresh?: boolean | undefined;
  /** Called if the response was cached. */
  readonly onCached?: () => void;
}

/** Sends a read, unless its response is cached. */
export type Read = (call: ReadCall) => Promise<Answer>;

export interface FilterRule {
  readonly attribute: string;
  readonly operator: string;
  readonly value: unknown;
}

/** One page of a view, list or search. */
export interface PageCall {
  readonly path: string;
  /** The key around the rows. */
  readonly many: string;
  readonly query?: Query | undefined;
  readonly page: number;
  readonly perPage: number;
  readonly include: readonly string[];
  /** The rules of a filtered search, sent by POST. */
  readonly rules?: readonly FilterRule[] | undefined;
  /** Request complete records from a filtered search. */
  readonly detail?: boolean | undefined;
  /** Ignore responses cached before now. */
  readonly fresh?: boolean | undefined;
}

/** A page as it was read. */
export interface ReadPage extends PageAnswer {
  /** True if the response was cached, so that later changes may be missing. */
  readonly isCached: boolean;
}

/** The reads of a session. Each costs one call unless its response is cached. */
export interface Reads {
  /** A record by id with includes, or null if it does not exist. */
  get<R extends Identified, I extends string>(
    recordType: Resource<R, I>,
    id: string,
    include?: readonly NoInfer<I>[],
  ): Promise<RecordAnswer<R> | null>;
  /** One page of a view, a list or a filtered search. */
  page(call: PageCall): Promise<ReadPage>;
  /** A complete lookup. */
  lookupRows<R extends Identified>(lookup: Lookup<R>): Promise<readonly RowOf<R>[]>;
  /** Another small list that rarely changes: views, field metadata. */
  list(path: string, key: string): Promise<readonly Row[]>;
  /** The rows of a sub-resource, or null if the record does not exist. */
  subResource(path: string, key: string, query?: Query): Promise<PageAnswer | null>;
  /** Type-ahead search. Returns thin rows. */
  search(query: string, include: readonly string[], perPage: number): Promise<readonly Row[]>;
  /** Exact search by one field. Returns one envelope per record type, each with its side-loads. */
  searchByField(query: Query, keys: readonly string[]): Promise<readonly ({ key: string } & PageAnswer)[]>;
}

export function createReads(read: Read): Reads {
  const list: Reads['list'] = async (path, key) => {
    const request: ReadRequest = { kind: 'list', name: path, include: [], lists: [key] };
    const toAnswer = (body: unknown) => [bare(key, toListAnswer(body, key))];
    const [part] = await read({ request, call: getCall(path), toAnswer });
    return part?.rows ?? [];
  };
  return {
    get: (recordType, id, include = []) => readRecord(read, recordType, id, include),
    page: (page) => readPage(read, page),
    lookupRows: async <R extends Identified>(lookup: Lookup<R>) =>
      (await (lookup.paged ? readPaged(read, lookup) : list(lookup.list, lookup.many))) as readonly RowOf<R>[],
    list,
    subResource: (path, key, query = {}) => readSubResource(read, path, key, query),
    search: (q, include, perPage) => readSearch(read, { q, include: include.join(','), per_page: perPage }),
    searchByField: (query, keys) => {
      const request: ReadRequest = { kind: 'page', name: nameOf('lookup', query), include: [], lists: keys };
      const toAnswer = (body: unknown) => {
        const envelope = envelopeOf(body);
        return keys.map((key) => ({ key, ...lookedUp(envelope[key], key) }));
      };
      return read({ request, call: fieldSearchCall(query), toAnswer });
    },
  };
}

/** The call that reads a small list or a sub-resource. */
export const getCall = (path: string, query?: Query): Call => ({ method: 'GET', path, ...(query && { query }) });

/** The call of a type-ahead search. */
export const typeAheadCall = (query?: Query): Call => getCall('search', query);

/** The call of a search by one field. */
export const fieldSearchCall = (query?: Query): Call => getCall('lookup', query);

/** The call that reads the state of a bulk job. */
export const jobCall = (id: string): Call => getCall(`job_statuses/${id}`);

/** The call that reads a record. */
export const recordCall = ({ path }: Pick<Resource, 'path'>, id: string, include: readonly string[] = []): Call => ({
  method: 'GET',
  path: `${path}/${encodeURIComponent(id)}`,
  query: included(include),
});

/** The call that reads a page. */
export function pageCall({ path, rules, include, detail, page, perPage, query: asked }: PageCall): Call {
  const query = { page, per_page: perPage, ...asked, ...included(include) };
  // Includes were recorded in the body and documented in the query. Both are sent.
  const body = rules && { filter_rule: rules, ...included(include), ...(detail && { detail }) };
  return body ? { method: 'POST', path, query, body } : { method: 'GET', path, query };
}

async function readRecord<R extends Identified, I extends string>(
  read: Read,
  recordType: Resource<R, I>,
  id: string,
  include: readonly I[],
): Promise<RecordAnswer<R> | null> {
  const { path } = recordCall(recordType, id);
  const request: ReadRequest = { kind: 'record', name: path, include, lists: [], about: id };
  const toAnswer = (body: unknown) => {
    const { row, sideloads } = toRecordAnswer<R>(body, recordType.one);
    return [{ ...bare(recordType.many, [row.id === '' ? { ...row, id } : row]), sideloads }];
  };
  const call = recordCall(recordType, id, include);
  const [part] = await read({ request, call, toAnswer, absent: isNoRecord });
  const [row] = part?.rows ?? [];
  return part && row ? { row: row as RowOf<R>, sideloads: part.sideloads } : null;
}

async function readPage(read: Read, page: PageCall): Promise<ReadPage> {
  const { path, many, rules, include, detail, fresh, page: number, perPage: size } = page;
  const request: ReadRequest = {
    kind: 'page',
    name: nameOf(path, page.query, rules && { rules, detail }),
    include,
    page: { number, size },
    lists: [many],
  };
  const call = pageCall(page);
  const toAnswer = (answer: unknown) => [
    { key: many, ...toPageAnswer(answer, many, { isOptional: rules !== undefined }) },
  ];
  let isCached = false;
  const onCached = () => {
    isCached = true;
  };
  const [part] = await read({ request, call, toAnswer, fresh, onCached });
  return { ...(part ?? bare(many, [])), isCached };
}

/** All pages of a small list. */
async function readPaged(read: Read, { name, list, many }: Lookup): Promise<readonly Row[]> {
  const pages = await allPages(`rows of ${name}`, async (number) => {
    const page = { number, size: MAX_PER_PAGE };
    const request: ReadRequest = { kind: 'list', name: list, include: [], lists: [many], page };
    const call = getCall(list, { page: number, per_page: MAX_PER_PAGE });
    const [part] = await read({ request, call, toAnswer: (body) => [{ key: many, ...toPageAnswer(body, many) }] });
    return part ?? null;
  });
  return (pages ?? []).flatMap(({ rows }) => rows);
}

async function readSubResource(read: Read, path: string, key: string, query: Query): Promise<PageAnswer | null> {
  const about = path.split('/').at(-2) ?? '';
  const request: ReadRequest = { kind: 'page', name: nameOf(path, query), include: [], lists: [key], about };
  const toAnswer = (body: unknown) => [{ key, ...toPageAnswer(body, key) }];
  const [part] = await read({ request, call: getCall(path, query), toAnswer, absent: isMissing });
  return part ?? null;
}

async function readSearch(read: Read, query: Query): Promise<readonly Row[]> {
  const lists = String(query.include)
    .split(',')
    .map((kind) => `${kind}s`);
  const request: ReadRequest = { kind: 'page', name: nameOf('search', query), include: [], lists };
  const toAnswer = (body: unknown) => {
    if (!Array.isArray(body))
      throw new FreshsalesError('UPSTREAM_ERROR', 'Freshsales answered a search without a list.');
    return [bare('', toRows(body))];
  };
  const [part] = await read({ request, call: typeAheadCall(query), toAnswer });
  return part?.rows ?? [];
}

/** The read that a call of a record, page or list would make. */
export function readRequestOf({ path, query = {}, body }: Call): ReadRequest {
  const { page, per_page, include: asked, ...rest } = query;
  const include = typeof asked === 'string' && asked !== '' ? asked.split(',') : [];
  if (page !== undefined) {
    const rules = body && { rules: cellOf(body, 'filter_rule'), detail: cellOf(body, 'detail') };
    const size = Number(per_page);
    return { kind: 'page', name: nameOf(path, rest, rules), include, page: { number: Number(page), size }, lists: [] };
  }
  const [, about] = /\/(\d+)$/.exec(path) ?? [];
  if (about !== undefined) return { kind: 'record', name: path, include, lists: [], about };
  return { kind: 'page', name: nameOf(path, query), include: [], lists: [] };
}

const cellOf = (body: object, name: string): unknown => (body as Readonly<Record<string, unknown>>)[name];

/** Rows without side-loads. */
const bare = (key: string, rows: readonly Row[]): Part => ({ key, rows, sideloads: {}, total: undefined });

/** A key for a URL with everything that selects its rows. */
const nameOf = (path: string, query: Query = {}, body?: object): string => {
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  return `${path}?${JSON.stringify(asked.sort())}${body ? JSON.stringify(body) : ''}`;
};

const included = (include: readonly string[]): Query => (include.length > 0 ? { include: include.join(',') } : {});

/** A lookup nests twice, `{contacts: {contacts: […], users: […]}}`. One client reads it flat, so both are accepted. */
function lookedUp(value: unknown, key: string): PageAnswer {
  if (Array.isArray(value)) return { rows: toRows(value), sideloads: {}, total: undefined };
  if (!isObject(value)) return { rows: [], sideloads: {}, total: undefined };
  const { [key]: rows, ...rest } = value;
  return { rows: toRows(rows), sideloads: sideloadsOf(rest), total: undefined };
}

const isNoRecord = ({ code }: FreshsalesError): boolean => code === 'NOT_FOUND';

/** A missing sub-resource means that the record, or the endpoint in this account, does not exist. */
const isMissing = ({ status }: FreshsalesError): boolean => status === 404;

/** The most rows of a page. A larger `per_page` is ignored (FACTS 5). */
export const MAX_PER_PAGE = 100;

/** The most pages of a complete list. A longer list is an error, not cut. An upstream may send no more than 25 rows a page. */
export const MAX_WHOLE_PAGES = 40;

/** The most rows of a complete list. */
const MOST = 1000;

/** True if so few rows may be a whole page of an upstream that sends fewer than requested. */
export const mayBeFull = (rows: number): boolean => rows > 0 && rows % 5 === 0;

/**
 * All pages of a list, or null if the URL does not exist. Pages may be shorter than requested. Some responses have no total, and
 * some endpoints may ignore `page`: a page that repeats rows ends the list.
 */
export async function allPages(
  what: string,
  read: (page: number) => Promise<PageAnswer | null>,
): Promise<PageAnswer[] | null> {
  const pages: PageAnswer[] = [];
  const ids = new Set<string>();
  for (let number = 1; number <= MAX_WHOLE_PAGES; number += 1) {
    const page = await read(number);
    if (!page) return number === 1 ? null : pages;
    if ((page.total ?? 0) > MOST) break;
    const before = ids.size;
    const here = [...page.rows.map(({ id }) => id), ...(page.withheld ?? [])];
    for (const id of here) ids.add(id);
    if (number === 1 || ids.size > before) pages.push(page);
    if (ids.size === before || isLastPage(page, { number, here: here.length, read: ids.size })) return pages;
    if (ids.size >= MOST) break;
  }
  const most = Math.min(ids.size || MOST, MOST);
  throw new FreshsalesError('NOT_AVAILABLE', `There are more than ${most} ${what}, which is more than can be read.`);
}

/** True if a list ends with a page. Its total may count rows that are hidden (QUIRKS 32). */
function isLastPage(
  { total, pages }: PageAnswer,
  { number, here, read }: { number: number; here: number; read: number },
): boolean {
  if (total !== undefined && read >= total) return true;
  if (pages !== undefined && number >= pages) return total === undefined || !mayBeFull(here);
  return pages === undefined && total === undefined && !mayBeFull(here);
}

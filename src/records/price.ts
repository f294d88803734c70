import { MAX_PER_PAGE } from '../freshsales/paging.ts';
import type { Row } from '../freshsales/rows.ts';
import { type Call, type Query, templateOf } from '../freshsales/transport.ts';
import { placeIn } from './cursor.ts';
import { type Args, asksFor, type Charge, type FieldSource, type Pricing } from './field-needs.ts';
import { isGid, parseGid, withoutZeros } from './gid.ts';
import { type Sort, sortQuery } from './pages.ts';
import { type RecordType, type Registry, readCall } from './record-type.ts';
import { defaultView, viewsIn } from './views.ts';
import { boundsOf, DEFAULT_FIRST, MAX_FIRST, needsTotal, pagesOf, type Slice } from './window.ts';

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** How many rows a connection's arguments ask for. */
export const rowsAsked = ({ first, last }: Args): number => {
  const [head, tail] = [numberOf(first), numberOf(last)];
  const asked = Math.min(head ?? Number.POSITIVE_INFINITY, tail ?? Number.POSITIVE_INFINITY);
  return Math.max(0, Math.min(asked, MAX_FIRST, head ?? tail ?? DEFAULT_FIRST));
};

/** A list that Freshsales gives in pages: where, and what is asked beside the page. An id not known yet is `{id}`. */
export type PagedCall = Pick<Call, 'method' | 'path' | 'query' | 'body'>;

/** The calls that a connection over pages makes: none where neither rows nor their number are wanted. */
export function pagesCharges(args: Args, { selection }: Pricing, list: PagedCall): Charge[] {
  const wantsRows = asksFor(selection, 'nodes', 'edges', 'pageInfo');
  if (!wantsRows && !asksFor(selection, 'totalCount')) return [];
  const slice = sliceAsked(args);
  if (!slice) return [];
  const { calls, needs, requests } = wantsRows ? windowOf(slice, list) : countOf(list);
  return [{ calls, needs, certain: 1, requests, call: `${list.method} /${templateOf(list.path)}` }];
}

interface Pages {
  readonly calls: number;
  readonly needs: number;
  readonly requests: readonly Call[];
}

const pageCall = (list: PagedCall, page: number, perPage: number): Call => ({
  ...list,
  query: { page, per_page: perPage, ...list.query },
});

const countOf = (list: PagedCall): Pages => ({ calls: 1, needs: 1, requests: [pageCall(list, 1, 1)] });

/** Wherever so many rows stand in a list (tried up to the 20 millionth), some size of page holds them on one. */
const ALWAYS_ONE_PAGE = 50;

function windowOf(slice: Slice, list: PagedCall): Pages {
  if (needsTotal(slice)) {
    // The first page tells how long the list is; where it is longer than that, the rows may lie across pages.
    const rows = Math.min(slice.first ?? MAX_FIRST, slice.last ?? MAX_FIRST);
    const pages = rows <= ALWAYS_ONE_PAGE ? 1 : Math.ceil((rows - 1) / MAX_PER_PAGE) + 1;
    const perPage = Math.max(1, Math.min(slice.last ?? 1, MAX_PER_PAGE));
    return {
      calls: 1 + pages,
      needs: Math.max(1, Math.ceil(rows / MAX_PER_PAGE)),
      requests: [pageCall(list, 1, perPage)],
    };
  }
  const { start, end } = boundsOf(slice);
  if (end <= start) return countOf(list);
  const { perPage, pages } = pagesOf(start, end);
  return { calls: pages.length, needs: pages.length, requests: pages.map((page) => pageCall(list, page, perPage)) };
}

/** The slice that arguments ask for; none where they will be refused. Whether a cursor is of this list is found out later. */
function sliceAsked(args: Args): Slice | undefined {
  const [first, last] = [numberOf(args.first), numberOf(args.last)];
  if ([first, last].some((count) => count !== undefined && (count < 0 || count > MAX_FIRST))) return undefined;
  const [after, before] = [textOf(args.after), textOf(args.before)];
  const [from, to] = [after && placeIn(after), before && placeIn(before)];
  if ((after && from === undefined) || (before && to === undefined)) return undefined;
  return {
    start: typeof from === 'number' ? from + 1 : 0,
    end: typeof to === 'number' ? to : Number.POSITIVE_INFINITY,
    first: first === undefined && last === undefined ? DEFAULT_FIRST : first,
    last,
  };
}

/** The price of a connection over pages of a list that has an address of its own. */
export const pagesPrice = (
  path: string,
  { reads = 'page', query, body }: PagesOptions = {},
): { freshsales: FieldSource } => ({
  freshsales: {
    price: (args, pricing) => {
      const asked = body?.(args, pricing);
      return pagesCharges(args, pricing, {
        ...{ method: asked ? 'POST' : 'GET', path, query: query?.(args) ?? {} },
        ...(asked && { body: asked }),
      });
    },
    rows: rowsAsked,
    reads,
  },
});

export interface PagesOptions {
  /** A filtered search gives thin rows. */
  readonly reads?: 'page' | 'thin';
  readonly query?: (args: Args) => Query;
  /** What is searched by, in a POST. */
  readonly body?: (args: Args, pricing: Pricing) => object;
}

/** The price of a small list that is read once for everybody. */
export const priceOnce = (list: string): { freshsales: FieldSource } => ({
  freshsales: { price: () => [{ calls: 1, once: list }] },
});

/** The price of a record by its id, or by a global one. One of a small list costs the list. */
export function recordCharges(registry: Registry, type: string, given: unknown): Charge[] {
  const source = registry.source(type);
  const [, id] = /^(?:gid:.*\/)?(\d+)$/.exec(String(given)) ?? [];
  if (!source || id === undefined) return [];
  if ('list' in source) return [{ calls: 1, once: source.list }];
  const { recordType } = source;
  const request: Call = { method: 'GET', path: `${recordType.path}/${withoutZeros(id)}`, query: {} };
  return [{ calls: 1, call: readCall(recordType), recordType, requests: [request] }];
}

/** The price of anything by its global id. */
export function nodeCharges(registry: Registry, gid: unknown): Charge[] {
  try {
    const { type } = parseGid(String(gid));
    return recordCharges(registry, type, gid);
  } catch {
    // No global id: refused before any call.
    return [];
  }
}

/** The price of the records of a view named by an argument, or of the default one: the list of views may be needed first. */
export const viewPrice = (recordType: RecordType): { freshsales: FieldSource } => ({
  freshsales: {
    price: (args, pricing) => viewCharges(recordType, args, pricing),
    rows: rowsAsked,
    reads: 'page',
  },
});

function viewCharges(recordType: RecordType, args: Args, pricing: Pricing): Charge[] {
  const views = `${recordType.path}/filters`;
  const given = typeof args.view === 'string' ? args.view : undefined;
  const pages = (id: string) => {
    const path = `${recordType.path}/view/${id}`;
    return pagesCharges(args, pricing, { method: 'GET', path, query: sortQuery(args.sort as Sort | null | undefined) });
  };
  const when = 'only where Freshsales refuses the view';
  if (given !== undefined && isGid(given))
    return [...pages(parseGid(given).id), { calls: 1, once: views, when, fallback: true }];
  if (given !== undefined && /^\d{1,20}$/.test(given)) {
    // A view may be called by a number: then there is none of that id, and it is found in the list.
    const again = pages('{id}').map(({ calls, call }) => ({
      calls,
      ...(call && { call }),
      when,
      fallback: true as const,
    }));
    return [...pages(given), { calls: 1, once: views, when, fallback: true }, ...again];
  }
  const id = viewIn(recordType, pricing.known.list(views), given);
  return [{ calls: 1, once: views }, ...pages(id ?? '{id}').map((charge) => ({ ...charge, view: given ?? '' }))];
}

/** The id of the view that is meant, once the account's views are known. */
function viewIn(
  recordType: RecordType,
  rows: readonly Row[] | undefined,
  given: string | undefined,
): string | undefined {
  const views = viewsIn(recordType, rows ?? []);
  return (given === undefined ? defaultView(views) : views.find(({ name }) => name === given))?.id;
}

import { type Call, type Query, templateOf } from '../freshsales/transport.ts';
import { type Args, asksFor, type Charge, type FieldSource, type Pricing } from './field-needs.ts';
import { parseGid, withoutZeros } from './gid.ts';
import { type Sort, sortQuery } from './pages.ts';
import { type RecordType, type Registry, readCall } from './record-type.ts';
import { viewChoice, viewChosen, viewsIn } from './views.ts';
import {
  COUNT_WINDOW,
  DEFAULT_FIRST,
  MAX_FIRST,
  pageCounts,
  REPAIRED,
  repairCalls,
  type Slice,
  sliceOf,
  windowOf,
} from './window.ts';

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** How many rows a connection's arguments request. */
export const rowsAsked = ({ first, last }: Args): number => {
  const [head, tail] = [numberOf(first), numberOf(last)];
  const asked = Math.min(head ?? Number.POSITIVE_INFINITY, tail ?? Number.POSITIVE_INFINITY);
  return Math.max(0, Math.min(asked, MAX_FIRST, head ?? tail ?? DEFAULT_FIRST));
};

/** The request for a list, without the page. An unknown id is `{id}`. */
type PagedCall = Pick<Call, 'method' | 'path' | 'query' | 'body'>;

/** The calls of a connection over pages. None if neither rows nor their count are selected. */
function pagesCharges(args: Args, { selection }: Pricing, list: PagedCall): Charge[] {
  const wantsRows = asksFor(selection, 'nodes', 'edges', 'pageInfo');
  if (!wantsRows && !asksFor(selection, 'totalCount')) return [];
  const slice = sliceAsked(args);
  if (!slice) return [];
  const window = wantsRows ? windowOf(slice) : COUNT_WINDOW;
  const { least, most } = pageCounts(window, slice);
  const requests = window.pages.map(
    ({ page, perPage }): Call => ({ ...list, query: { page, per_page: perPage, ...list.query } }),
  );
  const call = `${list.method} /${templateOf(list.path)}`;
  const repairs: Charge = { calls: repairCalls(window, slice), needs: 0, call, when: REPAIRED, fallback: true };
  return [{ calls: most, needs: least, certain: 1, requests, call }, ...(repairs.calls > 0 ? [repairs] : [])];
}

/** The slice that arguments request. Undefined if they will be refused. */
function sliceAsked(args: Args): Slice | undefined {
  try {
    return sliceOf(args, undefined);
  } catch {
    return undefined;
  }
}

/** The price of a connection over the pages of a list. */
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

interface PagesOptions {
  /** A filtered search returns thin rows. */
  readonly reads?: 'page' | 'thin';
  readonly query?: (args: Args) => Query;
  /** The body of a search, which is a POST. */
  readonly body?: (args: Args, pricing: Pricing) => object;
}

/** The price of a lookup. */
export const priceOnce = (list: string): { freshsales: FieldSource } => ({
  freshsales: { price: () => [{ calls: 1, once: list }] },
});

/** The price of a record by its id or global id. A row of a lookup costs the lookup. */
export function recordCharges(registry: Registry, type: string, given: unknown): Charge[] {
  const source = registry.source(type);
  const [, id] = /^(?:gid:.*\/)?(\d+)$/.exec(String(given)) ?? [];
  if (!source || id === undefined) return [];
  if ('list' in source) return [{ calls: 1, once: source.list }];
  const { recordType } = source;
  const request: Call = { method: 'GET', path: `${recordType.path}/${withoutZeros(id)}`, query: {} };
  return [{ calls: 1, call: readCall(recordType), recordType, requests: [request] }];
}

/** The price of a node by its global id. */
export function nodeCharges(registry: Registry, gid: unknown): Charge[] {
  try {
    const { type } = parseGid(String(gid));
    return recordCharges(registry, type, gid);
  } catch {
    // No global id: refused before any call.
    return [];
  }
}

/** The price of the records of a view. The list of views is read first, unless the view is named by its id. */
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
  const choice = viewChoice(given);
  if ('id' in choice) {
    const when = 'only if Freshsales refuses the view';
    const checked: Charge = { calls: 1, once: views, when, fallback: true };
    // A view may be named by a number: then there is none of that id, and it is found in the list.
    const again = choice.isName
      ? pages('{id}').map(({ calls, call = '' }): Charge => ({ calls, call, when, fallback: true }))
      : [];
    return [...pages(choice.id), checked, ...again];
  }
  const id = viewChosen(viewsIn(recordType, pricing.known.list(views) ?? []), choice.name)?.id;
  return [{ calls: 1, once: views }, ...pages(id ?? '{id}').map((charge) => ({ ...charge, view: given ?? '' }))];
}

import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import type { Account, Columns, RecordSandbox, View } from '../account.ts';
import { answer, forbidden, forbiddenPage, refuse } from '../answers.ts';
import { cellOf } from '../cells.ts';
import { fullMeta, type Page, pageOf, type Query, queryOf, sorted } from '../paging.ts';
import { render } from '../render.ts';
import type { Row } from '../store.ts';
import { describeView, type Passes, viewsOf } from '../views.ts';

/** The record types of the account. */
export const served = ({ types, product }: Account): readonly RecordSandbox[] =>
  types.sandboxes.filter(({ only = product }) => only === product);

/** Those with views. */
export const viewed = (account: Account): readonly RecordSandbox[] =>
  served(account).filter(({ views }) => views !== undefined);

/** Contacts, accounts, deals and, in Classic, leads. */
export function recordRoutes(api: Hono, ui: Hono, account: Account): void {
  for (const { recordType } of viewed(account)) addRecordRoutes(api, ui, account, recordType);
  // The web page of leads in the Suite (QUIRKS 66). Below the API root, the path does not exist.
  for (const { recordType, views, only } of account.types.sandboxes)
    if (views && only && only !== account.product) ui.get(`/${recordType.path}`, () => forbiddenPage());
}

function addRecordRoutes(api: Hono, ui: Hono, account: Account, recordType: Resource): void {
  const { path, name } = recordType;
  const viewOf = (id: string | undefined): View | undefined => viewsOf(account, name).find((view) => view.id === id);

  api.get(`/${path}`, () => forbidden());
  ui.get(`/${path}`, (c) => listView(account, recordType, viewOf(queryOf(c.req.url).segment_id), queryOf(c.req.url)));
  api.get(`/${path}/filters`, () =>
    answer({ filters: viewsOf(account, name).map((view) => describeView(account, name, view)), meta: {} }),
  );
  api.get(`/${path}/filters/:id`, (c) => {
    const view = viewOf(c.req.param('id'));
    return view ? answer({ filter: describeView(account, name, view) }) : forbidden();
  });
  const view = (c: Context): Response => listView(account, recordType, viewOf(c.req.param('id')), queryOf(c.req.url));
  api.get(`/${path}/view/:id`, view);
  // In Classic, this path is that of the API (`CLASSIC_WITHOUT_API`).
  if (account.product === 'suite') ui.get(`/${path}/view/:id`, view);
}

/** One page of a view. An unknown view is forbidden, not missing. */
function listView(account: Account, recordType: Resource, view: View | undefined, query: Query): Response {
  if (!view) return forbidden();
  const rows = account.store.of(recordType.name).query((row) => view.passes(row, account));
  const page = pageOf(account, sorted(account, recordType.name, rows, query), query);
  return listing(account, recordType, page, `GET /${recordType.path}/view/{id}`, query);
}

/** One page in its envelope. */
export function listing(account: Account, recordType: Resource, page: Page, endpoint: string, query: Query): Response {
  const { side, records } = render(account, recordType, page.rows, { endpoint, include: query.include });
  const meta =
    account.product === 'classic' ? fullMeta(page) : { ...fullMeta(page), ...avatars(account, recordType, page) };
  return answer({ ...side, [recordType.many]: records, meta });
}

/** Avatars by id. Suite only. */
const avatars = (account: Account, { name }: Resource, { rows }: Page): Columns => ({
  avatar_data: { [name]: Object.fromEntries(rows.map((row: Row) => [row.id, cellOf(account, name, row, 'avatar')])) },
});

/** A list has its own order. `sort` is ignored; `sort_type` turns it, and some orders are descending by `asc`, as recorded. */
export interface ListOrder {
  readonly column: string;
  /** The direction without `sort_type`. */
  readonly direction: 'asc' | 'desc';
  /** True if `sort_type=asc` sorts descending, and the other way round. */
  readonly isReversed?: boolean;
}

interface Filters {
  readonly filters: Readonly<Record<string, Passes>>;
  readonly orderOf: (filter: string) => ListOrder;
  /** True if the filter may be missing on every account. */
  readonly isOptional?: boolean;
}

/** A list with at most one filter. Without one, it has all records, unless the account is strict. */
export function listFiltered(
  account: Account,
  recordType: Resource,
  query: Query,
  { filters, orderOf, isOptional = false }: Filters,
): Response {
  const filter = (query.filter ?? '').replaceAll(/[_+]/g, ' ');
  const isAll = query.filter === undefined && (isOptional || !account.behaviours.strictFilters);
  const passes = isAll ? () => true : Object.hasOwn(filters, filter) ? filters[filter] : undefined;
  if (!passes) return refuse(400, 'Filter is missing or invalid.');
  const { name } = recordType;
  const rows = account.store.of(name).query((row) => passes(row, account));
  const page = pageOf(account, sorted(account, name, rows, ownOrder(orderOf(filter), query)), query);
  return plainList(account, recordType, page.rows, query, { total: page.total });
}

function ownOrder({ column, direction, isReversed = false }: ListOrder, { sort_type }: Query): Query {
  if (sort_type === undefined) return { sort: column, sort_type: direction };
  const isAscending = (sort_type !== 'desc') !== isReversed;
  return { sort: column, sort_type: isAscending ? 'asc' : 'desc' };
}

/** All records of a type without views. */
export function listAll(account: Account, recordType: Resource, query: Query): Response {
  const page = pageOf(account, account.store.of(recordType.name).query(), query);
  return plainList(account, recordType, page.rows, query, fullMeta(page));
}

function plainList(
  account: Account,
  recordType: Resource,
  rows: readonly Row[],
  { include }: Query,
  meta: Columns,
): Response {
  const { side, records } = render(account, recordType, rows, { endpoint: `GET /${recordType.path}`, include });
  return answer({ ...side, [recordType.many]: records, meta });
}

import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import type { Account, Columns, RecordSandbox, View } from '../account.ts';
import { answer, forbidden, notFound } from '../answers.ts';
import { cellOf } from '../cells.ts';
import { isAlive } from '../links.ts';
import { fullMeta, type Page, pageOf, type Query, queryOf, sorted } from '../paging.ts';
import { render } from '../render.ts';
import type { Row } from '../store.ts';
import { describeView, viewsOf } from '../views.ts';

/** The record types with views. */
export const viewed = ({ types, product }: Account): readonly RecordSandbox[] =>
  types.sandboxes.filter(({ views, only = product }) => views !== undefined && only === product);

/** Contacts, accounts, deals and, in Classic, leads. */
export function recordRoutes(api: Hono, ui: Hono, account: Account): void {
  for (const { recordType } of viewed(account)) addRecordRoutes(api, ui, account, recordType);
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
  api.get(`/${path}/view/:id`, (c) => listView(account, recordType, viewOf(c.req.param('id')), queryOf(c.req.url)));
  api.get(`/${path}/:id`, (c) => single(account, recordType, c));
}

/** One page of a view. An unknown view is forbidden, not missing. */
function listView(account: Account, recordType: Resource, view: View | undefined, query: Query): Response {
  if (!view) return forbidden();
  const rows = account.store.of(recordType.name).query((row) => view.passes(row, account));
  const page = pageOf(sorted(account, recordType.name, rows, query), query);
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

/** One record. Deleted ones are not found. */
function single(account: Account, recordType: Resource, c: Context): Response {
  const row = account.store.of(recordType.name).get(c.req.param('id') ?? '');
  if (!row || !isAlive(row)) return notFound(recordType.one);
  const { include } = queryOf(c.req.url);
  const { side, records } = render(account, recordType, [row], { endpoint: `GET /${recordType.path}/{id}`, include });
  const meta = account.product === 'suite' ? { meta: null } : {};
  return answer({ ...side, [recordType.one]: records[0], ...meta });
}

import type { Context, Hono } from 'hono';
import { isToMany, type Resource } from '../../freshsales/resource.ts';
import { resources } from '../../resources/index.ts';
import type { Account, Columns } from '../account.ts';
import { answer, forbidden, notFound } from '../answers.ts';
import { cellOf } from '../cells.ts';
import { isAlive, relatedIds } from '../links.ts';
import { fullMeta, type Page, pageOf, type Query, queryOf, sorted } from '../paging.ts';
import { render } from '../render.ts';
import type { Row } from '../store.ts';
import { describeView, type View, viewsOf } from '../views.ts';

/** The record types that are read through views. */
export const viewed = (account: Account): readonly Resource[] =>
  resources.filter(
    ({ name }) => viewsOf(account, name).length > 0 && (name !== 'Lead' || account.product === 'classic'),
  );

/** Contacts, accounts, deals and, in Classic, leads. */
export function recordRoutes(api: Hono, ui: Hono, account: Account): void {
  for (const resource of viewed(account)) addRecordRoutes(api, ui, account, resource);
}

function addRecordRoutes(api: Hono, ui: Hono, account: Account, resource: Resource): void {
  const { path, name } = resource;
  const viewOf = (id: string | undefined): View | undefined => viewsOf(account, name).find((view) => view.id === id);

  api.get(`/${path}`, () => forbidden());
  ui.get(`/${path}`, (c) => listView(account, resource, viewOf(queryOf(c.req.url).segment_id), queryOf(c.req.url)));
  api.get(`/${path}/filters`, () =>
    answer({ filters: viewsOf(account, name).map((view) => describeView(account, name, view)), meta: {} }),
  );
  api.get(`/${path}/filters/:id`, (c) => {
    const view = viewOf(c.req.param('id'));
    return view ? answer({ filter: describeView(account, name, view) }) : forbidden();
  });
  api.get(`/${path}/view/:id`, (c) => listView(account, resource, viewOf(c.req.param('id')), queryOf(c.req.url)));
  if (name === 'Contact') api.get('/contacts/lists/:id', (c) => listMembers(account, resource, c));
  api.get(`/${path}/:id`, (c) => single(account, resource, c));
}

/** One page of a view. A view that is not there is forbidden rather than unknown. */
function listView(account: Account, resource: Resource, view: View | undefined, query: Query): Response {
  if (!view) return forbidden();
  const rows = account.store.of(resource.name).query((row) => view.passes(row, account));
  const page = pageOf(sorted(account, resource.name, rows, query), query);
  return listing(account, resource, page, `GET /${resource.path}/view/{id}`, query);
}

/** The members of a hand-made list come in the envelope of a view. */
function listMembers(account: Account, resource: Resource, c: Context): Response {
  const list = c.req.param('id');
  if (!list || !account.store.of('ContactList').get(list)) return notFound('list');
  const query = queryOf(c.req.url);
  const rows = account.store
    .of(resource.name)
    .query((row) => isAlive(row) && relatedIds(account.store, resource.name, row, 'list_ids').includes(list));
  return listing(account, resource, pageOf(rows, query), 'GET /contacts/lists/{id}', query);
}

function listing(account: Account, resource: Resource, page: Page, endpoint: string, query: Query): Response {
  const { side, records } = render(account, resource, page.rows, { endpoint, include: query.include });
  const meta =
    account.product === 'classic' ? fullMeta(page) : { ...fullMeta(page), ...avatars(account, resource, page) };
  return answer({ ...side, [resource.many]: records, meta });
}

/** Pictures once more, by id: Suite only. */
const avatars = (account: Account, { name }: Resource, { rows }: Page): Columns => ({
  avatar_data: { [name]: Object.fromEntries(rows.map((row: Row) => [row.id, cellOf(account, name, row, 'avatar')])) },
});

/** One record. A deleted one is as good as none. */
function single(account: Account, resource: Resource, c: Context): Response {
  const row = account.store.of(resource.name).get(c.req.param('id') ?? '');
  if (!row || !isAlive(row)) return notFound(resource.one);
  const { include } = queryOf(c.req.url);
  const { side, records } = render(account, resource, [row], { endpoint: `GET /${resource.path}/{id}`, include });
  const meta = account.product === 'suite' ? { meta: null } : {};
  return answer({ ...side, [resource.one]: records[0], ...meta });
}

/** Whether a record type has an include of many rows by that name. */
export const hasMany = (resource: Resource, name: string): boolean => {
  const include = resource.includes[name];
  return include !== undefined && isToMany(include);
};

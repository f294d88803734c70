import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import { appointmentResource } from '../../resources/appointment/resource.ts';
import { contactResource } from '../../resources/contact/resource.ts';
import { noteResource } from '../../resources/note/resource.ts';
import { taskResource } from '../../resources/task/resource.ts';
import type { Account } from '../account.ts';
import { answer, notFound } from '../answers.ts';
import { documentAssociations } from '../documents.ts';
import { isAlive, relatedIds } from '../links.ts';
import { fullMeta, pageOf, queryOf } from '../paging.ts';
import { render } from '../render.ts';
import type { Row } from '../store.ts';
import { timeline } from '../timeline.ts';
import { hasMany, viewed } from './records.ts';

/** Sub-resources of records. Most answer beside the API root only (FACTS 14). */
export function relatedRoutes(api: Hono, ui: Hono, account: Account): void {
  for (const resource of viewed(account)) {
    const { path, name } = resource;
    const add = (router: Hono, rest: string, child: Resource, base: string): void => {
      const handle = (c: Context): Response =>
        related(account, resource, child, rest, `GET ${base}/${path}/{id}/${rest}`, c);
      router.get(`/${path}/:id/${rest}`, handle);
    };
    // Under the API root these are 404 for most record types, although records link to them.
    add(ui, 'notes', noteResource, '..');
    add(ui, 'tasks', taskResource, '..');
    add(ui, 'appointments', appointmentResource, '..');
    if (name !== 'SalesAccount') add(api, 'notes', noteResource, '');
    if (name === 'SalesAccount') {
      add(api, 'contacts', contactResource, '');
      add(ui, 'contacts', contactResource, '..');
    }
    if (name === 'Contact') add(api, 'appointments', appointmentResource, '');
    if (hasTimeline(name))
      api.get(`/${path}/:id/activities`, (c) =>
        withRow(account, resource, c, (row) => timeline(account, resource, row, queryOf(c.req.url))),
      );
    if (name === 'Contact')
      api.get(`/${path}/:id/document_associations`, (c) =>
        withRow(account, resource, c, (row) => documentAssociations(account, row)),
      );
  }
}

/** Accounts and deals have none. */
const hasTimeline = (name: string): boolean => name === 'Contact' || name === 'Lead';

/** Answers about a record that is there. */
function withRow(account: Account, resource: Resource, c: Context, handle: (row: Row) => Response): Response {
  const row = account.store.of(resource.name).get(c.req.param('id') ?? '');
  return row && isAlive(row) ? handle(row) : notFound(resource.one);
}

/** The children of a record, whose column is that of the include by the same name. */
function related(
  account: Account,
  resource: Resource,
  child: Resource,
  rest: string,
  endpoint: string,
  c: Context,
): Response {
  return withRow(account, resource, c, (row) => {
    const include = resource.includes[rest];
    const column = include && hasMany(resource, rest) && 'ids' in include ? include.ids : '';
    const rows = relatedIds(account.store, resource.name, row, column).flatMap((id) => {
      const found = account.store.of(child.name).get(id);
      return found && isAlive(found) ? [found] : [];
    });
    const query = queryOf(c.req.url);
    const page = pageOf(rows, query);
    const { side, records } = render(account, child, page.rows, { endpoint, include: query.include });
    return answer({ ...side, [child.many]: records, meta: fullMeta(page) });
  });
}

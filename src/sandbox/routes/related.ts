import type { Context, Hono } from 'hono';
import type { RecordType } from '../../freshsales/resource.ts';
import { appointmentType } from '../../resources/appointment/record.ts';
import { contactType } from '../../resources/contact/record.ts';
import { noteType } from '../../resources/note/record.ts';
import { taskType } from '../../resources/task/record.ts';
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
  for (const recordType of viewed(account)) {
    const { path, name } = recordType;
    const add = (router: Hono, rest: string, child: RecordType, base: string): void => {
      const handle = (c: Context): Response =>
        related(account, recordType, child, rest, `GET ${base}/${path}/{id}/${rest}`, c);
      router.get(`/${path}/:id/${rest}`, handle);
    };
    // Under the API root these are 404 for most record types, although records link to them.
    add(ui, 'notes', noteType, '..');
    add(ui, 'tasks', taskType, '..');
    add(ui, 'appointments', appointmentType, '..');
    if (name !== 'SalesAccount') add(api, 'notes', noteType, '');
    if (name === 'SalesAccount') {
      add(api, 'contacts', contactType, '');
      add(ui, 'contacts', contactType, '..');
    }
    if (name === 'Contact') add(api, 'appointments', appointmentType, '');
    if (hasTimeline(name))
      api.get(`/${path}/:id/activities`, (c) =>
        withRow(account, recordType, c, (row) => timeline(account, recordType, row, queryOf(c.req.url))),
      );
    if (name === 'Contact')
      api.get(`/${path}/:id/document_associations`, (c) =>
        withRow(account, recordType, c, (row) => documentAssociations(account, row)),
      );
  }
}

/** Accounts and deals have none. */
const hasTimeline = (name: string): boolean => name === 'Contact' || name === 'Lead';

/** Answers about a record that is there. */
function withRow(account: Account, recordType: RecordType, c: Context, handle: (row: Row) => Response): Response {
  const row = account.store.of(recordType.name).get(c.req.param('id') ?? '');
  return row && isAlive(row) ? handle(row) : notFound(recordType.one);
}

/** The children of a record, whose column is that of the include by the same name. */
function related(
  account: Account,
  recordType: RecordType,
  child: RecordType,
  rest: string,
  endpoint: string,
  c: Context,
): Response {
  return withRow(account, recordType, c, (row) => {
    const include = recordType.includes[rest];
    const column = include && hasMany(recordType, rest) && 'ids' in include ? include.ids : '';
    const rows = relatedIds(account.store, recordType.name, row, column).flatMap((id) => {
      const found = account.store.of(child.name).get(id);
      return found && isAlive(found) ? [found] : [];
    });
    const query = queryOf(c.req.url);
    const page = pageOf(rows, query);
    const { side, records } = render(account, child, page.rows, { endpoint, include: query.include });
    return answer({ ...side, [child.many]: records, meta: fullMeta(page) });
  });
}

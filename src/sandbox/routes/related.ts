import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import type { Account } from '../account.ts';
import { answer, notFound } from '../answers.ts';
import { isAlive, relatedIds } from '../links.ts';
import { fullMeta, pageOf, type Query, queryOf } from '../paging.ts';
import { render } from '../render.ts';
import { toWire } from '../serialize.ts';
import { userRows } from '../shapes.ts';
import type { Row } from '../store.ts';
import { viewed } from './records.ts';
import { rowIn } from './request.ts';

/** The history of a record, newest first. Keys are recorded; the names of the types are invented. */
function timeline(account: Account, recordType: Resource, row: Row, query: Query): Response {
  const { store, types, zone } = account;
  const entries = types.sandboxes.flatMap(({ recordType: { name }, timeline: facts }) =>
    relatedIds(account, recordType.name, row, facts?.column ?? '').flatMap((id) => {
      const about = store.of(name).get(id);
      if (!facts || !about) return [];
      return {
        // Freshsales calls the id composite.
        id: `1_${recordType.name}_${row.id}_${name}_${id}`,
        action_data: Object.fromEntries(facts.shows.map((column) => [column, about[column]])),
        action_type: facts.type,
        created_at: about.created_at,
        user_activity: true,
        targetable_type: recordType.name,
        targetable_id: row.id,
        actionable_type: name,
        actionable_id: id,
        targetable_name: row.display_name,
        user_id: about.creater_id,
      };
    }),
  );
  entries.sort((a, b) => String(b.created_at).localeCompare(String(a.created_at)) || b.id.localeCompare(a.id));
  const page = pageOf(account, entries, query);
  const authors = page.rows.map(({ user_id }) => user_id);
  const side = (query.include ?? '').split(',').includes('user') ? { users: userRows(account, authors) } : {};
  const activities = page.rows.map(({ id, ...entry }) => toWire({ composite_id: id, ...entry }, zone));
  return answer({ ...side, activities, meta: fullMeta(page) });
}

/** Sub-resources outside the API root, although records link to them below it (FACTS 14). */
const BESIDE_API = ['notes', 'tasks', 'appointments'] as const;

/** Sub-resources of records. */
export function relatedRoutes(api: Hono, ui: Hono, account: Account): void {
  for (const { recordType, related: more = [], hasTimeline } of viewed(account)) {
    const { path } = recordType;
    const usual = BESIDE_API.map((rest) => ['ui', rest] as const);
    for (const [base, rest] of [...usual, ...more]) {
      const endpoint = `GET ${base === 'ui' ? '..' : ''}/${path}/{id}/${rest}`;
      const router = base === 'ui' ? ui : api;
      router.get(`/${path}/:id/${rest}`, (c) => related(account, recordType, rest, endpoint, c));
    }
    // A client of Classic reads the timelines of accounts and deals, too (FACTS 19).
    if (hasTimeline || account.product === 'classic')
      api.get(`/${path}/:id/activities`, (c) =>
        timeline(account, recordType, rowIn(account, recordType, c), queryOf(c.req.url)),
      );
  }
}

/** The children of a record, from the column of the include with the same name. */
function related(account: Account, recordType: Resource, rest: string, endpoint: string, c: Context): Response {
  const child = account.types.recordTypes.find(({ many }) => many === rest);
  if (!child) return notFound(recordType.one);
  const row = rowIn(account, recordType, c);
  const include = recordType.includes[rest];
  const column = include && 'ids' in include ? include.ids : '';
  const rows = relatedIds(account, recordType.name, row, column).flatMap((id) => {
    const found = account.store.of(child.name).get(id);
    return found && isAlive(found) ? [found] : [];
  });
  const query = queryOf(c.req.url);
  const page = pageOf(account, rows, query);
  const { side, records } = render(account, child, page.rows, { endpoint, include: query.include });
  return answer({ ...side, [child.many]: records, meta: fullMeta(page) });
}

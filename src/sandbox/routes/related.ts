import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import type { Account } from '../account.ts';
import { answer, notFound } from '../answers.ts';
import { isAlive, relatedIds } from '../links.ts';
import { fullMeta, pageOf, queryOf } from '../paging.ts';
import { render } from '../render.ts';
import { timeline } from '../timeline.ts';
import { viewed } from './records.ts';
import { rowIn } from './request.ts';

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
    if (hasTimeline)
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
  const page = pageOf(rows, query);
  const { side, records } = render(account, child, page.rows, { endpoint, include: query.include });
  return answer({ ...side, [child.many]: records, meta: fullMeta(page) });
}

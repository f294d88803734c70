import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import { appointmentResource } from '../../resources/appointment/resource.ts';
import { salesActivityResource } from '../../resources/sales-activity/resource.ts';
import { taskResource } from '../../resources/task/resource.ts';
import type { Account, Columns } from '../account.ts';
import { answer, broken, noSuchRoute, notFound, refuse } from '../answers.ts';
import { addDays, dayOf } from '../clock.ts';
import { fullMeta, pageOf, type Query, queryOf, sorted } from '../paging.ts';
import { render } from '../render.ts';
import type { Row } from '../store.ts';

type Passes = (row: Row, account: Account) => boolean;

const isOpen: Passes = ({ status }) => status === 0;
const isDue =
  (days: number): Passes =>
  (row, { now, zone }) =>
    row.status === 0 && dayOf(new Date(String(row.due_date)), zone) === dayOf(addDays(now(), days), zone);

/** Written with spaces by the reference, with underscores by others. */
const TASKS: Readonly<Record<string, Passes>> = {
  open: isOpen,
  'due today': isDue(0),
  'due tomorrow': isDue(1),
  overdue: (row, { now }) => row.status === 0 && Date.parse(String(row.due_date)) < now().getTime(),
  completed: ({ status }) => status === 1,
};

const ends = (row: Row): number => Date.parse(String(row.end_date));
const APPOINTMENTS: Readonly<Record<string, Passes>> = {
  past: (row, { now }) => ends(row) < now().getTime(),
  upcoming: (row, { now }) => ends(row) >= now().getTime(),
};

/** Tasks, appointments and sales activities; notes are read on their parents only. */
export function activityRoutes(api: Hono, ui: Hono, account: Account): void {
  api.get('/tasks', (c) => {
    const query = queryOf(c.req.url);
    if (query.page === '0' && query.per_page === '0') return broken();
    return filtered(account, taskResource, TASKS, 'due_date', query);
  });
  api.get('/tasks/:id', (c) => single(account, taskResource, c, ['owner', 'creater', 'updater', 'targetable']));
  api.get('/appointments', (c) =>
    filtered(account, appointmentResource, APPOINTMENTS, 'from_date', queryOf(c.req.url)),
  );
  // Beside the API root the filter may be missing.
  ui.get('/appointments', (c) =>
    filtered(account, appointmentResource, { ...APPOINTMENTS, '': () => true }, 'from_date', queryOf(c.req.url)),
  );
  api.get('/appointments/:id', (c) =>
    single(account, appointmentResource, c, ['appointment_attendees', 'creater', 'targetable'], {
      conferences: [],
      notes: [],
    }),
  );
  api.get('/sales_activities', (c) => {
    const query = queryOf(c.req.url);
    const page = pageOf(account.store.of('SalesActivity').query(), query);
    return list(account, salesActivityResource, page.rows, query, fullMeta(page));
  });
  api.get('/sales_activities/:id', (c) => single(account, salesActivityResource, c, []));
  // The route is there, the record is not: notes have no GET.
  api.get('/notes/:id', () => notFound('note'));
  api.get('/notes', () => noSuchRoute());
}

/** A list that needs exactly one filter. */
function filtered(
  account: Account,
  resource: Resource,
  filters: Readonly<Record<string, Passes>>,
  order: string,
  query: Query,
): Response {
  const name = (query.filter ?? '').replaceAll(/[_+]/g, ' ');
  const passes = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (!passes) return refuse(400, 'Filter is missing or invalid.');
  const rows = account.store.of(resource.name).query((row) => passes(row, account));
  // As in the recordings: the last due task first, and the first appointment.
  const sort_type = order === 'due_date' ? 'desc' : 'asc';
  const page = pageOf(sorted(account, resource.name, rows, { sort: order, sort_type, ...query }), query);
  return list(account, resource, page.rows, query, { total: page.total });
}

/** One page in its envelope. */
function list(account: Account, resource: Resource, rows: readonly Row[], query: Query, meta: Columns): Response {
  const { side, records } = render(account, resource, rows, {
    endpoint: `GET /${resource.path}`,
    include: query.include,
  });
  return answer({ ...side, [resource.many]: records, meta });
}

/** A single task or appointment brings what it is about and whose it is, asked or not. */
function single(
  account: Account,
  resource: Resource,
  c: Context,
  always: readonly string[],
  empty: Columns = {},
): Response {
  const row = account.store.of(resource.name).get(c.req.param('id') ?? '');
  if (!row) return notFound(resource.one);
  const { include } = queryOf(c.req.url);
  const endpoint = `GET /${resource.path}/{id}`;
  const { side, records } = render(account, resource, [row], { endpoint, include, always });
  const [record] = records;
  const noted = resource.name === 'Appointment' ? { ...record, note_id: row.note_id ?? null } : record;
  return answer({ ...side, ...empty, [resource.one]: noted });
}

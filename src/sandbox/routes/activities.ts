import type { Context, Hono } from 'hono';
import type { RecordType } from '../../freshsales/resource.ts';
import { appointmentType } from '../../resources/appointment/record.ts';
import { salesActivityType } from '../../resources/sales-activity/record.ts';
import { taskType } from '../../resources/task/record.ts';
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
    return filtered(account, taskType, TASKS, 'due_date', query);
  });
  api.get('/tasks/:id', (c) => single(account, taskType, c, ['owner', 'creater', 'updater', 'targetable']));
  api.get('/appointments', (c) => filtered(account, appointmentType, APPOINTMENTS, 'from_date', queryOf(c.req.url)));
  // Beside the API root the filter may be missing.
  ui.get('/appointments', (c) =>
    filtered(account, appointmentType, { ...APPOINTMENTS, '': () => true }, 'from_date', queryOf(c.req.url)),
  );
  api.get('/appointments/:id', (c) =>
    single(account, appointmentType, c, ['appointment_attendees', 'creater', 'targetable'], {
      conferences: [],
      notes: [],
    }),
  );
  api.get('/sales_activities', (c) => {
    const query = queryOf(c.req.url);
    const page = pageOf(account.store.of('SalesActivity').query(), query);
    return list(account, salesActivityType, page.rows, query, fullMeta(page));
  });
  api.get('/sales_activities/:id', (c) => single(account, salesActivityType, c, []));
  // The route is there, the record is not: notes have no GET.
  api.get('/notes/:id', () => notFound('note'));
  api.get('/notes', () => noSuchRoute());
}

/** A list that needs exactly one filter. */
function filtered(
  account: Account,
  recordType: RecordType,
  filters: Readonly<Record<string, Passes>>,
  order: string,
  query: Query,
): Response {
  const name = (query.filter ?? '').replaceAll(/[_+]/g, ' ');
  const passes = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (!passes) return refuse(400, 'Filter is missing or invalid.');
  const rows = account.store.of(recordType.name).query((row) => passes(row, account));
  // As in the recordings: the last due task first, and the first appointment.
  const sort_type = order === 'due_date' ? 'desc' : 'asc';
  const page = pageOf(sorted(account, recordType.name, rows, { sort: order, sort_type, ...query }), query);
  return list(account, recordType, page.rows, query, { total: page.total });
}

/** One page in its envelope. */
function list(account: Account, recordType: RecordType, rows: readonly Row[], query: Query, meta: Columns): Response {
  const { side, records } = render(account, recordType, rows, {
    endpoint: `GET /${recordType.path}`,
    include: query.include,
  });
  return answer({ ...side, [recordType.many]: records, meta });
}

/** A single task or appointment brings what it is about and whose it is, asked or not. */
function single(
  account: Account,
  recordType: RecordType,
  c: Context,
  always: readonly string[],
  empty: Columns = {},
): Response {
  const row = account.store.of(recordType.name).get(c.req.param('id') ?? '');
  if (!row) return notFound(recordType.one);
  const { include } = queryOf(c.req.url);
  const endpoint = `GET /${recordType.path}/{id}`;
  const { side, records } = render(account, recordType, [row], { endpoint, include, always });
  const [record] = records;
  const noted = recordType.name === 'Appointment' ? { ...record, note_id: row.note_id ?? null } : record;
  return answer({ ...side, ...empty, [recordType.one]: noted });
}

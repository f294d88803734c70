import type { Account, Columns } from './account.ts';
import { daysBetween } from './clock.ts';
import { dealTotals } from './rollups.ts';
import type { Row } from './store.ts';

type Cell = (account: Account, row: Row) => unknown;

const CONVERSATIONS =
  'conversations/all?include=email_conversation_recipients%2Ctargetable%2Cphone_number%2Cphone_caller%2Cnote%2Cuser&per_page=3';
const LINKS: readonly (readonly [name: string, rest: string])[] = [
  ['conversations', CONVERSATIONS],
  ['timeline_feeds', 'timeline_feeds'],
  ['document_associations', 'document_associations'],
  ['notes', 'notes?include=creater'],
  ['tasks', 'tasks?include=creater,owner,updater,targetable,users,task_type'],
  ['appointments', 'appointments?include=creater,owner,updater,targetable,appointment_attendees'],
  ['reminders', 'reminders?include=creater,owner,updater,targetable'],
  ['duplicates', 'duplicates'],
  ['connections', 'connections'],
];

/** The sub-resources that a record links to; they are below the UI base, not the API root. */
const links =
  (path: string, leaveOut: readonly string[]): Cell =>
  ({ uiBase, product }, { id }) =>
    Object.fromEntries(
      LINKS.filter(([name]) => !leaveOut.includes(name) && !(product === 'classic' && name === 'reminders')).map(
        ([name, rest]) => {
          const more = name === 'appointments' && product === 'suite' ? ',conference,note' : '';
          return [name, `${uiBase}/${path}/${id}/${rest}${more}`];
        },
      ),
    );

const total =
  (name: string, column: string): Cell =>
  ({ store }, row) =>
    dealTotals(store, name, row)[column];

const totals = (name: string): Record<string, Cell> => ({
  open_deals_amount: total(name, 'open_deals_amount'),
  open_deals_count: total(name, 'open_deals_count'),
  won_deals_amount: total(name, 'won_deals_amount'),
  won_deals_count: total(name, 'won_deals_count'),
});

/** Days from creation to now, or to the day the deal was closed. */
const age: Cell = ({ now }, { created_at, closed_date }) =>
  daysBetween(String(created_at), typeof closed_date === 'string' ? new Date(closed_date) : now());

/** How many days an open deal is older than its pipeline likes. */
const rotten: Cell = (account, row) => {
  const { store } = account;
  const open = store.of('DealStage').get(String(row.deal_stage_id))?.forecast_type === 'Open';
  const limit = Number(store.of('DealPipeline').get(String(row.deal_pipeline_id))?.rotting_days ?? 0);
  const days = Number(age(account, row)) - limit;
  return open && limit > 0 && days > 0 ? days : null;
};

/** Made up and worth nothing, but in the place where the real tokens stand, so that clients can show they strip them. */
const token = (kind: string, { id }: Row): string => `sandbox-${kind}-token-${id}`;

const COMPUTED: Readonly<Record<string, Readonly<Record<string, Cell>>>> = {
  Contact: { links: links('contacts', []), ...totals('Contact') },
  SalesAccount: {
    links: links('sales_accounts', ['timeline_feeds', 'reminders', 'duplicates', 'connections']),
    ...totals('SalesAccount'),
    last_contacted_via_chat: () => null,
  },
  Deal: {
    links: links('deals', ['timeline_feeds', 'reminders', 'duplicates', 'connections']),
    age,
    rotten_days: rotten,
    collaboration: ({ product }, row) =>
      product === 'suite' ? {} : { id: row.id, title: row.name, convo_token: token('convo', row) },
    fc_widget_collaboration: (_account, row) => ({
      convo_token: token('convo', row),
      auth_token: token('auth', row),
      encoded_jwt_token: token('jwt', row),
    }),
    deal_freddy_metrics: () => null,
  },
  Lead: { links: links('leads', ['reminders', 'duplicates', 'connections']) },
};

/** The value of a column: what is stored, or else what follows from the rest of the account. */
export function cellOf(account: Account, name: string, row: Row, column: string): unknown {
  const stored = row[column];
  const computed = COMPUTED[name]?.[column];
  // A blank deal is nought days old, which is no age that anybody has set.
  const unset = stored === undefined || stored === null || (column === 'age' && stored === 0);
  return computed && unset ? computed(account, row) : (stored ?? null);
}

export const cellsOf = (account: Account, name: string, row: Row, columns: readonly string[]): Columns =>
  Object.fromEntries(columns.map((column) => [column, cellOf(account, name, row, column)]));

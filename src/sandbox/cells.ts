import type { Account, Columns } from './account.ts';
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

/** The sub-resources that a record links to. They are below the UI base, not the API root. */
export const subResourceLinks =
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

const DEAL_TOTALS = ['open_deals_amount', 'open_deals_count', 'won_deals_amount', 'won_deals_count'] as const;

/** The response to an upsert does not have the totals yet (QUIRKS 11). */
export const NO_TOTALS: Columns = Object.fromEntries(DEAL_TOTALS.map((column) => [column, null]));

/** Totals of deals on contacts and accounts. */
export const totalsOf = (name: string): Readonly<Record<string, Cell>> =>
  Object.fromEntries(DEAL_TOTALS.map((column) => [column, (account, row) => dealTotals(account, name, row)[column]]));

/** The value of a column: the stored one, or else one derived from other rows. */
export function cellOf(account: Account, name: string, row: Row, column: string): unknown {
  const stored = row[column];
  const computed = account.types.of(name)?.computed?.[column];
  // Zero is the empty value of the age, so it is always derived.
  const unset = stored === undefined || stored === null || (column === 'age' && stored === 0);
  return computed && unset ? computed(account, row) : (stored ?? null);
}

export const cellsOf = (account: Account, name: string, row: Row, columns: readonly string[]): Columns =>
  Object.fromEntries(columns.map((column) => [column, cellOf(account, name, row, column)]));

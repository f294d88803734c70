import { type Account, type Columns, objectsIn } from './account.ts';
import { defineIndex, idsOf, isAlive } from './links.ts';
import type { Row } from './store.ts';

/** An amount as Freshsales writes it: `5600` is "5600.0", `1234.5` is "1234.5". */
export function money(amount: number): string {
  const text = amount.toFixed(2).replace(/0$/, '');
  return text.endsWith('.') ? `${text}0` : text;
}

/** Totals of deals. */
interface Sums {
  open: number;
  openCount: number;
  won: number;
  wonCount: number;
}

/** By owner, as `Contact:1`. Every contact of a deal counts the whole amount. */
const sums = defineIndex(({ store }) => {
  const totals = new Map<string, Sums>();
  const add = (owner: string, deal: Row, forecast: unknown): void => {
    const sum = totals.get(owner) ?? { open: 0, openCount: 0, won: 0, wonCount: 0 };
    totals.set(owner, sum);
    if (forecast === 'Closed Won') {
      sum.won += Number(deal.amount);
      sum.wonCount += 1;
    } else if (forecast !== 'Closed Lost') {
      sum.open += Number(deal.amount);
      sum.openCount += 1;
    }
  };
  for (const deal of store.of('Deal').query(isAlive)) {
    const forecast = store.of('DealStage').get(String(deal.deal_stage_id))?.forecast_type;
    for (const id of idsOf(deal.contact_ids)) add(`Contact:${id}`, deal, forecast);
    add(`SalesAccount:${String(deal.sales_account_id)}`, deal, forecast);
  }
  return totals;
});

/** Counts and amounts of the deals of a contact or account. */
function dealTotals(account: Account, name: string, row: Row): Columns {
  const sum = sums(account).get(`${name}:${row.id}`);
  return {
    open_deals_amount: money(sum?.open ?? 0),
    open_deals_count: sum?.openCount ?? 0,
    won_deals_amount: money(sum?.won ?? 0),
    won_deals_count: sum?.wonCount ?? 0,
  };
}

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

/** The id of the primary account of a contact, or else of the first one. */
export function primaryAccountId(contact: Row): string | null {
  const accounts = objectsIn(contact.sales_accounts);
  const primary = accounts.find((account) => account.is_primary === true) ?? accounts[0];
  return primary ? String(primary.id) : null;
}

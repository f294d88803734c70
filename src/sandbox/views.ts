import { type Account, API_USER, type Columns } from './account.ts';
import { addDays, dayOf, restamp } from './clock.ts';
import { isAlive } from './links.ts';
import type { Row } from './store.ts';
import { isExpired } from './writes/recycle.ts';

/** A saved filter over one record type. */
export interface View {
  readonly id: string;
  readonly name: string;
  /** Made by Freshsales, and not to be changed. */
  readonly isDefault: boolean;
  readonly passes: (row: Row, account: Account) => boolean;
}

type Passes = View['passes'];

const mine: Passes = (row) => isAlive(row) && row.owner_id === API_USER;
const binned =
  (name: string): Passes =>
  (row, account) =>
    !isAlive(row) && !isExpired(account, name, row.id);
const never: Passes = () => false;
const anywhere: Passes = (row) => isAlive(row);

/** The API user sells in the first territory of the account. */
const myTerritory: Passes = (row, { store }) =>
  isAlive(row) && typeof row.territory_id === 'string' && row.territory_id === store.of('Territory').query()[0]?.id;

const within =
  (column: string, days: number): Passes =>
  (row, { now }) =>
    isAlive(row) && Date.parse(String(row[column])) >= addDays(now(), -days).getTime();

const hasStatus =
  (name: string): Passes =>
  (row, { store }) =>
    isAlive(row) && store.of('ContactStatus').get(String(row.contact_status_id))?.name === name;

const forecast =
  (type: string): Passes =>
  (row, { store }) =>
    isAlive(row) && store.of('DealStage').get(String(row.deal_stage_id))?.forecast_type === type;

const open = forecast('Open');
const both =
  (a: Passes, b: Passes): Passes =>
  (row, account) =>
    a(row, account) && b(row, account);
const not =
  (a: Passes): Passes =>
  (row, account) =>
    isAlive(row) && !a(row, account);

const closesThisWeek: Passes = (row, { now, zone }) => {
  const day = String(row.expected_close);
  return isAlive(row) && day >= dayOf(now(), zone) && day <= dayOf(addDays(now(), 7), zone);
};
const soldThisMonth: Passes = (row, { now, zone }) =>
  String(row.closed_date).slice(0, 7) === dayOf(now(), zone).slice(0, 7);

type Entry = readonly [name: string, isDefault: boolean, passes: Passes];

/** Views have ids one after the other, from the recorded one on. */
const numbered = (first: number, entries: readonly Entry[]): readonly View[] =>
  entries.map(([name, isDefault, passes], index) => ({ id: String(first + index), name, isDefault, passes }));

const ALL_DEALS = 'All Deals';

/** The views of a new account, by record type, with the names and ids of the recordings. */
const VIEWS: Readonly<Record<string, readonly View[]>> = {
  Contact: numbered(31_003_548_173, [
    ['My Contacts', true, mine],
    ['My Territory Contacts', true, myTerritory],
    ['New Contacts', true, hasStatus('New')],
    ['All Contacts', true, anywhere],
    ['Recently Modified', true, within('updated_at', 30)],
    ['Recently Imported', true, never],
    ['Never Contacted', true, (row) => isAlive(row) && !row.last_contacted],
    ['Needs Follow-up', true, both(hasStatus('Contacted'), not(within('last_contacted', 14)))],
    ['Active', false, within('last_contacted', 90)],
    ['Inactive', false, not(within('last_contacted', 90))],
    ['Recycle Bin', true, binned('Contact')],
    ['Bounced contacts', true, never],
    ['Untouched 5-star contacts', true, (row) => isAlive(row) && row.customer_fit === 5 && !row.last_contacted],
    ['Slipping away', false, both(hasStatus('Interested'), not(within('last_contacted', 60)))],
  ]),
  Deal: [
    ...numbered(31_003_548_187, [
      ['Open Deals', true, open],
      ['My Deals', true, mine],
      ['My Territory Deals', true, myTerritory],
      ['Recent Deals', true, within('created_at', 30)],
      ['Recently Imported', true, never],
      ['Lost Deals', false, forecast('Closed Lost')],
      ['Won Deals', false, forecast('Closed Won')],
      ['Hot Deals', false, both(open, within('stage_updated_time', 14))],
      ['Cold Deals', false, both(open, not(within('stage_updated_time', 60)))],
      ['Closing this week', false, both(open, closesThisWeek)],
      ["This month's sales", false, both(forecast('Closed Won'), soldThisMonth)],
      ['Recycle Bin', true, binned('Deal')],
    ]),
    ...numbered(31_003_548_204, [[ALL_DEALS, true, anywhere]]),
  ],
  SalesAccount: numbered(31_003_548_199, [
    ['My Accounts', true, mine],
    ['All Accounts', true, anywhere],
    ['My Territory Accounts', true, myTerritory],
    ['Recently Imported', true, never],
    ['Recycle Bin', true, binned('SalesAccount')],
  ]),
  Lead: numbered(31_003_548_205, [
    ['My Leads', true, mine],
    ['All Leads', true, anywhere],
    ['Recycle Bin', true, binned('Lead')],
  ]),
};

/** The views of a record type. */
export const viewsOf = ({ behaviours }: Account, name: string): readonly View[] =>
  (VIEWS[name] ?? []).filter((view) => behaviours.allDealsView || view.name !== ALL_DEALS);

/** A view as `filters` describes it. */
export const describeView = ({ zone }: Account, model: string, { id, name, isDefault }: View): Columns => ({
  id: Number(id),
  name,
  model_class_name: model,
  user_id: 0,
  is_default: isDefault,
  updated_at: restamp('2023-03-09T07:44:39+01:00', zone),
  user_name: null,
  current_user_permissions: isDefault ? [] : ['read_edit_only', 'can_delete_only'],
});

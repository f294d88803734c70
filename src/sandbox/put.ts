import type { Identified, Table } from '../freshsales/resource.ts';
import { type Account, API_USER, isObject } from './account.ts';
import { addDays, stamp } from './clock.ts';
import { displayName, fullName, targetablesOf } from './derive.ts';
import { attachChildren } from './links.ts';
import { money } from './money.ts';
import { primaryAccountId } from './rollups.ts';
import type { Row } from './store.ts';

type Given = Readonly<Record<string, unknown>>;
/** What a record type fills in by itself; `given` tells what was said from what is merely blank. */
type Fill = (row: Row, given: Given, account: Account) => Given;

/** Record types that belong to somebody. */
const OWNED = new Set(['Contact', 'SalesAccount', 'Deal', 'Lead', 'Task', 'SalesActivity']);

/** Puts a record into the account as if Freshsales had made it, and gives it back with every column. */
export function putRow<R extends Identified>(
  account: Account,
  table: Table<R>,
  given: Partial<R> & { id?: string },
): Required<R> {
  return recordOf(table, insertRow(account, table, given));
}

/** The same for columns of any record type, as they are stored. */
export function insertRow<R extends Identified>(account: Account, table: Table<R>, given: object): Required<R> & Row {
  const { store } = account;
  const columns: Given = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const id = typeof columns.id === 'string' && columns.id !== '' ? columns.id : store.nextId(table.name);
  // Filled in step by step, in place: rows have a hundred columns, and a company has a thousand rows.
  const row = Object.assign(table.blank(), columns);
  Object.assign(row, stamps(row, account), people(table.name, row, columns), { id });
  Object.assign(row, FILL[table.name]?.(row, columns, account), { id });
  store.of(table.name).insert(row);
  attachChildren(store, table.name, row);
  return row;
}

/** A stored row as its record type: a copy, for the caller may do with it what he likes. */
export const recordOf = <R extends Identified>(table: Table<R>, row: Row): Required<R> =>
  Object.assign(table.blank(), structuredClone(row));

/** Made and changed now, unless it is said when. */
function stamps(row: Row, { now, zone }: Account): Given {
  const undated = ['created_at', 'updated_at'].filter((column) => column in row && !row[column]);
  if (undated.length === 0) return {};
  const moment = stamp(now(), zone);
  return Object.fromEntries(undated.map((column) => [column, moment]));
}

/** Whoever owns the key has made the record, unless somebody else is named. */
function people(name: string, row: Row, given: Given): Given {
  const columns = ['creater_id', 'updater_id', ...(OWNED.has(name) ? ['owner_id'] : [])];
  return Object.fromEntries(
    columns.filter((column) => column in row && !(column in given)).map((column) => [column, API_USER]),
  );
}

/** The address and the list of addresses say the same. */
function emails(row: Row): Given {
  const listed = Array.isArray(row.emails) ? row.emails.filter(isObject) : [];
  if (listed.length > 0) {
    const main = listed.find(({ is_primary }) => is_primary === true) ?? listed[0];
    return {
      email: row.email || main?.value || null,
      emails: listed.map((email, index) => ({ id: `3101${row.id.slice(-6)}${index}`, ...email, _destroy: false })),
    };
  }
  if (typeof row.email !== 'string' || row.email === '') return { email: null, emails: [] };
  const only = { id: `3101${row.id.slice(-6)}0`, value: row.email, is_primary: true, label: null, _destroy: false };
  return { emails: [only] };
}

const targetables = (row: Row): Given => ({ targetables: targetablesOf(row) });

/** A contact without a status is new, and the lifecycle stage follows the status. */
const contact: Fill = (row, given, { store }) => {
  const status = store.of('ContactStatus').get(String(row.contact_status_id)) ?? store.of('ContactStatus').query()[0];
  const linked = Array.isArray(row.sales_accounts) ? row.sales_accounts.filter(isObject) : [];
  const single = typeof row.sales_account_id === 'string' ? [{ id: row.sales_account_id, is_primary: true }] : [];
  const links = linked.length > 0 ? linked : single;
  const accounts = links.map((link, index) => ({ is_primary: index === 0 && links.length === 1, ...link }));
  return {
    ...emails(row),
    display_name: row.display_name || displayName({ ...row, ...emails(row) }),
    sales_accounts: accounts,
    sales_account_id: primaryAccountId({ ...row, sales_accounts: accounts }),
    contact_status_id: 'contact_status_id' in given ? row.contact_status_id : (status?.id ?? null),
    lifecycle_stage_id: 'lifecycle_stage_id' in given ? row.lifecycle_stage_id : (status?.lifecycle_stage_id ?? null),
    // Nineteen digits, beyond what a JavaScript number holds.
    mcr_id: row.mcr_id ?? `16562${row.id.padStart(14, '0').slice(-14)}`,
    record_type_id: row.record_type_id || '31000000001',
    last_assigned_at: row.last_assigned_at ?? row.created_at,
  };
};

/** A deal without a stage is in the first one, and the probability follows the stage. */
const deal: Fill = (row, given, { store }) => {
  const stages = store.of('DealStage');
  const stage = stages.get(String(row.deal_stage_id)) ?? stages.query()[0];
  const pipeline = stage?.deal_pipeline_id ?? store.of('DealPipeline').query()[0]?.id ?? '';
  const amount = row.amount === '' ? '0.0' : String(row.amount);
  const probability = row.probability ?? stage?.probability ?? null;
  const expected = money((Number(amount) * Number(probability ?? 100)) / 100);
  const closed = String(stage?.forecast_type).startsWith('Closed') ? row.updated_at : null;
  return {
    amount,
    deal_stage_id: row.deal_stage_id || (stage?.id ?? ''),
    deal_pipeline_id: row.deal_pipeline_id || pipeline,
    probability,
    base_currency_amount: row.base_currency_amount || amount,
    expected_deal_value: row.expected_deal_value || expected,
    stage_updated_time: row.stage_updated_time || row.created_at,
    closed_date: row.closed_date ?? closed,
    currency_id: 'currency_id' in given ? row.currency_id : (store.of('Currency').query()[0]?.id ?? null),
    forecast_category: row.forecast_category ?? 1,
    deal_prediction: row.deal_prediction ?? 0,
    has_products: Array.isArray(row.products) && row.products.length > 0,
    contact_ids: row.contact_ids ?? [],
    last_assigned_at: row.last_assigned_at ?? row.created_at,
  };
};

const FILL: Readonly<Record<string, Fill>> = {
  Contact: contact,
  Deal: deal,
  SalesAccount: (row) => ({ record_type_id: row.record_type_id || '31000000002' }),
  Lead: (row) => ({
    ...emails(row),
    display_name: row.display_name || fullName(row),
    is_deleted: row.is_deleted ?? false,
  }),
  Task: (row, _given, { now, zone }) => ({
    ...targetables(row),
    due_date: row.due_date || stamp(addDays(now(), 1), zone),
    user_ids: row.user_ids ?? (row.owner_id ? [row.owner_id] : []),
  }),
  Appointment: (row, _given, { now, zone }) => ({
    ...targetables(row),
    from_date: row.from_date || stamp(addDays(now(), 1), zone),
    end_date: row.end_date || row.from_date || stamp(addDays(now(), 1), zone),
    provider: row.provider || 'freshsales',
    can_checkin: true,
    can_checkin_checkout: true,
    appointment_attendee_ids: row.appointment_attendee_ids ?? [],
  }),
  Note: (row, given) => ({
    ...targetables(row),
    has_access: given.has_access ?? true,
    collab_context: given.collab_context ?? { hasSlackViewAccess: false, messageId: '' },
  }),
  SalesActivity: salesActivity,
  Product: (row, given) => ({ is_active: given.is_active ?? true, name: row.name }),
};

/** The only record type that says twice what it is about. */
function salesActivity(row: Row, _given: Given, { store, now, zone }: Account): Given {
  const single = row.targetable_id ? [{ id: row.targetable_id, type: row.targetable_type }] : row.targetables;
  const about = targetables({ ...row, targetables: single });
  const [first] = Array.isArray(about.targetables) ? about.targetables.filter(isObject) : [];
  const start = row.start_date || stamp(now(), zone);
  const own = store.of('SalesActivityType').query((type) => type.is_default === false)[0];
  return {
    ...about,
    targetable_id: String(first?.id ?? ''),
    targetable_type: String(first?.type ?? ''),
    start_date: start,
    end_date: row.end_date || start,
    conversation_time: row.conversation_time || row.end_date || start,
    sales_activity_type_id: row.sales_activity_type_id || (own?.id ?? ''),
  };
}

/** Whether removed rows of the table go to the recycle bin. */
export const isRecycled = (table: Table): boolean => 'is_deleted' in table.blank();

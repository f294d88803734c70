import type { RecordType, Table } from '../freshsales/resource.ts';
import { recordTypes } from '../resources/index.ts';
import { type Account, type Columns, isObject } from './account.ts';
import { cellsOf } from './cells.ts';
import { bareColumns } from './columns.ts';
import { isAlive } from './links.ts';
import { primaryAccountId } from './rollups.ts';
import type { Row } from './store.ts';
import { toWire } from './wire.ts';

const words = (text: string): readonly string[] => text.split(' ');

const ACCOUNT_PARTIAL = words(
  'id name avatar website open_deals_amount open_deals_count won_deals_amount won_deals_count last_contacted',
);

/** Columns of the mini rows that come along, where they are not the row's own. */
const PARTIAL: Readonly<Record<string, readonly string[]>> = {
  User: words('id display_name email is_active work_number mobile_number'),
  SalesAccount: ACCOUNT_PARTIAL,
  Contact: words(
    'id first_name last_name display_name avatar email lead_score last_contacted_sales_activity_mode job_title last_contacted last_contacted_mode last_contacted_via_sales_activity work_number mobile_number',
  ),
  DealPipeline: words('id name position is_default rotting_days'),
  ContactStatus: words('id name position'),
};

/** A deal that comes along with another record: less than a bare one, but with every id. */
const REDUCED_DEAL = words(
  'id name amount expected_close closed_date stage_updated_time custom_field probability updated_at created_at age collaboration last_contacted_via_sales_activity last_contacted_sales_activity_mode base_currency_amount expected_deal_value rotten_days owner_id creater_id updater_id lead_source_id contact_ids sales_account_id deal_pipeline_id deal_stage_id deal_type_id deal_reason_id campaign_id deal_payment_status_id deal_product_id territory_id currency_id',
);

/** Minis around tasks and appointments, by table. */
const MINI: Readonly<Record<string, readonly string[]>> = {
  Contact: words('id avatar display_name first_name last_name email work_number mobile_number'),
  Lead: words('id avatar display_name first_name last_name email work_number mobile_number'),
  SalesAccount: words('id avatar name'),
  Deal: words('id avatar name deal_pipeline_id'),
};

/** Rows that come along whole and are not marked as partial. */
const UNFLAGGED = new Set(['User', 'LifecycleStage', 'ContactList', 'AppointmentAttendee']);

/** A record as it comes without includes, ids still as text. */
export const bareRecord = (account: Account, recordType: RecordType, row: Row): Columns =>
  cellsOf(account, recordType.name, row, bareColumns(recordType, account.product));

/** A row that comes along with another record. */
export function sideRow(account: Account, table: Table, row: Row): Columns {
  return toWire(sideColumns(account, table, row), account.zone);
}

/** The columns of such a row, ids still as text. */
function sideColumns(account: Account, table: Table, row: Row): Columns {
  const { name } = table;
  if (name === 'Deal') return cellsOf(account, name, row, REDUCED_DEAL);
  const partial = cellsOf(account, name, row, PARTIAL[name] ?? Object.keys(table.blank()));
  if (name === 'Contact') return { partial: true, ...partial, ...contactLinks(account, row) };
  if (name === 'Currency') return { partial: false, ...partial, rate_change_ids: [] };
  const whole = recordTypes.find((recordType) => recordType === table);
  if (whole && name !== 'SalesAccount') return wholeRecord(account, whole, row);
  return UNFLAGGED.has(name) ? partial : { partial: true, ...partial };
}

/** Unlike a bare contact, one that comes along says whose it is and where it works. */
const contactLinks = (account: Account, row: Row): Columns => ({
  sales_account_id: primaryAccountId(row),
  sales_accounts: contactAccounts(account, row, false),
  owner_id: row.owner_id,
});

/** Tasks and appointments come whole and say what they are about; appointments also who attends. */
function wholeRecord(account: Account, recordType: RecordType, row: Row): Columns {
  const bare = bareRecord(account, recordType, row);
  if (recordType.name === 'Task') return { ...bare, targetable: targetableOf(row) };
  if (recordType.name !== 'Appointment') return bare;
  return { ...bare, appointment_attendee_ids: row.appointment_attendee_ids ?? [], targetable: targetableOf(row) };
}

/** The accounts inside a contact. */
export function contactAccounts(account: Account, contact: Row, withType: boolean): Columns[] {
  const links = Array.isArray(contact.sales_accounts) ? contact.sales_accounts.filter(isObject) : [];
  return links.flatMap((link) => {
    const row = account.store.of('SalesAccount').get(String(link.id));
    if (row && !isAlive(row)) return [];
    const columns = row ? cellsOf(account, 'SalesAccount', row, ACCOUNT_PARTIAL) : link;
    const type = withType && account.product === 'suite' ? { record_type_id: row?.record_type_id ?? null } : {};
    return [{ partial: true, ...columns, ...type, is_primary: link.is_primary === true }];
  });
}

/** A row around a task or appointment: users with more columns than elsewhere, the others with fewer. */
export function miniRow(account: Account, table: Table, row: Row): Columns {
  const { name } = table;
  if (name !== 'User')
    return toWire(cellsOf(account, name, row, MINI[name] ?? Object.keys(table.blank())), account.zone);
  const { id, display_name, is_active, work_number, mobile_number, email, avatar = null } = row;
  const uuid = account.product === 'suite' ? { uuid: `5000000${id}` } : {};
  const type = 'FdMultitenant::User';
  return toWire(
    { id, display_name, avatar, type, is_active, work_number, mobile_number, email, ...uuid },
    account.zone,
  );
}

/** Class names in `targetables` are snake case in `targetable`. */
export function targetableOf(row: Row): Columns | null {
  const [first] = Array.isArray(row.targetables) ? row.targetables.filter(isObject) : [];
  return first ? { type: snake(String(first.type)), id: String(first.id) } : null;
}

const snake = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

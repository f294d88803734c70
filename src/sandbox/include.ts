import { type Include, isEmbedded, isToMany, isToOne, type RecordType, type Table } from '../freshsales/resource.ts';
import { appointmentType } from '../resources/appointment/record.ts';
import { dealType } from '../resources/deal/record.ts';
import { tables } from '../resources/index.ts';
import { type Account, type Columns, isObject } from './account.ts';
import { isAlive, relatedIds, targetsOf } from './links.ts';
import { primaryAccountId } from './rollups.ts';
import { contactAccounts, miniRow, sideRow, targetableOf } from './shapes.ts';
import type { Row } from './store.ts';

/** Record types around which related rows come as minis. */
const ACTIVITIES = new Set(['Task', 'Appointment', 'SalesActivity']);

/** Includes of a side-loaded deal whose rows come along, too (FACTS 6.4); in the order of the recording. */
const WITH_DEALS = [
  'owner creater updater source contacts sales_account deal_pipeline deal_stage deal_type deal_reason campaign',
  'deal_payment_status deal_product territory currency',
].flatMap((line) => line.split(' '));

export const tableOf = (key: string): Table | undefined =>
  tables.find(({ many, aliases }) => many === key || aliases?.includes(key));

/** The related rows of one answer, by top-level key. */
export class SideLoads {
  readonly #account: Account;
  readonly #rows = new Map<string, Map<string, Columns>>();
  readonly #toMany = new Set<string>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Puts a row under a key; the key is there even if no row ever comes. */
  add(key: string, ids: readonly string[], mini: boolean): void {
    const rows = this.#rows.get(key) ?? new Map<string, Columns>();
    this.#rows.set(key, rows);
    const table = tableOf(key);
    if (!table) return;
    for (const id of ids) {
      const row = rows.has(id) ? undefined : this.#account.store.of(table.name).get(id);
      if (row && isAlive(row)) rows.set(id, (mini ? miniRow : sideRow)(this.#account, table, row));
    }
    if (key === 'currencies') this.add('rate_changes', [], mini);
  }

  markToMany(key: string): void {
    this.#toMany.add(key);
  }

  /** What goes before the main key. On a page of contacts the main key wins over side-loaded contacts. */
  toEnvelope(): Columns {
    const limit = this.#account.behaviours.truncateSideloadsAt ?? Number.POSITIVE_INFINITY;
    return Object.fromEntries(
      [...this.#rows].map(([key, rows]) => [
        key,
        [...rows.values()].slice(0, this.#toMany.has(key) ? limit : undefined),
      ]),
    );
  }
}

/** Adds one include's columns to a record, and its rows to the answer. */
export function addInclude(account: Account, recordType: RecordType, row: Row, name: string, side: SideLoads): Columns {
  const include = recordType.includes[name];
  if (!include) return {};
  const mini = ACTIVITIES.has(recordType.name);
  if (isEmbedded(include)) return embedded(account, recordType, row, include.embedded, side);
  const ids = idsIn(account, recordType, row, include);
  side.add(include.key, ids, mini);
  if (isToOne(include)) return { [include.id]: ids[0] ?? null };
  side.markToMany(include.key);
  if (account.behaviours.transitive) addTransitive(account, include.key, ids, side);
  return { [include.ids]: ids };
}

/** The ids that an include leads to. A deleted record is led to no longer. */
function idsIn(account: Account, recordType: RecordType, row: Row, include: Include): readonly string[] {
  const { store } = account;
  if (isEmbedded(include)) return [];
  const rows = store.of(tableOf(include.key)?.name ?? '');
  const gone = (id: string): boolean => rows.get(id)?.is_deleted === true;
  if (isToMany(include)) return relatedIds(store, recordType.name, row, include.ids).filter((id) => !gone(id));
  const stored = row[include.id];
  const id = recordType.name === 'Contact' && include.id === 'sales_account_id' ? primaryAccountId(row) : stored;
  return typeof id === 'string' && id !== '' && !gone(id) ? [id] : [];
}

/** Rows inside the record: accounts of a contact, products of a deal, the target of a task. */
function embedded(account: Account, recordType: RecordType, row: Row, column: string, side: SideLoads): Columns {
  if (column === 'sales_accounts') return { sales_accounts: contactAccounts(account, row, true) };
  if (!column.startsWith('targetable')) return { [column]: row[column] ?? [] };
  for (const target of targetsOf(row)) {
    const [name, id = ''] = target.split(':');
    const table = tables.find((candidate) => candidate.name === name);
    if (table) side.add(table.many, [id], ACTIVITIES.has(recordType.name));
  }
  return { [column]: column === 'targetable' ? targetableOf(row) : row[column] };
}

/** What the side-loaded rows bring along themselves. */
function addTransitive(account: Account, key: string, ids: readonly string[], side: SideLoads): void {
  if (key === 'deals') {
    for (const name of WITH_DEALS) addOfMany(account, dealType, ids, name, side);
  } else if (key === 'appointments') {
    const outcomes = ids.map((id) => String(account.store.of('Appointment').get(id)?.outcome_id ?? ''));
    side.add('outcomes', outcomes, false);
    addOfMany(account, appointmentType, ids, 'appointment_attendees', side);
    side.add('conferences', [], false);
  } else if (key === 'appointment_attendees') {
    addPeople(account, ids, side);
  }
}

/** Attendees come with the people they are, as the recorded appointment shows: users, contacts and leads, as minis. */
function addPeople(account: Account, ids: readonly string[], side: SideLoads): void {
  for (const id of ids) {
    const attendee = account.store.of('AppointmentAttendee').get(id)?.attendee;
    if (!isObject(attendee)) continue;
    const table = tables.find(({ name }) => name.toLowerCase() === String(attendee.type));
    if (table) side.add(table.many, [String(attendee.id)], true);
  }
}

/** One include of many side-loaded rows: their related rows only, as their columns are written elsewhere. */
function addOfMany(
  account: Account,
  recordType: RecordType,
  ids: readonly string[],
  name: string,
  side: SideLoads,
): void {
  const include = recordType.includes[name];
  if (!include || isEmbedded(include)) return;
  side.add(include.key, [], false);
  for (const id of ids) {
    const row = account.store.of(recordType.name).get(id);
    if (row) side.add(include.key, idsIn(account, recordType, row, include), false);
  }
}

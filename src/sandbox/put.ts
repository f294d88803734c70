import type { Identified, Table } from '../freshsales/resource.ts';
import { type Account, API_USER, type Columns } from './account.ts';
import { stamp } from './clock.ts';
import { attachChildren } from './links.ts';
import type { Row } from './store.ts';

type Given = Readonly<Columns>;

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
  const { store, types } = account;
  const columns: Given = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const id = typeof columns.id === 'string' && columns.id !== '' ? columns.id : store.nextId(table.name);
  // Filled in step by step, in place: rows have a hundred columns, and a company has a thousand rows.
  const row = Object.assign(table.blank(), columns);
  Object.assign(row, stamps(row, account), people(row, columns, types.of(table.name)?.isOwned === true), { id });
  Object.assign(row, types.of(table.name)?.fill?.(row, columns, account), { id });
  store.of(table.name).insert(row);
  attachChildren(account, table.name, row);
  return row;
}

/** A stored row as its record type: a copy that the caller may change. */
export const recordOf = <R extends Identified>(table: Table<R>, row: Row): Required<R> =>
  Object.assign(table.blank(), structuredClone(row));

/** Made and changed now, unless it is said when. */
function stamps(row: Row, { now, zone }: Account): Given {
  const undated = ['created_at', 'updated_at'].filter((column) => column in row && !row[column]);
  if (undated.length === 0) return {};
  const moment = stamp(now(), zone);
  return Object.fromEntries(undated.map((column) => [column, moment]));
}

/** The user of the API key has made the record, unless another one is named. */
function people(row: Row, given: Given, isOwned: boolean): Given {
  const columns = ['creater_id', 'updater_id', ...(isOwned ? ['owner_id'] : [])];
  return Object.fromEntries(
    columns.filter((column) => column in row && !(column in given)).map((column) => [column, API_USER]),
  );
}

/** Whether removed rows of the table go to the recycle bin. */
export const isRecycled = (table: Table): boolean => 'is_deleted' in table.blank();

import type { Identified, Table } from '../freshsales/resource.ts';
import { type Account, API_USER, type Columns, isObject } from './account.ts';
import { stampNow } from './clock.ts';
import { attachChildren } from './links.ts';
import type { Row } from './store.ts';

type Given = Readonly<Columns>;

/** Stores a record as if Freshsales had created it. Returns the stored row. Do not change it. */
export function putRow<R extends Identified>(
  account: Account,
  table: Table<R>,
  given: Partial<R> & { id?: string },
): Required<R> & Row {
  const { store, types } = account;
  const columns: Given = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const id = typeof columns.id === 'string' && columns.id !== '' ? columns.id : store.nextId(table.name);
  // Filled in place for speed: the seed has a thousand rows of a hundred columns.
  const row = Object.assign({ ...table.blank }, columns);
  Object.assign(row, stamps(row, account), people(row, columns, types.of(table.name)?.isOwned === true), { id });
  Object.assign(row, types.of(table.name)?.fill?.(row, columns, account), { id });
  store.of(table.name).insert(row);
  attachChildren(account, table.name, row);
  return row;
}

/** A stored row, which has every column of its table. Returns a copy that the caller may change. */
export const recordOf = <R extends Identified>(_table: Table<R>, row: Row): Required<R> => copyOf(row) as Required<R>;

/** A copy of a row. Ten times as fast as `structuredClone`, since most columns hold no object. */
export function copyOf<R extends object>(row: R): R {
  const copy = { ...row };
  for (const column in copy) {
    const cell = copy[column];
    if (typeof cell === 'object' && cell !== null) copy[column] = copyOfJson(cell);
  }
  return copy;
}

function copyOfJson<T>(value: T): T;
function copyOfJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOfJson);
  if (!isObject(value)) return value;
  const copy = { ...value };
  for (const key in copy) copy[key] = copyOfJson(copy[key]);
  return copy;
}

/** Creation and update times default to now. */
function stamps(row: Row, account: Account): Given {
  const undated = ['created_at', 'updated_at'].filter((column) => column in row && !row[column]);
  if (undated.length === 0) return {};
  const moment = stampNow(account);
  return Object.fromEntries(undated.map((column) => [column, moment]));
}

/** The creator defaults to the user of the API key. */
function people(row: Row, given: Given, isOwned: boolean): Given {
  const columns = ['creater_id', 'updater_id', ...(isOwned ? ['owner_id'] : [])];
  return Object.fromEntries(
    columns.filter((column) => column in row && !(column in given)).map((column) => [column, API_USER]),
  );
}

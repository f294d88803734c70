import { tables } from '../resources/index.ts';
import { type Columns, isObject } from './account.ts';
import type { Row } from './store.ts';

/** First and last name, as far as there are any. */
export const fullName = (row: Columns): string =>
  [row.first_name, row.last_name].filter((part) => typeof part === 'string' && part !== '').join(' ');

/** What a person is called: by name, or else by address. */
export const displayName = (row: Columns): string => fullName(row) || (typeof row.email === 'string' ? row.email : '');

/** The class name of a record type, however it was written: `sales_account` is `SalesAccount`. */
export const className = (type: string): string =>
  tables.find((table) => table.name === type || ('one' in table && table.one === type))?.name ?? type;

/** What a record is about, as a list of class names, however it was written. */
export function targetablesOf(row: Row): Columns[] {
  const list = Array.isArray(row.targetables) ? row.targetables.filter(isObject) : [];
  const single = isObject(row.targetable) ? [row.targetable] : [];
  const all = list.length > 0 ? list : single;
  return all.map(({ id, type }) => ({ id: String(id), type: className(String(type)) }));
}

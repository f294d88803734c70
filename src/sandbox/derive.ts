import { type Account, type Columns, isObject } from './account.ts';
import type { Row } from './store.ts';

/** First and last name, without what is missing. */
export const fullName = (row: Columns): string =>
  [row.first_name, row.last_name].filter((part) => typeof part === 'string' && part !== '').join(' ');

/** The name of a person, or else the address. */
export const displayName = (row: Columns): string => fullName(row) || (typeof row.email === 'string' ? row.email : '');

/** The class name of a record type, however it was written: `sales_account` is `SalesAccount`. */
export const className = ({ types }: Account, type: string): string =>
  types.tables.find((table) => table.name === type || ('one' in table && table.one === type))?.name ?? type;

/** The targets of a row as a list of class names, however they were written. */
export function targetablesOf(account: Account, row: Row): Columns {
  const list = Array.isArray(row.targetables) ? row.targetables.filter(isObject) : [];
  const single = isObject(row.targetable) ? [row.targetable] : [];
  const all = list.length > 0 ? list : single;
  return { targetables: all.map(({ id, type }) => ({ id: String(id), type: className(account, String(type)) })) };
}

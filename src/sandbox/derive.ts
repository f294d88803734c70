import { type Account, type Columns, isObject } from './account.ts';
import type { Row } from './store.ts';

/** First and last name, joined. */
export const fullName = (row: Columns): string =>
  [row.first_name, row.last_name].filter((part) => typeof part === 'string' && part !== '').join(' ');

/** The name of a person, or else the e-mail address. */
export const displayName = (row: Columns): string => fullName(row) || (typeof row.email === 'string' ? row.email : '');

/** The class name of a record type: `SalesAccount` for `sales_account`. */
export const className = ({ types }: Account, type: string): string =>
  types.tables.find((table) => table.name === type || ('one' in table && table.one === type))?.name ?? type;

/** The targets of a row, with class names. */
export function targetablesOf(account: Account, row: Row): Columns {
  const list = Array.isArray(row.targetables) ? row.targetables.filter(isObject) : [];
  const single = isObject(row.targetable) ? [row.targetable] : [];
  const all = list.length > 0 ? list : single;
  return { targetables: all.map(({ id, type }) => ({ id: String(id), type: className(account, String(type)) })) };
}

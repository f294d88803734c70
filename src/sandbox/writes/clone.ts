import type { Table } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { idsOf } from '../links.ts';
import type { Row } from '../store.ts';
import { rulesOf } from './rules-of.ts';
import { createRecord, type Written } from './write.ts';

/** Attributes that no second record can have. */
const UNIQUE = new Set(['external_id', 'created_at']);

/** Makes a second record of the first, as a create that says what the first one says. */
export function cloneRecord(account: Account, table: Table, row: Row, overrides: Columns): Written {
  const plain = Object.keys(rulesOf(table.name).columns).filter((column) => !UNIQUE.has(column));
  const copied: Columns = Object.fromEntries(plain.map((column) => [column, row[column] ?? null]));
  const { custom_field: _merged, ...others } = overrides;
  return createRecord(account, table, { ...copied, ...attributesOf(table.name, row, overrides), ...others });
}

/** What is no plain column, as one would send it. */
function attributesOf(name: string, row: Row, overrides: Columns): Columns {
  const custom = { custom_field: { ...objectOf(row.custom_field), ...objectOf(overrides.custom_field) } };
  if (name === 'Deal') return { ...custom, contacts_added_list: idsOf(row.contact_ids), ...linesOf(row) };
  const addressed = overrides.email !== undefined || overrides.emails !== undefined;
  const emails = addressed ? {} : { emails: valuesOf(row.emails) };
  if (name === 'Lead') return { ...custom, ...emails };
  if (name !== 'Contact') return custom;
  const accounts = Array.isArray(row.sales_accounts) ? row.sales_accounts : [];
  return { ...custom, ...emails, sales_accounts: accounts, phone_numbers: valuesOf(row.phone_numbers) };
}

const linesOf = (row: Row): Columns =>
  Array.isArray(row.products) && row.products.length > 0 ? { products: row.products } : {};

const valuesOf = (points: unknown): unknown[] =>
  Array.isArray(points) ? points.filter(isObject).map(({ value }) => value) : [];

const objectOf = (value: unknown): Columns => (isObject(value) ? value : {});

import type { Table } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import type { Row } from '../store.ts';
import { createRecord, rulesOf, type Written } from './write.ts';

/** Attributes that must be unique. */
const UNIQUE = new Set(['external_id', 'created_at']);

/** Copies a record: a create with the attributes of the original. */
export function cloneRecord(account: Account, table: Table, row: Row, overrides: Columns): Written {
  const plain = Object.keys(rulesOf(account, table.name).columns).filter((column) => !UNIQUE.has(column));
  const copied: Columns = Object.fromEntries(plain.map((column) => [column, row[column] ?? null]));
  const { custom_field: given, ...others } = overrides;
  const custom_field = { ...objectOf(row.custom_field), ...objectOf(given) };
  const more = account.types.of(table.name)?.copy?.(row, overrides);
  return createRecord(account, table, { ...copied, custom_field, ...more, ...others });
}

const objectOf = (value: unknown): Columns => (isObject(value) ? value : {});

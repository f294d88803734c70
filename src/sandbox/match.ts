import { type Columns, isObject, objectsIn } from './account.ts';
import type { Row } from './store.ts';

/** Text without case and outer space. */
export const fold = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .toLowerCase();

/** Phone numbers are compared without punctuation. */
export const digits = (value: unknown): string => String(value ?? '').replaceAll(/\D/g, '');

/** All e-mail addresses of a contact or lead. */
export function addresses(row: Row): readonly unknown[] {
  return [row.email, ...objectsIn(row.emails).map(({ value }) => value)];
}

/** The value of a custom field or a column. */
export const valueAt = (row: Columns, name: string): unknown =>
  name.startsWith('cf_') && isObject(row.custom_field) ? row.custom_field[name] : row[name];

import { type Columns, isObject, type Step } from '../account.ts';
import { customFields } from '../seed/custom-fields.ts';
import { wrongType } from './cast.ts';

/** Merges custom fields by name. Unknown names are ignored like any unknown attribute. */
export const customFieldStep: Step = (draft) => {
  if (!draft.sent('custom_field')) return;
  const { custom_field: given } = draft.given;
  const old = isObject(draft.before?.custom_field) ? draft.before.custom_field : {};
  if (given === null)
    return draft.set({ custom_field: Object.fromEntries(Object.keys(old).map((key) => [key, null])) });
  if (!isObject(given)) return draft.refuse(wrongType('custom_field'));
  const known = 'path' in draft.table ? customFields[String(draft.table.path)] : undefined;
  const has = (key: string): boolean => known?.some(({ name }) => name === key) ?? key.startsWith('cf_');
  const taken = Object.entries(given).filter(([key]) => has(key) || Object.hasOwn(old, key));
  draft.set({ custom_field: { ...old, ...Object.fromEntries(taken.map(([key, value]) => [key, stored(value)])) } });
};

/** Multi-select values are stored in one text. */
const stored = (value: unknown): unknown => (Array.isArray(value) ? value.map(String).join(';') : value);

/** The value of a custom field or a column. */
export const valueAt = (row: Columns, name: string): unknown =>
  name.startsWith('cf_') && isObject(row.custom_field) ? row.custom_field[name] : row[name];

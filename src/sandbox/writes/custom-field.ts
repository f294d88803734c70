import { type Columns, isObject, type Step } from '../account.ts';
import type { CustomField } from '../seed/custom-fields.ts';
import { wrongType } from './cast.ts';

/** Merges custom fields by name. Unknown names are ignored like any unknown attribute, and so are values that Freshsales sets. */
export const customFieldStep: Step = (draft) => {
  const { table, account, before } = draft;
  const defined = 'path' in table ? account.customFields[String(table.path)] : undefined;
  const old = isObject(before?.custom_field) ? before.custom_field : {};
  const { custom_field: given } = draft.given;
  if (draft.sent('custom_field') && given !== null && !isObject(given)) return draft.refuse(wrongType('custom_field'));
  const cells = draft.sent('custom_field') ? merged(old, given, defined) : old;
  const derived = (defined ?? []).flatMap(({ name, derive }) => {
    const row = { id: draft.id, amount: draft.value('amount') };
    return derive ? [[name, derive(row, cells)] as const] : [];
  });
  if (draft.sent('custom_field') || derived.length > 0)
    draft.set({ custom_field: { ...cells, ...Object.fromEntries(derived) } });
};

function merged(old: Columns, given: unknown, defined: readonly CustomField[] | undefined): Columns {
  if (!isObject(given)) return Object.fromEntries(Object.keys(old).map((key) => [key, null]));
  const has = (key: string): boolean => {
    const field = defined?.find(({ name }) => name === key);
    return field ? field.derive === undefined : defined === undefined && key.startsWith('cf_');
  };
  const isDerived = (key: string) => defined?.some(({ name, derive }) => name === key && derive !== undefined);
  const taken = Object.entries(given).filter(([key]) => has(key) || (Object.hasOwn(old, key) && !isDerived(key)));
  return { ...old, ...Object.fromEntries(taken.map(([key, value]) => [key, stored(value)])) };
}

/** Multi-select values are stored in one text. */
const stored = (value: unknown): unknown => (Array.isArray(value) ? value.map(String).join(';') : value);

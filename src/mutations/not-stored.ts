import type { Row } from '../freshsales/answer.ts';
import { isObject } from '../freshsales/json.ts';
import { isMissingIn, missingMessage } from '../freshsales/products.ts';
import { toList } from '../freshsales/values.ts';
import { rowIn, type WriteResponse } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import type { RecordType } from '../records/record-type.ts';
import type { UserError } from '../records/write-report.ts';
import { contactPoints, ungroupedFields, unknownField } from '../schema/fields.ts';
import { isSameCustomValue, isSamePhone, isSameText, isSameValue } from './same-value.ts';
import type { Draft } from './writable.ts';

/**
 * Refuses columns that the product of the account does not have. Also refuses custom fields that the account does not have,
 * if its list of fields is cached. Freshsales ignores both without an error.
 */
export function refuseUnknownFields(
  context: Pick<Context, 'known'> & Pick<Partial<Context>, 'caller'>,
  { name: type, path }: RecordType,
  draft: Draft,
): void {
  for (const column of Object.keys({ ...draft.identifier, ...draft.columns }))
    if (isMissingIn(draft.product, type, [column])) refuseMissing(type, column, draft);
  const fields = draft.columns.custom_field;
  const rows = isObject(fields) ? context.known.list(`settings/${path}/fields`) : undefined;
  if (!isObject(fields) || !rows || rows.length === 0) return;
  const names = ungroupedFields(rows).map(({ name }) => String(name));
  for (const name of Object.keys(fields))
    if (!names.includes(name)) draft.refuse(draft.customPath(name), unknownField(name, names, context));
}

function refuseMissing(type: string, column: string, draft: Draft): void {
  const path = pathOf(draft, column);
  draft.refuse(path, missingMessage(draft.product, type, path.at(-1) ?? column), 'NOT_AVAILABLE');
}

/** Errors for the values that were sent and that the response shows as empty or as others. What it lacks is not known. */
export function notStored(context: Context, { one }: RecordType, draft: Draft, { body }: WriteResponse): UserError[] {
  const row = rowIn(body, one);
  if (!row) return [];
  return Object.entries(draft.columns).flatMap(([column, sent]) => {
    // Prices have their own errors.
    if (column === 'product_pricings' || !(column in row)) return [];
    const stored = { cell: row[column], row: { ...row, ...linesOf(draft) }, zone: context.freshsales.timeZone };
    if (column === 'custom_field') return customFieldsNotStored(context, draft, stored);
    if (isBlank(stored.cell)) return isNothing(sent) ? [] : [ignored(pathOf(draft, column), NOT_STORED)];
    if (Array.isArray(sent)) return itemsNotStored(column, draft, stored.cell);
    const kind = draft.kinds.get(column);
    const isSame = isNothing(sent) || kind === undefined || isSameValue(kind, sent, stored);
    return isSame ? [] : [ignored(pathOf(draft, column), storedInstead(stored.cell))];
  });
}

type Stored = Parameters<typeof isSameValue>[2];

/** Products that are sent with a deal make its amount. */
const linesOf = ({ columns: { products } }: Draft) =>
  Array.isArray(products) && products.length > 0 ? { products } : {};

/** Lists whose items are compared: each that was sent must be among those that are stored. */
const ITEMS: Readonly<Record<string, (sent: string, stored: string) => boolean>> = {
  emails: isSameText,
  phone_numbers: isSamePhone,
  tags: isSameText,
};

function itemsNotStored(column: string, draft: Draft, cell: unknown): UserError[] {
  const isSame = ITEMS[column];
  const sent = draft.columns[column];
  if (!isSame || !Array.isArray(sent)) return [];
  const stored = column === 'tags' ? toList(cell) : contactPoints(cell).map(({ value }) => value);
  return sent.flatMap((item: unknown, index) => {
    const value = String(isObject(item) ? item.value : item);
    if (stored.some((each) => isSame(value, each))) return [];
    const path = isObject(item) ? [...pathOf(draft, column), String(index), 'value'] : pathOf(draft, column);
    return [ignored(path, `Freshsales did not store “${shortened(value)}”. Check its format.`)];
  });
}

function customFieldsNotStored(context: Context, draft: Draft, { cell, ...stored }: Stored): UserError[] {
  const { custom_field: sent } = draft.columns;
  if (!isObject(sent) || !isObject(cell)) return [];
  return Object.entries(sent).flatMap(([name, value]) => {
    if (isNothing(value)) return [];
    const path = draft.customPath(name);
    if (!(name in cell)) return [ignored(path, unknownField(name, Object.keys(cell), context))];
    if (isBlank(cell[name])) return [ignored(path, NOT_STORED)];
    const isSame = isSameCustomValue(value, { ...stored, cell: cell[name] });
    return isSame ? [] : [ignored(path, storedInstead(cell[name]))];
  });
}

const NOT_STORED = 'Freshsales did not store this value. Check its format.';

const storedInstead = (cell: unknown): string =>
  `Freshsales stored “${shortened(String(cell))}” instead of this value. Check its format.`;

const shortened = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

export const ignored = (field: readonly string[] | null, message: string): UserError => ({
  field,
  message,
  code: 'IGNORED',
});

const pathOf = ({ paths }: Draft, column: string): readonly string[] => paths.get(column) ?? [];

const isBlank = (cell: unknown): boolean =>
  cell === undefined || cell === null || cell === '' || (Array.isArray(cell) && cell.length === 0);

/** Values that Freshsales may store as nothing. */
const isNothing = (sent: unknown): boolean =>
  isBlank(sent) || sent === false || sent === 0 || (typeof sent === 'string' && sent.trim() === '');

/** The record in a response, with other columns. */
export const withColumns = ({ status, body }: WriteResponse, one: string, columns: Partial<Row>): WriteResponse => ({
  status,
  body: isObject(body) ? { ...body, [one]: { ...rowIn(body, one), ...columns } } : body,
});

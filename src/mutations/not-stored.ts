import type { Row } from '../freshsales/answer.ts';
import { isObject } from '../freshsales/json.ts';
import { isMissingIn, missingMessage } from '../freshsales/products.ts';
import type { Reply } from '../freshsales/writes.ts';
import type { Context, UserError } from '../records/context.ts';
import type { RecordType } from '../records/record-type.ts';
import { ungroupedFields, unknownField } from '../schema/fields.ts';
import type { Draft } from './writable.ts';

/**
 * Refuses columns that the product of the account does not have. Also refuses custom fields that the account does not have,
 * if its list of fields is cached. Freshsales ignores both without an error.
 */
export function refuseUnknownFields(context: Context, { name: type, path }: RecordType, draft: Draft): void {
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

/** Errors for the values that were sent and that the response shows as empty. What the response lacks is not known. */
export function notStored(context: Context, { one }: RecordType, draft: Draft, { body }: Reply): UserError[] {
  const row = isObject(body) ? body[one] : undefined;
  if (!isObject(row)) return [];
  return Object.entries(draft.columns).flatMap(([column, sent]) => {
    // Prices have errors of their own.
    if (column === 'product_pricings') return [];
    if (column === 'custom_field') return customFieldsNotStored(context, draft, row.custom_field);
    const isLost = column in row && isBlank(row[column]) && !isNothing(sent);
    return isLost ? [ignored(pathOf(draft, column), NOT_STORED)] : [];
  });
}

function customFieldsNotStored(context: Context, draft: Draft, stored: unknown): UserError[] {
  const { custom_field: sent } = draft.columns;
  if (!isObject(sent) || !isObject(stored)) return [];
  return Object.entries(sent).flatMap(([name, value]) => {
    if (isNothing(value) || !isBlank(stored[name])) return [];
    const message = name in stored ? NOT_STORED : unknownField(name, Object.keys(stored), context);
    return [ignored(draft.customPath(name), message)];
  });
}

const NOT_STORED = 'Freshsales did not store this value. Check its format.';

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
export const withColumns = ({ status, body }: Reply, one: string, columns: Partial<Row>): Reply => {
  if (!isObject(body)) return { status, body };
  const row = body[one];
  return { status, body: { ...body, [one]: { ...(isObject(row) && row), ...columns } } };
};

import type { Identified } from './resource.ts';

/** A row with ids as strings and without secret columns. */
export type Row = Identified & Record<string, unknown>;

/** Columns with tokens (QUIRKS 19). They never leave this file. */
const SECRET = new Set(['fc_widget_collaboration', 'collaboration', 'convo_token', 'auth_token', 'encoded_jwt_token']);

/** Custom data stays as it is, including names that end in `_id`. */
const VERBATIM = new Set(['custom_field', 'action_data', 'links']);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isRow = (value: unknown): value is Row =>
  isObject(value) && typeof value.id === 'string' && value.id !== '';

/** A row of a response. Rows without an id (activities) get an empty one. */
export function toRow(value: Record<string, unknown>): Row {
  const row = clean(value);
  return { ...row, id: typeof row.id === 'string' ? row.id : '' };
}

/** The rows of an envelope's array. Skips other elements. */
export const toRows = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isObject).map(toRow) : []);

function clean(value: Record<string, unknown>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [key, cell] of Object.entries(value)) {
    if (SECRET.has(key)) continue;
    row[key] = VERBATIM.has(key) ? cell : cleanCell(key, cell);
  }
  return row;
}

function cleanCell(key: string, cell: unknown): unknown {
  if (Array.isArray(cell)) return cell.map((item) => (key.endsWith('_ids') ? idOf(item) : cleanCell('', item)));
  if (isObject(cell)) return clean(cell);
  return key === 'id' || key.endsWith('_id') ? idOf(cell) : cell;
}

const idOf = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

import type { Identified } from './resource.ts';

/** A row as it came, except that ids are strings and what nobody may see is gone. */
export type Row = Identified & Record<string, unknown>;

/** Columns that carry tokens (QUIRKS 19); they never get past this file. */
const SECRET = new Set(['fc_widget_collaboration', 'collaboration', 'convo_token', 'auth_token', 'encoded_jwt_token']);

/** What users put in themselves stays exactly as it is, names ending in `_id` included. */
const VERBATIM = new Set(['custom_field', 'action_data', 'links']);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isRow = (value: unknown): value is Row =>
  isObject(value) && typeof value.id === 'string' && value.id !== '';

/** A row of an answer. Rows without an id (activities have none) get an empty one. */
export function toRow(value: Record<string, unknown>): Row {
  const row = clean(value);
  return { ...row, id: typeof row.id === 'string' ? row.id : '' };
}

/** The rows of an envelope's array; anything else in it is passed over. */
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

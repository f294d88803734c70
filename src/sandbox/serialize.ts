import { type Columns, isObject } from './account.ts';
import { restamp } from './clock.ts';

/** Columns whose content is sent unchanged, whatever its keys. */
const VERBATIM = new Set(['custom_field', 'links', 'collab_context', 'collaboration', 'fc_widget_collaboration']);

/** Columns named like ids that are text on the wire. */
const TEXT_IDS = new Set([
  '_id',
  'record_type_id',
  'external_id',
  'remote_id',
  'import_id',
  'conversation_id',
  'item_id',
]);

const TIME = /(_at|_date|_time|last_seen|last_seen_chat|first_seen_chat|last_contacted|_via_sales_activity|_via_chat)$/;

const isIdColumn = (key: string): boolean => key === 'id' || (key.endsWith('_id') && !TEXT_IDS.has(key));

/** Marks digits of an integer too long for JavaScript, which is written without quotes. */
const RAW = '\u0000';

/** A row as sent: ids are numbers, timestamps have the account's offset. */
export function toWire(row: Columns, zone: string): Columns {
  const out: Columns = {};
  for (const [key, cell] of Object.entries(row)) out[key] = VERBATIM.has(key) ? cell : wireCell(key, cell, zone);
  return out;
}

function wireCell(key: string, cell: unknown, zone: string): unknown {
  if (Array.isArray(cell)) {
    const inner = key.endsWith('_ids') ? 'id' : '';
    return cell.map((item) => wireCell(inner, item, zone));
  }
  if (isObject(cell)) return toWire(cell, zone);
  if (typeof cell !== 'string') return cell;
  if (isIdColumn(key)) return toNumber(cell);
  return TIME.test(key) ? restamp(cell, zone) : cell;
}

/** An id as a JSON number, exact beyond 2^53. Null for an empty id. */
export function toNumber(id: string): unknown {
  if (id === '') return null;
  if (!/^[1-9]\d*$|^0$/.test(id)) return id;
  return id.length < 16 ? Number(id) : RAW + id;
}

/** Serializes a body with exact long ids. Replace with JSON.rawJSON from Node 22 on. */
export const toJson = (body: unknown): string => JSON.stringify(body).replaceAll(/"\\u0000(\d+)"/g, '$1');

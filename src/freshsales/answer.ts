import { FreshsalesError } from './errors.ts';
import { isObject } from './json.ts';
import type { Identified } from './resource.ts';

/** Side-loaded rows by top-level key. */
export type Sideloads = Readonly<Record<string, readonly Row[]>>;

/** A row of one record type. Any column may be missing, depending on the endpoint. */
export type RowOf<R> = Row & Partial<R>;

/** One record and its side-loads. */
export interface RecordAnswer<R = unknown> {
  readonly row: RowOf<R>;
  readonly sideloads: Sideloads;
}

/** Records, their side-loads, and the total, if Freshsales sends it. */
export interface PageAnswer {
  readonly rows: readonly Row[];
  readonly sideloads: Sideloads;
  readonly total: number | undefined;
  /** The number of pages, if Freshsales sends it. */
  readonly pages?: number;
  /** The ids of rows that the caller may not see. */
  readonly withheld?: readonly string[];
}

/** Reads `{…side-loads, <one>: {…}, meta: null}`. */
export function toRecordAnswer<R>(body: unknown, one: string): RecordAnswer<R> {
  const { [one]: record, ...rest } = envelopeOf(body);
  if (!isObject(record)) throw missingEnvelope(one);
  return { row: toRow(record) as RowOf<R>, sideloads: sideloadsOf(rest) };
}

/** Reads `{…side-loads, <many>: […], meta: {total}}`. `isOptional`: filtered search answers `{}` when it finds nothing. */
export function toPageAnswer(body: unknown, many: string, { isOptional = false } = {}): PageAnswer {
  const { [many]: records, meta, ...rest } = envelopeOf(body);
  if (!Array.isArray(records) && !(isOptional && records === undefined)) throw missingEnvelope(many);
  const rows = toRows(records);
  const pages = countIn(meta, 'total_pages');
  return {
    rows,
    sideloads: sideloadsOf(rest),
    total: countIn(meta, 'total') ?? (records === undefined ? 0 : undefined),
    ...(pages !== undefined && { pages }),
  };
}

/** Reads the array under one key of an envelope. */
export function toListAnswer(body: unknown, key: string): Row[] {
  const { [key]: rows } = envelopeOf(body);
  if (!Array.isArray(rows)) throw missingEnvelope(key);
  return toRows(rows);
}

/** Every other array of the envelope. */
export function sideloadsOf(envelope: Record<string, unknown>): Sideloads {
  const arrays = Object.entries(envelope).filter(([, value]) => Array.isArray(value));
  return Object.fromEntries(arrays.map(([key, value]) => [key, toRows(value)]));
}

export function envelopeOf(body: unknown): Record<string, unknown> {
  if (!isObject(body)) throw new FreshsalesError('UPSTREAM_ERROR', 'Freshsales answered without an envelope.');
  return body;
}

const missingEnvelope = (key: string) => new FreshsalesError('UPSTREAM_ERROR', `Freshsales answered without “${key}”.`);

function countIn(meta: unknown, name: string): number | undefined {
  if (!isObject(meta)) return undefined;
  const count = Number(meta[name]);
  return meta[name] !== null && Number.isInteger(count) && count >= 0 ? count : undefined;
}

/** A row with ids as strings and without secret columns. */
export type Row = Identified & Record<string, unknown>;

/** Columns with tokens (QUIRKS 19). They never leave this file. */
const SECRET = new Set(['fc_widget_collaboration', 'collaboration', 'convo_token', 'auth_token', 'encoded_jwt_token']);

/** Custom data stays as it is, including names that end in `_id`. */
const VERBATIM = new Set(['custom_field', 'action_data', 'links']);

export const isRow = (value: unknown): value is Row => isObject(value) && isRecordId(value.id);

/** True for an id that Freshsales can be asked for, and that a global id can hold. */
export const isRecordId = (value: unknown): value is string => typeof value === 'string' && /^\d{1,20}$/.test(value);

/** Rows with an id, each record once. `keyOf`: what tells the records apart, by default their ids. */
export function withIds<R extends Identified>(rows: readonly R[], keyOf = ({ id }: R): string => id): R[] {
  const first = new Map<string, R>();
  for (const row of rows) if (row.id !== '' && !first.has(keyOf(row))) first.set(keyOf(row), row);
  return [...first.values()];
}

/** A row of a response. Rows without an id (activities) or with one that makes no sense get an empty one. */
export function toRow(value: Record<string, unknown>): Row {
  const row = clean(value);
  return { ...row, id: isRecordId(row.id) ? row.id : '' };
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

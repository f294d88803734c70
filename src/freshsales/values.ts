import { isObject, parseJson } from './json.ts';
import { offsetOf, type TimeZone, toLocal, toUtc } from './time-zone.ts';

/**
 * Reads the cells of responses, which are not always of the documented type. Each function returns null if the cell is empty,
 * and undefined if it makes no sense.
 */
type Read<T> = T | null | undefined;

/** Longer texts are neither times nor numbers. */
const MAX_LENGTH = 400;

const isEmpty = (cell: unknown): boolean =>
  cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '');

const textOf = (cell: unknown): string =>
  (typeof cell === 'string' && cell.length <= MAX_LENGTH) || typeof cell === 'number' ? String(cell).trim() : '';

/** A point in time as `2026-05-10T18:48:27.000Z`. Times without an offset are in the given zone. */
export function toTime(cell: unknown, zone: TimeZone = 'UTC'): Read<string> {
  if (isEmpty(cell)) return null;
  const millis = cell instanceof Date ? cell.getTime() : millisOf(textOf(cell), zone);
  return typeof millis === 'number' ? isoOf(millis) : millis;
}

/** A day as `2026-05-10`. Of a time, the day on its own clock. */
export function toDay(cell: unknown, zone: TimeZone = 'UTC'): Read<string> {
  if (isEmpty(cell)) return null;
  const text = textOf(cell);
  const epoch = epochOf(text);
  if (epoch !== undefined) return epoch === null ? null : isoOf(toLocal(epoch, zone))?.slice(0, 10);
  const [day, clock] = split(text);
  const date = dayOf(day);
  if (!date || (clock !== '' && clockOf(clock) === undefined)) return date === null ? null : undefined;
  return isoOf(date.millis)?.slice(0, 10);
}

function isoOf(millis: number): string | undefined {
  const date = new Date(millis);
  const iso = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  // Years beyond 9999 have a sign.
  return /^\d{4}-/.test(iso) ? iso : undefined;
}

function millisOf(text: string, zone: TimeZone): Read<number> {
  const epoch = epochOf(text);
  if (epoch !== undefined) return epoch;
  if (MAIL.test(text)) return Number.isNaN(Date.parse(text)) ? undefined : Date.parse(text);
  const [day, clockText] = split(text);
  const date = dayOf(day);
  const clock = clockText === '' ? { millis: 0, offset: undefined } : clockOf(clockText);
  if (date === null) return null;
  if (date === undefined || clock === undefined) return undefined;
  const local = date.millis + clock.millis;
  return clock.offset === undefined ? toUtc(local, zone) : local - clock.offset;
}

/** `Sun, 10 May 2026 18:48:27 GMT`. The zone is required, or Date.parse would use that of the server. */
const MAIL = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|UTC|[+-]\d{4})$/;

/** Seconds or milliseconds since 1970, from 1973 on. 0 means none. */
function epochOf(text: string): Read<number> {
  if (!/^\d{1,14}(\.\d{1,9})?$/.test(text) || /^(19|20)\d{6}$/.test(text)) return undefined;
  const number = Number(text);
  if (number === 0) return null;
  if (number < 1e8) return undefined;
  return number < 1e11 ? Math.round(number * 1000) : Math.round(number);
}

function split(text: string): [day: string, clock: string] {
  const at = text.search(/[Tt ]/);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)$/;

/** A day in any order that has one meaning: `31/12/2026` and `12/31/2026`, but not `05/06/2026`. Null for 0000-00-00. */
function dayOf(text: string): Read<{ readonly millis: number }> {
  const [, first, second, third] = (YEAR_FIRST.exec(text) ?? COMPACT.exec(text) ?? []).map(Number);
  if (first !== undefined) return dateOf(first, second ?? 0, third ?? 0);
  const [, one, other, year] = (YEAR_LAST.exec(text) ?? []).map(Number);
  if (one === undefined || other === undefined || year === undefined) return undefined;
  if (one <= 12 && other <= 12 && one !== other && year > 1) return undefined;
  return one > 12 ? dateOf(year, other, one) : dateOf(year, one, other);
}

function dateOf(year: number, month: number, day: number): Read<{ readonly millis: number }> {
  if (year === 0 || (year === 1 && month === 1 && day === 1)) return null;
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? { millis: date.getTime() } : undefined;
}

const CLOCK = /^(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(\S.*)?$/;

function clockOf(text: string): { readonly millis: number; readonly offset: number | undefined } | undefined {
  const [, hour, minute, second = '0', fraction = '', zone] = CLOCK.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const offset = zone === undefined ? undefined : offsetOf(zone);
  if (zone !== undefined && offset === undefined) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return { millis: seconds * 1000 + Math.floor(Number(`0.${fraction}`) * 1000), offset };
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** A number as plain digits, unrounded and without an exponent. */
export function toDecimal(cell: unknown): Read<string> {
  if (isEmpty(cell)) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(ungrouped(textOf(cell))) ?? [];
  if (sign === undefined || (whole === '' && fraction === '')) return undefined;
  const shift = Number(exponent);
  if (Math.abs(shift) > MAX_LENGTH) return undefined;
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  const integer = withoutLeadingZeros(digits.slice(0, point));
  const rest = exponent === '0' ? digits.slice(point) : withoutTrailingZeros(digits.slice(point));
  const plain = rest === '' ? integer : `${integer}.${rest}`;
  return sign === '-' && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** Removes separators of thousands. `1,234.50` and `1.234,50` have one meaning each; `1,234` has two and stays as it is. */
function ungrouped(text: string): string {
  const point = text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.';
  const parts = text.split(point);
  if (parts.length > 2) return joined(parts) ?? text;
  const [whole = '', fraction] = parts;
  const groups = whole.split(point === ',' ? '.' : ',');
  const digits = groups.length > 1 ? joined(groups) : undefined;
  return digits === undefined || fraction === undefined ? text : `${digits}.${fraction}`;
}

const joined = ([first = '', ...others]: readonly string[]): string | undefined =>
  /^[+-]?\d{1,3}$/.test(first) && others.every((group) => /^\d{3}$/.test(group))
    ? [first, ...others].join('')
    : undefined;

/** By character, because a regular expression may take quadratic time over a run of zeros. */
function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits[start] === '0') start += 1;
  return digits.slice(start) || '0';
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

const MAX_INT = 2_147_483_647;

/** A whole number that fits a GraphQL Int. */
export function toInt(cell: unknown): Read<number> {
  const text = textOf(cell);
  const plain = toDecimal(/^[+-]?\d{1,3}(,\d{3}){1,3}$/.test(text) ? text.replaceAll(',', '') : cell);
  if (typeof plain !== 'string') return plain;
  const number = Number(plain);
  return Number.isInteger(number) && Math.abs(number) <= MAX_INT ? number : undefined;
}

const TRUE = new Set(['true', '1', 'yes', 'y', 't', 'on']);
const FALSE = new Set(['false', '0', 'no', 'n', 'f', 'off']);

export function toBoolean(cell: unknown): Read<boolean> {
  if (isEmpty(cell)) return null;
  if (typeof cell === 'boolean') return cell;
  const text = textOf(cell).toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
}

export const isTrue = (cell: unknown): boolean => toBoolean(cell) === true;

/** A list of texts: a list, one text joined with “;”, or a single value. Empty for anything else. */
export function toList(cell: unknown): string[] {
  if (Array.isArray(cell)) return cell.filter(isScalar).map(String);
  const items = typeof cell === 'string' ? cell.split(';') : typeof cell === 'number' ? [String(cell)] : [];
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

const isScalar = (item: unknown): boolean => typeof item === 'string' || typeof item === 'number';

/** An object, or JSON text of one. Empty for anything else. */
export function toMap(cell: unknown): Record<string, unknown> {
  if (isObject(cell)) return cell;
  const parsed = typeof cell === 'string' && cell.trimStart().startsWith('{') ? parseJson(cell) : undefined;
  return isObject(parsed) ? parsed : {};
}

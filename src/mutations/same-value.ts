import { plainDecimal } from '../freshsales/json.ts';
import type { TimeZone } from '../freshsales/time-zone.ts';
import { toBoolean, toDay, toDecimal, toTime } from '../freshsales/values.ts';

/** Kinds of values that Freshsales may store in another form. */
export type Kind = 'day' | 'time' | 'amount' | 'phone';

interface Stored {
  readonly cell: unknown;
  readonly row: Readonly<Record<string, unknown>>;
  readonly zone: TimeZone;
}

/** True if a stored value means the same as the sent one. Also true if the stored value cannot be read. */
export const isSameValue = (kind: Kind, sent: unknown, stored: Stored): boolean => COMPARE[kind](String(sent), stored);

const COMPARE: Readonly<Record<Kind, (sent: string, stored: Stored) => boolean>> = {
  day: isSameDay,
  time: isSameTime,
  amount: isSameAmount,
  phone: (sent, { cell }) => isSamePhone(sent, String(cell)),
};

const HOUR = 3_600_000;

/** Offsets of time zones reach from -12 to +14 hours. */
const MAX_OFFSET = 14 * HOUR;

function isSameDay(sent: string, { cell, zone }: Stored): boolean {
  const day = toDay(cell, zone);
  const time = toTime(cell, zone);
  if (!day || !time || day === sent) return true;
  // Midnight of the account, as a UTC time, is on another day.
  return hasClock(String(cell)) && Math.abs(Date.parse(time) - Date.parse(sent)) <= MAX_OFFSET;
}

const hasClock = (text: string): boolean => /\d:\d\d/.test(text);
const hasOffset = (text: string): boolean => /(?:z|utc|gmt|[+-]\d\d(?::?\d\d)?)$/i.test(text.trim());

function isSameTime(sent: string, { cell, row, zone }: Stored): boolean {
  const time = toTime(cell, zone);
  if (!time) return true;
  const difference = Math.abs(Date.parse(time) - Date.parse(sent));
  return difference < toleranceOf(String(cell), row);
}

function toleranceOf(text: string, row: Stored['row']): number {
  const isNumber = /^\d+(\.\d+)?$/.test(text);
  // A day, or an appointment that takes whole days.
  if ((!isNumber && !hasClock(text)) || toBoolean(row.is_allday) === true) return 24 * HOUR + MAX_OFFSET;
  // The zone of the account may not be configured.
  return isNumber || hasOffset(text) ? 60_000 : MAX_OFFSET + 60_000;
}

/** The amount of a deal with products is their sum. */
function isSameAmount(sent: string, { cell, row }: Stored): boolean {
  const hasProducts = toBoolean(row.has_products) === true || (Array.isArray(row.products) && row.products.length > 0);
  return hasProducts || isSameNumber(sent, cell);
}

export function isSameNumber(sent: unknown, cell: unknown): boolean {
  const [one, other] = [toDecimal(sent), toDecimal(cell)];
  return !one || !other || plainDecimal(one) === plainDecimal(other);
}

/** The shortest number that is complete without its area or country code. */
const LOCAL_DIGITS = 6;

/** Compares the digits. One of the two may have a country code, or a zero in its place. Words as in 1-800-FLOWERS are not compared. */
export function isSamePhone(sent: string, stored: string): boolean {
  if (/[a-z]{4}/i.test(sent)) return true;
  const [one, other] = [digitsOf(sent), digitsOf(stored)];
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short === long || (short.length >= LOCAL_DIGITS && long.endsWith(short));
}

const digitsOf = (phone: string): string =>
  phone
    .normalize('NFKC')
    .replace(/\D/g, '')
    .replace(/^0{1,3}/, '');

/** Compares without case and outer spaces. */
export const isSameText = (sent: string, stored: string): boolean =>
  sent.trim().toLowerCase() === stored.trim().toLowerCase();

/** Values of custom fields, whose kinds are not known: numbers, yes and no, days and times. */
export function isSameCustomValue(sent: unknown, stored: Stored): boolean {
  if (typeof sent === 'boolean') return (toBoolean(stored.cell) ?? sent) === sent;
  if (typeof sent === 'number') return isSameNumber(sent, stored.cell);
  if (typeof sent !== 'string') return true;
  if (/^\d{4}-\d\d-\d\d$/.test(sent)) return isSameDay(sent, stored);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:z|[+-]\d\d:?\d\d)$/i.test(sent) ? isSameTime(sent, stored) : true;
}

import { type Account, type Cast, type Draft, isObject } from '../account.ts';
import { dayOf, stamp } from '../clock.ts';
import { idOf, rowOf } from './draft.ts';

/** In place of a value: why there is none. */
export class Refusal {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

type Words<T extends string> = T extends `${infer First} ${infer Rest}` ? First | Words<Rest> : T;

/** One cast for several columns, whose names are separated by spaces. */
export const columns = <const T extends string>(names: T, cast: Cast) =>
  Object.fromEntries(names.split(' ').map((name) => [name, cast])) as Readonly<Record<Words<T>, Cast>>;

export const wrongType = (column: string): string => `The type for ${column} is invalid.`;

/** `first_name` is "First name", and `owner_id` is "Owner". */
const label = (column: string): string => {
  const words = column.replace(/_id$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Text up to a length. Numbers are taken for what they look like. */
export const text =
  (most = Number.POSITIVE_INFINITY): Cast =>
  (value, { column }) => {
    if (value === null) return null;
    if (typeof value === 'object') return new Refusal(wrongType(column));
    const written = String(value);
    return written.length > most ? new Refusal(`${label(column)} is not in required length`) : written;
  };

/** A telephone number. What has no digits, or has words, silently becomes nothing. */
export const phone: Cast = (value, { column }) => {
  if (value !== null && typeof value === 'object') return new Refusal(wrongType(column));
  const written = value === null ? '' : String(value).trim();
  return /^[+(\d][\d\s()./+-]*(?:(?:x|ext\.?)\s*\d+)?$/i.test(written) && /\d/.test(written) ? written : null;
};

/** An address of a page, with or without its protocol. */
export const website: Cast = (value) => {
  if (value === null || value === '') return null;
  const looksRight =
    typeof value === 'string' && /^(https?:\/\/)?([\w-]+\.)+[a-z][a-z\d-]+(:\d+)?([/?#]\S*)?$/i.test(value);
  return looksRight ? value : new Refusal('The website is not in required format');
};

/** The id of a row of another table, which must be there. */
export const reference =
  (name: string, message?: string): Cast =>
  (value, { account, column }) => {
    if (value === null || value === '') return null;
    return rowOf(account, name, value)?.id ?? new Refusal(message ?? `${label(column)} doesn't exist`);
  };

/** Ids of rows of another table, all of which must be there; null is none. */
export const references =
  (name: string, message: string): Cast =>
  (value, { account, column }) => {
    if (value === null) return [];
    if (!Array.isArray(value)) return new Refusal(wrongType(column));
    const ids = value.map((item: unknown) => rowOf(account, name, isObject(item) ? item.id : item)?.id);
    return ids.includes(undefined) ? new Refusal(message) : [...new Set(ids)];
  };

/** Of several words the list replaces what was there. */
export const words: Cast = (value, { column }) => {
  if (value === null) return [];
  if (!Array.isArray(value) || value.some((word) => typeof word === 'object')) return new Refusal(wrongType(column));
  return [...new Set(value.map(String))];
};

/** The colleagues who work on a record; null is nobody. */
export const team: Cast = (value, asked) =>
  value === null ? null : references('User', "Team member doesn't exist")(value, asked);

/** A number, or nothing. */
export const number: Cast = (value) => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
};

export const whole: Cast = (value, asked) => {
  const read = number(value, asked);
  return typeof read === 'number' ? Math.trunc(read) : null;
};

export const flag: Cast = (value) => value === true || value === 1 || value === 'true' || value === '1';

/** The largest number that is exact in JavaScript is also the largest amount. */
const LARGEST = 9_007_199_254_740_991;

/** Digits of an amount with one place at least and no zeros behind: `20` is "20.0". */
export function decimal(amount: number | string): string {
  const written = String(typeof amount === 'number' && Math.abs(amount) < 1e-6 ? amount.toFixed(12) : amount).trim();
  const [, sign = '', units = '', places = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(written) ?? [];
  return `${sign === '-' ? '-' : ''}${trimZeros(units, 'start') || '0'}.${trimZeros(places, 'end') || '0'}`;
}

function trimZeros(digits: string, side: 'start' | 'end'): string {
  let [start, end] = [0, digits.length];
  if (side === 'start') while (digits[start] === '0') start += 1;
  else while (digits[end - 1] === '0') end -= 1;
  return digits.slice(start, end);
}

/** An amount of a deal: a number, or text that reads as one. Nothing else, and nothing too large. */
export const amount: Cast = (value, { column }) => {
  if (value === null || value === '') return null;
  const name = column === 'amount' ? 'Deal value' : label(column);
  const written = typeof value === 'number' ? decimal(value) : value;
  if (typeof written !== 'string' || !/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(written.trim()))
    return new Refusal(`${name} is not a number`);
  return Math.abs(Number(written)) > LARGEST ? new Refusal(`${name} is too large`) : decimal(written);
};

/** The moment that a text names; without an offset it is meant in the zone of the account. */
export function momentOf(value: unknown, { zone }: Account): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, day, time = 'T00:00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:\.\d+)?))?$/.exec(value) ?? [];
  const parsed = Date.parse(day ? `${day}T${time.replace(/^T/, '')}${zone}` : value);
  if (!Number.isFinite(parsed) || !existsDay(value)) return undefined;
  return stamp(new Date(parsed), zone);
}

/** The thirtieth of February reads as the second of March, and is no day all the same. */
function existsDay(value: string): boolean {
  const [day] = /^\d{4}-\d\d-\d\d/.exec(value) ?? [];
  return day === undefined || new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** A time, in any of the forms that are taken; what is none is as good as nothing. */
export const moment: Cast = (value, { account }) => momentOf(value, account) ?? null;

/** A day; a moment is taken for the day it is in. What is none silently becomes nothing. */
export const day: Cast = (value, { account }) => {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return momentOf(value, account) ? value : null;
  const time = momentOf(value, account);
  return time ? dayOf(new Date(time), account.zone) : null;
};

/** An object whose keys are merged with those that stand there. */
export const merged: Cast = (value, { column, before }) => {
  if (value === null) return null;
  if (!isObject(value)) return new Refusal(wrongType(column));
  const old = isObject(before) ? before : {};
  return { ...old, ...value };
};

/** An id that belongs to somebody else's system. */
export const foreignId: Cast = (value, asked) => (value === '' ? null : text()(idOf(value) ?? value, asked));

/** An attribute as it will be stored; `undefined` if it was not sent, or is refused. */
export function read(draft: Draft, attribute: string, cast: Cast): unknown {
  if (!draft.sent(attribute)) return undefined;
  const { account, before, given } = draft;
  const value = cast(given[attribute], { account, column: attribute, before: before?.[attribute] });
  if (!(value instanceof Refusal)) return value;
  draft.refuse(value.message, attribute);
  return undefined;
}

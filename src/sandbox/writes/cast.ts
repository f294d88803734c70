import { type Account, type Cast, type Draft, isObject } from '../account.ts';
import { dayOf, stamp } from '../clock.ts';
import { FIXED_CHOICES } from '../seed/choices.ts';
import { idOf, rowOf } from './draft.ts';

/** The reason why a value is refused. */
class Refusal {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

type Words<T extends string> = T extends `${infer First} ${infer Rest}` ? First | Words<Rest> : T;

/** Uses one cast for several columns, whose names are separated by spaces. */
export const columns = <const T extends string>(names: T, cast: Cast) =>
  Object.fromEntries(names.split(' ').map((name) => [name, cast])) as Readonly<Record<Words<T>, Cast>>;

export const wrongType = (column: string): string => `The type for ${column} is invalid.`;

/** The label of a column: "First name" for `first_name`, "Owner" for `owner_id`. */
const label = (column: string): string => {
  const words = column.replace(/_id$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Text up to a maximum length. Accepts numbers. */
export const text =
  (most = Number.POSITIVE_INFINITY): Cast =>
  (value, { column }) => {
    if (value === null) return null;
    if (typeof value === 'object') return new Refusal(wrongType(column));
    const written = String(value);
    return written.length > most ? new Refusal(`${label(column)} is not in required length`) : written;
  };

/** A phone number. Without digits, or with words, it is silently stored as null. */
export const phone: Cast = (value, { column }) => {
  if (value !== null && typeof value === 'object') return new Refusal(wrongType(column));
  const written = value === null ? '' : String(value).trim();
  return /^[+(\d][\d\s()./+-]*(?:(?:x|ext\.?)\s*\d+)?$/i.test(written) && /\d/.test(written) ? written : null;
};

/** A mobile number. Freshsales stores its digits, and a plus sign before them. */
export const mobile: Cast = (value, context) => {
  const stored = phone(value, context);
  if (typeof stored !== 'string' || context.account.behaviours.mobileNumbers === 'as sent') return stored;
  return stored.replaceAll(/(?!^\+)\D/g, '');
};

/** A URL, with or without protocol. */
export const website: Cast = (value) => {
  if (value === null || value === '') return null;
  const looksRight =
    typeof value === 'string' && /^(https?:\/\/)?([\w-]+\.)+[a-z][a-z\d-]+(:\d+)?([/?#]\S*)?$/i.test(value);
  return looksRight ? value : new Refusal('The website is not in required format');
};

/** The id of an existing row of another table. */
export const reference =
  (name: string, message?: string): Cast =>
  (value, { account, column }) => {
    if (value === null || value === '') return null;
    return rowOf(account, name, value)?.id ?? new Refusal(message ?? `${label(column)} doesn't exist`);
  };

/** The id of a choice that is the same in every account. */
export const choice =
  (field: string): Cast =>
  (value, { column }) => {
    if (value === null || value === '') return null;
    const id = idOf(value);
    const isKnown = FIXED_CHOICES[field]?.some(([known]) => String(known) === id);
    return isKnown ? id : new Refusal(`${label(column)} doesn't exist`);
  };

/** Ids of existing rows of another table. Null is an empty list. */
export const references =
  (name: string, message: string): Cast =>
  (value, { account, column }) => {
    if (value === null) return [];
    if (!Array.isArray(value)) return new Refusal(wrongType(column));
    const ids = value.map((item: unknown) => rowOf(account, name, isObject(item) ? item.id : item)?.id);
    return ids.includes(undefined) ? new Refusal(message) : [...new Set(ids)];
  };

/** A list of words, which replaces the stored one. */
export const words: Cast = (value, { column }) => {
  if (value === null) return [];
  if (!Array.isArray(value) || value.some((word) => typeof word === 'object')) return new Refusal(wrongType(column));
  return [...new Set(value.map(String))];
};

/** Team members of a record. Null is an empty list. */
export const team: Cast = (value, asked) =>
  value === null ? null : references('User', "Team member doesn't exist")(value, asked);

/** A number or null. */
export const number: Cast = (value) => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
};

export const whole: Cast = (value, asked) => {
  const read = number(value, asked);
  return typeof read === 'number' ? Math.trunc(read) : null;
};

export const flag: Cast = (value) => value === true || value === 1 || value === 'true' || value === '1';

/** The largest amount is the largest number that is exact in JavaScript. */
const LARGEST = 9_007_199_254_740_991;

/** Digits of an amount with at least one decimal and no trailing zeros: "20.0" for `20`. */
export function decimal(amount: number | string): string {
  const written = String(typeof amount === 'number' && Math.abs(amount) < 1e-6 ? amount.toFixed(12) : amount).trim();
  const [, sign = '', units = '', places = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(written) ?? [];
  const integer = units.replace(/^0+/, '') || '0';
  const [fraction = '0'] = /^\d*[1-9]/.exec(places) ?? [];
  return `${sign === '-' ? '-' : ''}${integer}.${fraction}`;
}

/** An amount of a deal: a number or numeric text, within the limit. */
export const amount: Cast = (value, { column }) => {
  if (value === null || value === '') return null;
  const name = column === 'amount' ? 'Deal value' : label(column);
  const written = typeof value === 'number' ? decimal(value) : value;
  if (typeof written !== 'string' || !/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(written.trim()))
    return new Refusal(`${name} is not a number`);
  return Math.abs(Number(written)) > LARGEST ? new Refusal(`${name} is too large`) : decimal(written);
};

/** The time in a text. Without an offset it is in the account's time zone. */
export function momentOf(value: unknown, { zone }: Account): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, day, time = 'T00:00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:\.\d+)?))?$/.exec(value) ?? [];
  const parsed = Date.parse(day ? `${day}T${time.replace(/^T/, '')}${zone}` : value);
  if (!Number.isFinite(parsed) || !existsDay(value)) return undefined;
  return stamp(new Date(parsed), zone);
}

/** True if the day exists. JavaScript reads February 30 as March 2. */
function existsDay(value: string): boolean {
  const [day] = /^\d{4}-\d\d-\d\d/.exec(value) ?? [];
  return day === undefined || new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** A time in any accepted format. Others are stored as null. */
export const moment: Cast = (value, { account }) => momentOf(value, account) ?? null;

/** A day. Times are reduced to their day; other values are silently stored as null. */
export const day: Cast = (value, { account }) => {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return momentOf(value, account) ? value : null;
  const time = momentOf(value, account);
  return time ? dayOf(new Date(time), account.zone) : null;
};

/** An object, merged with the stored one. */
export const merged: Cast = (value, { column, before }) => {
  if (value === null) return null;
  if (!isObject(value)) return new Refusal(wrongType(column));
  const old = isObject(before) ? before : {};
  return { ...old, ...value };
};

/** An id in an external system. */
export const foreignId: Cast = (value, asked) => (value === '' ? null : text()(idOf(value) ?? value, asked));

/** The stored value of an attribute; `undefined` if it was not sent or is refused. */
export function read(draft: Draft, attribute: string, cast: Cast): unknown {
  if (!draft.sent(attribute)) return undefined;
  const { account, before, given } = draft;
  const value = cast(given[attribute], { account, column: attribute, before: before?.[attribute] });
  if (!(value instanceof Refusal)) return value;
  draft.refuse(value.message, attribute);
  return undefined;
}

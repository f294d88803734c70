import { type Account, type Columns, isObject, objectsIn } from './account.ts';
import { cellOf } from './cells.ts';
import type { Row } from './store.ts';

/** One condition of a filtered search. */
export interface Rule {
  readonly attribute: string;
  readonly operator: string;
  readonly value: unknown;
}

type Test = (actual: unknown, wanted: unknown) => boolean;

/** Text without case and outer space. */
export const fold = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .toLowerCase();

/** Phone numbers are compared without punctuation. */
export const digits = (value: unknown): string => String(value ?? '').replaceAll(/\D/g, '');

/** Compares amounts as numbers and text without case: "5600.0" equals 5600, "Acme" equals "acme". */
function same(actual: unknown, wanted: unknown): boolean {
  const [a, b] = [fold(actual), fold(wanted)];
  if (a === b) return true;
  return a !== '' && b !== '' && Number(a) === Number(b);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Multi-select values are stored in one text, separated by semicolons. */
const parts = (value: unknown): readonly string[] => fold(value).split(';');

const order = (value: unknown): number => {
  const number = Number(value);
  return Number.isNaN(number) ? Date.parse(String(value)) : number;
};

const TESTS: Readonly<Record<string, Test>> = {
  is: (actual, wanted) => list(wanted).some((one) => same(actual, one)),
  is_in: (actual, wanted) => list(wanted).some((one) => same(actual, one)),
  is_not: (actual, wanted) => !list(wanted).some((one) => same(actual, one)),
  contains: (actual, wanted) => list(wanted).every((one) => fold(actual).includes(fold(one))),
  contains_any: (actual, wanted) =>
    list(wanted).some((one) => parts(one).some((part) => part !== '' && fold(actual).includes(part))),
  is_after: (actual, wanted) => actual !== null && order(actual) > order(wanted),
  is_before: (actual, wanted) => actual !== null && order(actual) < order(wanted),
};

/** Operators that must hold for every value of a list. The others must hold for one. */
const NEGATIVE = new Set(['is_not']);

/** All e-mail addresses of a contact or lead. */
export function addresses(row: Row): readonly unknown[] {
  return [row.email, ...objectsIn(row.emails).map(({ value }) => value)];
}

/** The value of a custom field or a column. */
export const valueAt = (row: Columns, name: string): unknown =>
  name.startsWith('cf_') && isObject(row.custom_field) ? row.custom_field[name] : row[name];

/** The values of an attribute; `undefined` if the record type does not have it. */
function valuesOf(account: Account, name: string, row: Row, attribute: string): readonly unknown[] | undefined {
  const special = account.types.of(name)?.attributes?.[attribute];
  if (special) return special(row, account);
  if (attribute.startsWith('cf_')) return [valueAt(row, attribute) ?? null];
  if (attribute === 'deleted') return [row.is_deleted === true];
  // Searching by id has not been seen to work.
  if (attribute === 'id' || !(attribute in row)) return undefined;
  return [cellOf(account, name, row, attribute)];
}

/** True if a record matches a rule; `undefined` if the rule is invalid for it. */
export function passesRule(account: Account, name: string, row: Row, rule: Rule): boolean | undefined {
  const values = valuesOf(account, name, row, rule.attribute);
  const test = Object.hasOwn(TESTS, rule.operator) ? TESTS[rule.operator] : undefined;
  if (!values || !test) return undefined;
  return NEGATIVE.has(rule.operator)
    ? values.every((value) => test(value, rule.value))
    : values.some((value) => test(value, rule.value));
}

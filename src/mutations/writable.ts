import type { EnumRef, InputRef, InputType } from '@pothos/core';
import { GraphQLError } from 'graphql';
import { isObject } from '../freshsales/json.ts';
import { isMissingIn, missingMessage, type Product } from '../freshsales/products.ts';
import type { TimeZone } from '../freshsales/time-zone.ts';
import { type Reference, toWireId } from '../freshsales/writes.ts';
import { databaseId } from '../records/gid.ts';
import type { UserError } from '../records/write-report.ts';
import type { Types } from '../schema/builder.ts';
import type { CustomField } from '../schema/custom-fields/custom-field.ts';
import { isCustomName } from '../schema/fields.ts';
import type { RefersTo } from './refers-to.ts';
import type { Kind } from './same-value.ts';

/** A value's path in the arguments, and its draft. */
export interface FieldContext {
  readonly path: readonly string[];
  readonly draft: Draft;
}

type ItemType = InputType<Types>;

/** A field of an input: its GraphQL type and its wire format. */
export interface Writable<V> {
  readonly type: ItemType | [ItemType];
  /** The column that it writes. Refusals of the column are reported at this field. */
  readonly column: string;
  readonly description: string;
  /** Null and blank text are refused before the call. */
  readonly needed?: boolean;
  /** The wire value for null, if it is not null. */
  readonly empty?: unknown;
  readonly defaultValue?: unknown;
  /** Null means the same as an omitted field. */
  readonly ignoresNull?: boolean;
  /** The value is compared with the one in the response. */
  readonly kind?: Kind | undefined;
  /** The types whose ids it takes. */
  readonly refersTo?: RefersTo;
  /** Writes the value, or a problem, into the draft. */
  write(value: V, spot: FieldContext): void;
}

interface Options {
  readonly needed?: boolean;
  readonly kind?: Kind | undefined;
}

/** A value that is sent unchanged. */
const asIs = <V>(type: ItemType | [ItemType], column: string, description: string, options: Options = {}) =>
  ({
    type,
    column,
    description,
    ...options,
    write: (value, { draft }) => {
      draft.columns[column] = value;
    },
  }) satisfies Writable<V>;

export const text = (column: string, description: string, options?: Options): Writable<string> =>
  asIs('String', column, description, options);

export const texts = (column: string, description: string): Writable<readonly string[]> =>
  asIs(['String'], column, description);

export const whole = (column: string, description: string): Writable<number> => asIs('Int', column, description);

export const flag = (column: string, description: string): Writable<boolean> => asIs('Boolean', column, description);

/** A date, sent as a date (FACTS 4). */
export const day = (column: string, description: string): Writable<string> =>
  asIs('Date', column, description, { kind: 'day' });

/** A telephone number. Freshsales stores its digits, or nothing (FACTS 19, QUIRKS 51). */
export const phone = (column: string, description: string): Writable<string> =>
  asIs('String', column, description, { kind: 'phone' });

/** An enum value. The enum has the wire values. */
export const choice = <V extends string | number>(
  type: EnumRef<Types, V>,
  column: string,
  description: string,
): Writable<V> => asIs(type, column, description);

/** A time, sent with an offset, to the second (FACTS 4). */
export const moment = (column: string, description: string, options: Options = {}): Writable<Date> => ({
  type: 'DateTime',
  column,
  description,
  kind: 'time',
  ...options,
  write: (value, { draft }) => {
    draft.columns[column] = toWireTime(value);
  },
});

export const toWireTime = (time: Date): string => `${time.toISOString().slice(0, 19)}+00:00`;

/** Money of contacts, accounts and deals. A string on the wire, to keep all digits. */
export const money = (column: string, description: string, options?: Options): Writable<string | number> =>
  asIs('Decimal', column, description, { kind: 'amount', ...options });

/** Other amounts. Numbers on the wire (QUIRKS 10), or strings if a number would lose digits. */
export const amount = (column: string, description: string): Writable<string | number> => ({
  type: 'Decimal',
  column,
  description,
  kind: 'amount',
  write: (value, { draft }) => {
    draft.columns[column] = toWireAmount(value);
  },
});

export function toWireAmount(value: string | number): string | number {
  const number = Number(value);
  const digits = String(value).replace(/\D/g, '').replace(/^0+/, '');
  return digits.length <= 15 ? number : String(value);
}

/** The id of another record or lookup row. Global ids of other types are refused. */
export const ref = (type: string, column: string, description: string, options: Options = {}): Writable<string> => ({
  type: 'ID',
  column,
  refersTo: type,
  description: `${description} Takes the Freshsales id or global id of the ${type}.`,
  ...options,
  write: (value, spot) => {
    const id = idAt(type, value, spot);
    if (id !== undefined) spot.draft.columns[column] = toWireId(id);
  },
});

/** The ids of several other records. Duplicates are removed. */
export const refs = (
  type: string,
  column: string,
  description: string,
  { empty }: { readonly empty?: unknown } = {},
): Writable<readonly string[]> => ({
  type: ['ID'],
  column,
  refersTo: type,
  ...(empty !== undefined && { empty }),
  description: `${description} Takes Freshsales ids or global ids of ${type} records.`,
  write: (values, { path, draft }) => {
    const ids = values.map((value, index) => idAt(type, value, { path: [...path, String(index)], draft }));
    draft.columns[column] = [...new Set(ids.flatMap((id) => (id === undefined ? [] : [toWireId(id)])))];
  },
});

/** An id of a type that the graph does not have. */
export const plainId = (column: string, description: string): Writable<string> => ({
  type: 'ID',
  column,
  description,
  write: (value, { path, draft }) => {
    if (isPlainId(value)) draft.columns[column] = value;
    else draft.refuse(path, notAnId(path));
  },
});

/** Ids of a type that the graph does not have, which Freshsales joins with “;”. */
export const joinedIds = (column: string, description: string): Writable<readonly string[]> => ({
  type: ['ID'],
  column,
  description,
  write: (values, { path, draft }) => {
    const ids = values.flatMap((value) => value.split(';')).map((value) => value.trim());
    if (ids.every(isPlainId)) draft.columns[column] = [...new Set(ids)].join(';');
    else draft.refuse(path, notAnId(path));
  },
});

const isPlainId = (text: string): boolean => /^\d{1,20}$/.test(text);

const notAnId = (path: readonly string[]): string => `“${path.at(-1)}” takes ids of Freshsales, such as 31016358306.`;

/** The Freshsales id of an argument. Adds a problem if the id is of another type. */
export function idAt(type: string, given: string, { path, draft }: FieldContext): string | undefined {
  try {
    const id = databaseId(type, given);
    if (isMissingIn(draft.product, type)) {
      draft.refuse(path, missingMessage(draft.product, type, `${path.at(-1)}`), 'NOT_AVAILABLE');
      return undefined;
    }
    draft.mentions.push({ type, id });
    return id;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    draft.refuse(path, error.message);
    return undefined;
  }
}

/** Keys that could pollute prototypes when objects are merged. */
export const RESERVED_KEYS = ['__proto__', 'constructor', 'prototype'];

/** The depth of values is already limited. */
export const hasReservedKey = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (RESERVED_KEYS.some((key) => Object.hasOwn(value, key)) || Object.values(value).some(hasReservedKey));

/** Custom fields. Freshsales merges them by key, so omitted keys stay as they are. */
export const customFields: Writable<unknown> = {
  type: 'JSON',
  column: 'custom_field',
  description:
    'Custom fields by their names in Freshsales: {"cf_is_vip": true}. Omitted keys are left unchanged; null clears a field. Join multiple choices with “;”.',
  write: (value, { path, draft }) => {
    if (!isObject(value)) {
      draft.refuse(path, 'customFields must be an object of field names and values, such as {"cf_is_vip": true}.');
      return;
    }
    for (const name of Object.keys(value))
      if (!isCustomName(name)) draft.refuse([...path, name], 'Names of custom fields start with cf_.');
    if (Object.values(value).some(hasReservedKey)) {
      draft.refuse(path, `${RESERVED_KEYS.join(', ')} cannot be keys in customFields. Remove them.`);
      return;
    }
    draft.columns.custom_field = value;
  },
};

/** A value with its own format, written by a function of its record type. */
export const shaped = <V>(
  type: InputRef<V> | [InputRef<V>],
  { column, description, empty }: { column: string; description: string; empty?: unknown },
  write: (value: readonly V[], spot: FieldContext) => unknown,
): Writable<readonly V[]> => ({
  type: type as unknown as ItemType | [ItemType],
  column,
  description,
  ...(empty !== undefined && { empty }),
  write: (value, spot) => {
    const written = write(value, spot);
    if (written !== undefined) spot.draft.columns[column] = written;
  },
});

/** Nothing, or a text of spaces. */
export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

export type Columns = Record<string, unknown>;

/** User errors reported for one record. */
const MAX_USER_ERRORS = 100;

/** The write that a mutation prepares, and the problems with its input. */
export class Draft {
  /** Columns to send. */
  readonly columns: Columns = {};
  /** Columns that an upsert finds the record by. */
  readonly identifier: Columns = {};
  /** Path of each column in the arguments of the mutation, whether it is sent or not. */
  readonly paths = new Map<string, readonly string[]>();
  /** Kinds of the columns whose values are compared with the response. */
  readonly kinds = new Map<string, Kind>();
  /** The typed custom fields that `custom` can write. */
  readonly customFields: readonly CustomField[];
  /** Paths of the custom fields that `custom` writes, by their names in Freshsales. */
  readonly customPaths = new Map<string, readonly string[]>();
  readonly userErrors: UserError[] = [];
  /** Relations to request with the write, in addition to those selected. */
  readonly include = new Set<string>();
  /** Other records that the input names. */
  readonly mentions: Reference[] = [];
  /** Tags to add and to remove, once the current ones are read. */
  tags: { readonly added: readonly string[]; readonly removed: readonly string[] } | undefined;
  /** The write copies a record: columns that are not sent have the values of the original. */
  isCopy = false;
  /** The product of the account. */
  readonly product: Product;

  /** The zone of the account. */
  readonly timeZone: TimeZone;

  constructor(product: Product, customFields: readonly CustomField[] = [], timeZone: TimeZone = 'UTC') {
    this.product = product;
    this.timeZone = timeZone;
    this.customFields = customFields;
  }

  /** The path of a custom field in the arguments, by its name in Freshsales. */
  customPath(wireName: string): readonly string[] {
    return this.customPaths.get(wireName) ?? [...(this.paths.get('custom_field') ?? []), wireName];
  }

  refuse(field: readonly string[], message: string, code: UserError['code'] = 'INVALID'): void {
    if (this.userErrors.length < MAX_USER_ERRORS) this.userErrors.push({ field, message, code });
    else if (this.userErrors.length === MAX_USER_ERRORS)
      this.userErrors.push({ field: null, message: 'More values are not valid. Correct these first.', code });
  }
}

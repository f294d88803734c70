import type { EnumRef, InputRef, InputType } from '@pothos/core';
import { GraphQLError } from 'graphql';
import { toWireId } from '../freshsales/writes.ts';
import { databaseId } from '../records/gid.ts';
import type { Types } from '../schema/builder.ts';
import type { Draft } from './draft.ts';
import type { RefersTo } from './refers-to.ts';

/** Where a value stands: its path in the arguments, and the draft it goes into. */
export interface Spot {
  readonly path: readonly string[];
  readonly draft: Draft;
}

type ItemType = InputType<Types>;

/** One field of an input: its GraphQL type, and how a value of it is written to the wire. */
export interface Writable<V> {
  readonly type: ItemType | [ItemType];
  /** The column it writes; refusals that name the column are shown at this field. */
  readonly column: string;
  readonly description: string;
  /** It must not be emptied: null and blank text are refused before the call. */
  readonly needed?: boolean;
  /** What null is written as, where Freshsales has another word for nothing. */
  readonly empty?: unknown;
  readonly defaultValue?: unknown;
  /** The types whose ids it takes. */
  readonly refersTo?: RefersTo;
  /** Puts the value into the draft, or a problem. */
  write(value: V, spot: Spot): void;
}

interface Options {
  readonly needed?: boolean;
}

/** A value that is sent as it is. */
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

/** A day is sent as a day (FACTS 4). */
export const day = (column: string, description: string): Writable<string> => asIs('Date', column, description);

/** One of a few values, which the enum holds as the wire has them. */
export const choice = <V extends string | number>(
  type: EnumRef<Types, V>,
  column: string,
  description: string,
): Writable<V> => asIs(type, column, description);

/** A point in time is sent with an offset, to the second, as Freshsales itself writes it (FACTS 4). */
export const moment = (column: string, description: string, options: Options = {}): Writable<Date> => ({
  type: 'DateTime',
  column,
  description,
  ...options,
  write: (value, { draft }) => {
    draft.columns[column] = toWireTime(value);
  },
});

export const toWireTime = (time: Date): string => `${time.toISOString().slice(0, 19)}+00:00`;

/** Money of contacts, accounts and deals is text on the wire, so that no digit is lost. */
export const money = (column: string, description: string, options?: Options): Writable<string | number> =>
  asIs('Decimal', column, description, options);

/** Other amounts are numbers on the wire (QUIRKS 10); one that a number cannot hold is sent as text. */
export const amount = (column: string, description: string): Writable<string | number> => ({
  type: 'Decimal',
  column,
  description,
  write: (value, { draft }) => {
    draft.columns[column] = toWireAmount(value);
  },
});

export function toWireAmount(value: string | number): string | number {
  const number = Number(value);
  const digits = String(value).replace(/\D/g, '').replace(/^0+/, '');
  return digits.length <= 15 ? number : String(value);
}

/** The id of another record, or of a row of a lookup; a global id of another type is refused. */
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

/** The ids of several other records. One that is repeated is meant once. */
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

/** Freshsales' own id of what an argument names, or a problem where it names something else. */
export function idAt(type: string, given: string, { path, draft }: Spot): string | undefined {
  try {
    const id = databaseId(type, given);
    draft.mentions.push({ type, id });
    return id;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    draft.refuse(path, error.message);
    return undefined;
  }
}

/** Keys that code which merges objects, here or where the value is sent, takes for more than data. */
const RESERVED_KEYS = ['__proto__', 'constructor', 'prototype'];

/** The depth of values is limited before. */
const hasReservedKey = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (RESERVED_KEYS.some((key) => Object.hasOwn(value, key)) || Object.values(value).some(hasReservedKey));

const FIELD_NAME = /^cf_\w+$/;

/** The account's own fields. Freshsales merges them by key, so that keys left out are left alone. */
export const customFields: Writable<unknown> = {
  type: 'JSON',
  column: 'custom_field',
  description:
    'Custom fields by their names in Freshsales: {"cf_is_vip": true}. Omitted keys are left unchanged; null clears a field. Join multiple choices with “;”.',
  write: (value, { path, draft }) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      draft.refuse(path, 'customFields must be an object of field names and values, such as {"cf_is_vip": true}.');
      return;
    }
    for (const name of Object.keys(value))
      if (!FIELD_NAME.test(name)) draft.refuse([...path, name], 'Names of custom fields start with cf_.');
    if (Object.values(value).some(hasReservedKey)) {
      draft.refuse(path, `${RESERVED_KEYS.join(', ')} cannot be keys in customFields. Remove them.`);
      return;
    }
    draft.columns.custom_field = value;
  },
};

/** A value of a shape of its own, written by a function of the record type it belongs to. */
export const shaped = <V>(
  type: InputRef<V> | [InputRef<V>],
  { column, description, empty }: { column: string; description: string; empty?: unknown },
  write: (value: readonly V[], spot: Spot) => unknown,
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

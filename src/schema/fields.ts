import type { EnumRef, ObjectRef } from '@pothos/core';
import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import type { Row } from '../freshsales/answer.ts';
import { isObject } from '../freshsales/json.ts';
import type { ContactPoint, JsonObject } from '../freshsales/resource.ts';
import { toBoolean, toList, toMap } from '../freshsales/values.ts';
import type { Context } from '../records/context.ts';
import { builder, type Types } from './builder.ts';

/** Options of the times of creation and of the last update, which every row of these types has. */
export const createdTime = { type: 'DateTime', semanticNonNull: true, description: 'Time of creation.' } as const;
export const updatedTime = {
  type: 'DateTime',
  semanticNonNull: true,
  description: 'Time of the last update.',
} as const;

/** `customFields` and `customField(name:)`, for record types with custom fields. */
export function withCustomFields(ref: ObjectRef<Types, { readonly custom_field: JsonObject }>): void {
  builder.objectFields(ref, (t) => ({
    customFields: t.field({
      type: 'JSON',
      nullable: false,
      description: 'Custom fields as Freshsales sends them: `cf_` keys, multiple choices joined with “;”.',
      extensions: { pothosExposedField: 'custom_field' },
      resolve: (row) => toMap(row.custom_field),
    }),
    customField: t.field({
      type: 'JSON',
      description: 'The value of one custom field. Null if it is empty or does not exist.',
      args: {
        name: t.arg.string({
          required: true,
          description: 'Name of the custom field in Freshsales, such as cf_is_vip.',
        }),
      },
      extensions: { freshsales: { columns: ['custom_field'] } },
      resolve: (row, { name }) => {
        const fields = toMap(row.custom_field);
        return Object.hasOwn(fields, name) ? fields[name] : null;
      },
    }),
  }));
}

function contactPointType(name: string, what: string) {
  return builder.objectRef<ContactPoint>(name).implement({
    description: `One of several ${what}. The order has no meaning; isPrimary marks the primary one.`,
    fields: (t) => ({
      value: t.exposeString('value', { nullable: false, description: 'The value as entered.' }),
      isPrimary: t.boolean({
        nullable: false,
        description: 'True if this is the primary one.',
        resolve: ({ is_primary }) => is_primary,
      }),
      label: t.exposeString('label', { description: 'Label, if one was entered.' }),
    }),
  });
}

export const ContactEmail = contactPointType('ContactEmail', 'e-mail addresses');
export const ContactPhoneNumber = contactPointType('ContactPhoneNumber', 'phone numbers');

/** Freshsales sends a list of objects. Strings, one object, and one string joined with “;” are accepted too. */
export const contactPoints = (cell: unknown): ContactPoint[] =>
  (isObject(cell) ? [cell] : Array.isArray(cell) ? cell : toList(cell)).flatMap(contactPoint);

const contactPoint = (item: unknown): ContactPoint[] =>
  isObject(item) ? pointOf(item) : toList(item).flatMap((value) => pointOf({ value }));

function pointOf({ value, is_primary, label }: Readonly<Record<string, unknown>>): ContactPoint[] {
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return [];
  const isPrimary = toBoolean(is_primary) === true;
  return [{ value: String(value), is_primary: isPrimary, label: typeof label === 'string' ? label : null }];
}

/** A list of strings. Freshsales sends some as one string joined with “;”, and null for an empty list. */
export const stringList = <Column extends string>(column: Column, description: string) => ({
  nullable: { list: false, items: false } as const,
  description,
  extensions: { pothosExposedField: column },
  resolve: (row: { readonly [column in Column]?: readonly string[] | string | null }): string[] => toList(row[column]),
});

/** A list of ids, which Freshsales joins with “;”. */
export const idList = <Column extends string>(column: Column, description: string) => ({
  ...stringList(column, description),
  type: ['ID'] as ['ID'],
});

/** A column with one of a few numbers, each a value of the enum. */
export const choiceField = <Column extends string, V extends number>(
  type: EnumRef<Types, V>,
  column: Column,
  description: string,
) => ({
  type,
  description,
  extensions: { pothosExposedField: column },
  // An unknown number is an error.
  resolve: (row: { readonly [column in Column]?: number | null }) => (row[column] ?? null) as V | null,
});

/** The fields of a field list. Groups contain fields and are not fields of a record. */
export const ungroupedFields = (fields: readonly Row[]): Row[] =>
  fields.flatMap((field) =>
    Array.isArray(field.fields) ? ungroupedFields(field.fields.filter(isObject) as Row[]) : [field],
  );

/** The name of a custom field in Freshsales: `cf_` and one line. Accounts have names such as `cf_bdr_stage_-_contact`. */
export const isCustomName = (name: string): boolean => /^cf_[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,250}$/u.test(name);

/** Says that the account has no such custom field, and which names are close. */
export function unknownField(
  name: string,
  names: readonly string[],
  { caller }: Pick<Partial<Context>, 'caller'>,
): string {
  const hidden = Object.values(caller?.grants ?? {}).flatMap(({ hideCustomFields }) =>
    hideCustomFields.map((each) => each.toLowerCase()),
  );
  const candidates = names.filter((each) => each.startsWith('cf_') && !hidden.includes(each.toLowerCase()));
  const near = suggestionList(name, candidates).slice(0, 3);
  const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'Query fields(type:) for their names.';
  return `The account has no custom field “${name}”. ${hint}`;
}

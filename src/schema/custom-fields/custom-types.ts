import {
  GraphQLEnumType,
  type GraphQLFieldConfig,
  GraphQLFloat,
  type GraphQLInputFieldConfig,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLSchema,
  GraphQLString,
  isInputObjectType,
  isObjectType,
  isScalarType,
} from 'graphql';
import type { Context } from '../../records/context.ts';
import type { FieldSource } from '../../records/field-needs.ts';
import { listed } from './choices.ts';
import { type CustomField, type CustomFieldKind, unused, upperFirst } from './custom-field.ts';
import { type CustomRow, readerOf } from './read-custom-field.ts';

const objectName = (typeName: string): string => `${typeName}CustomFields`;
export const inputName = (typeName: string): string => `${typeName}CustomFieldsInput`;
export const filterName = (typeName: string): string => `${typeName}CustomFieldsFilter`;

/** The custom field that a field of `ContactCustomFields`, or of its input, stands for. */
export const customFieldOf = ({ extensions }: Extended): CustomField | undefined =>
  extensions?.customField as CustomField | undefined;

interface Extended {
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The GraphQL types for the custom fields of one record type. */
export interface CustomTypes {
  readonly object: GraphQLObjectType<CustomRow, Context>;
  /** Undefined if all fields are read only. */
  readonly input: GraphQLInputObjectType | undefined;
  /** Undefined if none of the fields can be searched by. */
  readonly filter: GraphQLInputObjectType | undefined;
}

/** Creates the types. They refer to types of `base`, and are named like none of them. */
export function customTypesOf(base: GraphQLSchema, typeName: string, fields: readonly CustomField[]): CustomTypes {
  const used = new Set([objectName, inputName, filterName].map((nameOf) => nameOf(typeName)));
  const enums = new Map(fields.map((field) => [field, enumOf(base, typeName, field, used)]));
  const outputs = fields.map((field) => {
    const type = enums.get(field) ?? recordOf(base, field) ?? scalarOf(base, field.kind);
    return [field.name, outputOf(field, type)] as const;
  });
  const inputs = fields.flatMap((field) =>
    field.isReadOnly ? [] : [[field.name, inputOf(field, enums.get(field) ?? scalarOf(base, field.kind))] as const],
  );
  const filters = fields.flatMap((field) => {
    const type = filterOf(base, field, enums.get(field), used);
    return type ? [[field.name, filterField(field, type)] as const] : [];
  });
  return {
    object: new GraphQLObjectType({
      name: objectName(typeName),
      description: `Custom fields of the type ${typeName}, as configured in this account.`,
      fields: Object.fromEntries(outputs),
    }),
    input:
      inputs.length === 0
        ? undefined
        : new GraphQLInputObjectType({
            name: inputName(typeName),
            description: `Custom fields of the type ${typeName} to write. Omitted fields are left unchanged; null clears a field.`,
            fields: Object.fromEntries(inputs),
          }),
    filter:
      filters.length === 0
        ? undefined
        : new GraphQLInputObjectType({
            name: filterName(typeName),
            description: 'Conditions on custom fields. All must hold.',
            fields: Object.fromEntries(filters),
          }),
  };
}

/** Conditions by kind. Freshsales has no ranges of numbers. */
const FILTERS: Readonly<Record<Exclude<CustomFieldKind, 'json'>, string>> = {
  text: 'StringFilter',
  number: 'NumberFilter',
  decimal: 'DecimalFilter',
  date: 'DateFilter',
  dateTime: 'DateTimeFilter',
  checkbox: 'BooleanFilter',
  dropdown: 'StringFilter',
  multiSelect: 'StringFilter',
  lookup: 'IdFilter',
  autoNumber: 'StringFilter',
  formula: 'StringFilter',
};

function filterOf(
  base: GraphQLSchema,
  { kind }: CustomField,
  choices: GraphQLEnumType | undefined,
  used: Set<string>,
): GraphQLInputObjectType | undefined {
  if (choices) return choiceFilter(base, choices, { isMultiple: kind === 'multiSelect', used });
  const type = kind === 'json' ? undefined : base.getType(FILTERS[kind]);
  return isInputObjectType(type) ? type : undefined;
}

/** A multi-select is one text in Freshsales, which can only be searched for one choice. */
function choiceFilter(
  base: GraphQLSchema,
  choices: GraphQLEnumType,
  { isMultiple, used }: { readonly isMultiple: boolean; readonly used: Set<string> },
): GraphQLInputObjectType {
  const isUsed = (each: string) => used.has(each) || base.getType(each) !== undefined;
  const name = unused(`${choices.name}Filter`, { has: isUsed });
  used.add(name);
  const several = new GraphQLList(new GraphQLNonNull(choices));
  return new GraphQLInputObjectType({
    name,
    description: 'Condition on a choice.',
    fields: isMultiple
      ? { contains: { type: choices, description: 'Contains this choice.' } }
      : {
          is: { type: choices, description: 'Equals this choice.' },
          isIn: { type: several, description: 'Equals one of these choices, at most 100.' },
        },
  });
}

const filterField = (field: CustomField, type: GraphQLInputObjectType): GraphQLInputFieldConfig => ({
  type,
  description: descriptionOf(field, { isInput: false, isFilter: true }),
  extensions: {
    customField: field,
    freshsales: { attribute: field.wireName, ...(field.target !== undefined && { refersTo: field.target }) },
  },
});

/** Numbers are floats, because they may be larger than an Int. */
const SCALARS: Readonly<Record<CustomFieldKind, string>> = {
  text: 'String',
  number: 'Float',
  decimal: 'Decimal',
  date: 'Date',
  dateTime: 'DateTime',
  checkbox: 'Boolean',
  dropdown: 'String',
  multiSelect: 'String',
  lookup: 'ID',
  autoNumber: 'String',
  formula: 'String',
  json: 'JSON',
};

function scalarOf(base: GraphQLSchema, kind: CustomFieldKind): GraphQLScalarType {
  if (kind === 'number') return GraphQLFloat;
  const type = base.getType(SCALARS[kind]);
  return isScalarType(type) ? type : GraphQLString;
}

/** The type of the record that a lookup points to. */
function recordOf(base: GraphQLSchema, { target }: CustomField): GraphQLObjectType | undefined {
  const type = target === undefined ? undefined : base.getType(target);
  return isObjectType(type) ? type : undefined;
}

/** The enum of the choices, if they make one. */
function enumOf(
  base: GraphQLSchema,
  typeName: string,
  { name, label, wireName, choices, enumNames }: CustomField,
  used: Set<string>,
): GraphQLEnumType | undefined {
  if (!enumNames) return undefined;
  const isUsed = (each: string) => used.has(each) || base.getType(each) !== undefined;
  const enumName = unused(`${typeName}Custom${upperFirst(name)}`, { has: isUsed });
  used.add(enumName);
  const values = choices.map((choice, index) => {
    const value = { value: choice.value, description: listed([choice]) };
    return [enumNames[index] ?? '', value] as const;
  });
  return new GraphQLEnumType({
    name: enumName,
    description: `Choices of “${label}” (${wireName}).`,
    values: Object.fromEntries(values),
  });
}

function outputOf(
  field: CustomField,
  type: GraphQLEnumType | GraphQLObjectType | GraphQLScalarType,
): GraphQLFieldConfig<CustomRow, Context> {
  // A choice that no longer exists is null.
  const item = field.enumNames ? type : new GraphQLNonNull(type);
  // The record of a lookup does not come along with the record that points to it.
  const source: FieldSource = { columns: [field.wireName], brings: [] };
  return {
    type: field.kind === 'multiSelect' ? new GraphQLNonNull(new GraphQLList(item)) : type,
    description: descriptionOf(field, { isInput: false }),
    extensions: { customField: field, ...(field.kind === 'lookup' && { freshsales: source }) },
    resolve: readerOf(field),
  };
}

function inputOf(field: CustomField, type: GraphQLEnumType | GraphQLScalarType): GraphQLInputFieldConfig {
  const { target } = field;
  return {
    type: field.kind === 'multiSelect' ? new GraphQLList(new GraphQLNonNull(type)) : type,
    description: descriptionOf(field, { isInput: true }),
    extensions: {
      customField: field,
      freshsales: { column: 'custom_field', ...(target !== undefined && { refersTo: target }) },
    },
  };
}

/** Label, wire name, choices, help text and rules. */
function descriptionOf(
  { kind, label, wireName, choices, enumNames, help, isRequired, isReadOnly, maxLength, target }: CustomField,
  { isInput, isFilter = false }: { readonly isInput: boolean; readonly isFilter?: boolean },
): string {
  const sentences = [
    `${label} (${listed([{ value: wireName, id: undefined }])}).`,
    !enumNames && choices.length > 0 && `Choices: ${listed(choices)}.`,
    help !== undefined && (/[.!?…]$/.test(help) ? help : `${help}.`),
    isInput && kind === 'lookup' && `Takes the Freshsales id or global id of the ${target}.`,
    !isInput && !isFilter && kind === 'lookup' && COST,
    isInput && maxLength !== undefined && `At most ${maxLength} characters.`,
    isRequired && !isFilter && 'Required for new records.',
    isReadOnly && !isFilter && 'Read-only.',
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}

const COST = 'Costs a call unless the record is known; the records of a list are read together.';

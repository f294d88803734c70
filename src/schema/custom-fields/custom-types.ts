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
import { describeChoices } from './choices.ts';
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

/** Gives a type a name that no other has. */
type Namer = (wanted: string) => string;

/** Creates the types. They refer to types of `base`, and are named like none of them. */
export function customTypesOf(base: GraphQLSchema, typeName: string, fields: readonly CustomField[]): CustomTypes {
  const used = new Set([objectName, inputName, filterName].map((naming) => naming(typeName)));
  const nameOf: Namer = (wanted) => {
    const name = unused(wanted, { has: (each) => used.has(each) || base.getType(each) !== undefined });
    used.add(name);
    return name;
  };
  const enums = new Map(fields.map((field) => [field, enumOf(typeName, field, nameOf)]));
  const outputs = fields.map((field) => {
    const type = enums.get(field) ?? recordOf(base, field) ?? scalarOf(base, field.kind);
    return [field.name, outputOf(field, type)] as const;
  });
  const inputs = fields.flatMap((field) =>
    field.isReadOnly ? [] : [[field.name, inputOf(field, enums.get(field) ?? scalarOf(base, field.kind))] as const],
  );
  const filters = fields.flatMap((field) => {
    const type = filterOf(base, field, enums.get(field), nameOf);
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

/** The scalars of values and the conditions on them. Numbers are floats, because they may be larger than an Int. */
const TYPES: Readonly<Record<CustomFieldKind, { readonly value: string; readonly filter?: string }>> = {
  text: { value: 'String', filter: 'StringFilter' },
  number: { value: 'Float', filter: 'NumberFilter' },
  decimal: { value: 'Decimal', filter: 'DecimalFilter' },
  date: { value: 'Date', filter: 'DateFilter' },
  dateTime: { value: 'DateTime', filter: 'DateTimeFilter' },
  checkbox: { value: 'Boolean', filter: 'BooleanFilter' },
  dropdown: { value: 'String', filter: 'StringFilter' },
  multiSelect: { value: 'String', filter: 'StringFilter' },
  lookup: { value: 'ID', filter: 'IdFilter' },
  autoNumber: { value: 'String', filter: 'StringFilter' },
  formula: { value: 'String', filter: 'StringFilter' },
  json: { value: 'JSON' },
};

function filterOf(
  base: GraphQLSchema,
  { kind }: CustomField,
  choices: GraphQLEnumType | undefined,
  nameOf: Namer,
): GraphQLInputObjectType | undefined {
  if (choices) return choiceFilter(choices, nameOf(`${choices.name}Filter`), { isMultiple: kind === 'multiSelect' });
  const { filter } = TYPES[kind];
  const type = filter === undefined ? undefined : base.getType(filter);
  return isInputObjectType(type) ? type : undefined;
}

/** A multi-select is one text in Freshsales, which can only be searched for one choice. */
function choiceFilter(
  choices: GraphQLEnumType,
  name: string,
  { isMultiple }: { readonly isMultiple: boolean },
): GraphQLInputObjectType {
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

function scalarOf(base: GraphQLSchema, kind: CustomFieldKind): GraphQLScalarType {
  if (kind === 'number') return GraphQLFloat;
  const type = base.getType(TYPES[kind].value);
  return isScalarType(type) ? type : GraphQLString;
}

/** The type of the record that a lookup points to. */
function recordOf(base: GraphQLSchema, { target }: CustomField): GraphQLObjectType | undefined {
  const type = target === undefined ? undefined : base.getType(target);
  return isObjectType(type) ? type : undefined;
}

/** The enum of the choices, if they make one. */
function enumOf(
  typeName: string,
  { name, label, wireName, choices, enumNames }: CustomField,
  nameOf: Namer,
): GraphQLEnumType | undefined {
  if (!enumNames) return undefined;
  const values = choices.map((choice, index) => {
    const value = { value: choice.value, description: describeChoices([choice]) };
    return [enumNames[index] ?? '', value] as const;
  });
  return new GraphQLEnumType({
    name: nameOf(`${typeName}Custom${upperFirst(name)}`),
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
    `${label} (${describeChoices([{ value: wireName, id: undefined }])}).`,
    !enumNames && choices.length > 0 && `Choices: ${describeChoices(choices)}.`,
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

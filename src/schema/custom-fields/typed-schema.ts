import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  GraphQLInputObjectType,
  GraphQLObjectType,
  type GraphQLSchema,
  isInputObjectType,
  isObjectType,
  validateSchema,
} from 'graphql';
import type { Row } from '../../freshsales/answer.ts';
import type { Context } from '../../records/context.ts';
import type { FieldSource } from '../../records/field-needs.ts';
import type { RecordType, Registry } from '../../records/record-type.ts';
import { answerTypePartially } from '../partial-answers.ts';
import { type AccountFacts, type CustomField, customFieldsOf } from './custom-field.ts';
import { type CustomTypes, customFieldOf, customTypesOf, filterName, inputName } from './custom-types.ts';
import type { CustomRow } from './read-custom-field.ts';

/** Field lists as the settings endpoints give them, by path: `contacts`, `sales_accounts`, `deals`, `sales_activities`. */
export type FieldLists = Readonly<Record<string, readonly Row[]>>;

/** The record types whose custom fields are typed. */
export const customizedTypes = ({ recordTypes }: Registry): readonly RecordType[] =>
  recordTypes.filter(({ hasTypedFields }) => hasTypedFields);

/** Adds a typed field for each custom field to a schema. Any field lists give a valid schema. */
export function typedSchema(base: GraphQLSchema, lists: FieldLists, account: AccountFacts): GraphQLSchema {
  const types = new Map(
    customizedTypes(account.registry).flatMap(({ name, path }) => {
      const fields = customFieldsOf(lists[path] ?? [], account);
      return fields.length === 0 ? [] : [[name, customTypesOf(base, name, fields)] as const];
    }),
  );
  if (types.size === 0) return base;
  const schema = mapSchema(base, {
    [MapperKind.OBJECT_TYPE]: (type) => {
      const custom = types.get(type.name);
      if (!custom) return undefined;
      const config = type.toConfig();
      return new GraphQLObjectType({ ...config, fields: { ...config.fields, custom: customField(custom) } });
    },
    [MapperKind.INPUT_OBJECT_TYPE]: (type) => {
      const custom = customInput(type, types);
      if (!custom) return undefined;
      const config = type.toConfig();
      return new GraphQLInputObjectType({ ...config, fields: { ...config.fields, custom } });
    },
  });
  const [problem] = validateSchema(schema);
  if (problem) throw problem;
  for (const [name, { object }] of types) {
    answerFieldsPartially(schema, name, ['custom']);
    answerFieldsPartially(schema, object.name, Object.keys(object.getFields()));
  }
  return schema;
}

/** The base is prepared for partial answers already, and its fields must not be prepared twice. */
function answerFieldsPartially(schema: GraphQLSchema, typeName: string, names: readonly string[]): void {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return;
  const fields = type.getFields();
  answerTypePartially(
    type,
    names.flatMap((name) => fields[name] ?? []),
  );
}

const customField = ({ object }: CustomTypes): GraphQLFieldConfig<CustomRow, Context> => ({
  type: object,
  description: 'Custom fields of this account, each with its type. customFields has them as Freshsales sends them.',
  extensions: { freshsales: { columns: ['custom_field'], isSameRecord: true } satisfies FieldSource },
  resolve: (row) => row,
});

/** The field for `CreateContactInput`, `UpdateContactInput`, `ContactFilter` and so on. */
function customInput(
  { name }: GraphQLInputObjectType,
  types: ReadonlyMap<string, CustomTypes>,
): GraphQLInputFieldConfig | undefined {
  const [, written = '', filtered = ''] = /^(?:(?:Create|Update)(\w+)Input|(\w+)Filter)$/.exec(name) ?? [];
  const { input } = types.get(written) ?? {};
  const { filter } = types.get(filtered) ?? {};
  if (filter) return { type: filter, description: 'Conditions on custom fields of this account.' };
  return (
    input && {
      type: input,
      description: 'Custom fields of this account. The same field must not be in customFields as well.',
      extensions: { freshsales: { column: 'custom_field' } },
    }
  );
}

/** The custom fields of a record type that inputs of this schema can write. */
export const writableFieldsOf = (schema: GraphQLSchema, typeName: string): readonly CustomField[] =>
  fieldsOfInput(schema, inputName(typeName));

/** The custom fields that a filter of this schema can search by. `filter`: such as `ContactFilter`. */
export const filterableFieldsOf = (schema: GraphQLSchema, filter: string): readonly CustomField[] =>
  fieldsOfInput(schema, filterName(filter.replace(/Filter$/, '')));

function fieldsOfInput(schema: GraphQLSchema, name: string): readonly CustomField[] {
  const type = schema.getType(name);
  return isInputObjectType(type) ? Object.values(type.getFields()).flatMap((field) => customFieldOf(field) ?? []) : [];
}

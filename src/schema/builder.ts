import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import { DirectiveLocation, GraphQLDirective, GraphQLInt, GraphQLList } from 'graphql';
import type { Context } from '../records/context.ts';
import { DateTime, Decimal, Json, LocalDate } from './scalars.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      semanticNonNull: SemanticNonNullPlugin<Types>;
    }
    export interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      /**
       * The field is null only if it failed, and then there is an error. Every field whose value comes from Freshsales is nullable,
       * so that one failure does not remove the rest of the answer.
       */
      semanticNonNull?: boolean;
    }
  }
}

export const semanticNonNullDirective = new GraphQLDirective({
  name: 'semanticNonNull',
  description:
    'The value is null only if there is an error for it. Clients that handle errors may treat it as non-null. Levels count lists from the outside: 0 is the value itself, 1 an item of the list.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    levels: {
      type: new GraphQLList(GraphQLInt),
      defaultValue: [0],
      description: 'Levels that are null only on error.',
    },
  },
});

/** Marks fields with the option `semanticNonNull`, for the schema text and for the readers of wire values. */
class SemanticNonNullPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    if (field.pothosOptions.semanticNonNull !== true) return field;
    return { ...field, extensions: { ...field.extensions, directives: { semanticNonNull: {} } } };
  }
}

const PLUGIN = 'semanticNonNull';

SchemaBuilder.registerPlugin(PLUGIN, SemanticNonNullPlugin);

/** The builder of all types. It knows scalars, but no record types. */
export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: string };
    Date: { Input: string; Output: string };
    Decimal: { Input: string; Output: string | number };
    JSON: { Input: unknown; Output: unknown };
  };
}>({ plugins: [PLUGIN] });

export type Types = typeof builder.$inferSchemaTypes;

builder.addScalarType('DateTime', DateTime);
builder.addScalarType('Date', LocalDate);
builder.addScalarType('Decimal', Decimal);
builder.addScalarType('JSON', Json);

builder.queryType({
  description: 'Read operations. Each field states the number of Freshsales calls it can cost.',
});

builder.mutationType({
  description:
    'Write operations. Each costs one call unless its description says otherwise. The selected fields of the record are returned. Mutations in one operation run in order.',
});

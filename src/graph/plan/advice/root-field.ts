import { type GraphQLField, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import type { Call } from '../../../freshsales/transport.ts';
import type { Known } from '../../../quota/known.ts';
import { type Charge, type FieldSource, fieldsOf, type Selection, sourceOf } from '../../lookahead.ts';
import type { RootSelection } from '../operation.ts';
import { recordTypesOf } from '../record-types.ts';

/** A field of the operation itself, and what it costs. */
export interface RootField {
  readonly field: Selection;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly source: FieldSource;
  /** The types of the records that it gives. */
  readonly types: readonly GraphQLObjectType[];
  readonly charges: readonly Charge[];
  readonly requests: readonly Call[];
}

export function rootFields({ root, selection }: RootSelection, schema: GraphQLSchema, known: Known): RootField[] {
  return fieldsOf(selection, root.name, { schema }).flatMap((field) => {
    const definition = root.getFields()[field.name];
    if (!definition) return [];
    const source = sourceOf(definition.extensions);
    const charges = source.price?.(field.args, { selection: field, known, schema }) ?? [];
    const requests = charges.flatMap(({ requests = [], fallback }) => (fallback ? [] : requests));
    return [{ field, definition, source, types: recordTypesOf(definition.type, schema), charges, requests }];
  });
}

/** The field of the query type that gives pages of a record type. */
export function pagesOfType(schema: GraphQLSchema, typeName: string): string | undefined {
  const query = schema.getQueryType();
  if (!isObjectType(query)) return undefined;
  return Object.values(query.getFields()).find(
    (field) =>
      sourceOf(field.extensions).reads === 'page' &&
      field.args.some(({ name }) => name === 'after') &&
      recordTypesOf(field.type, schema).some(({ name }) => name === typeName),
  )?.name;
}

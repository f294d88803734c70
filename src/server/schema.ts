import { MapperKind, mapSchema, printSchemaWithDirectives } from '@graphql-tools/utils';
import { createContextCache } from '@pothos/core';
import {
  type GraphQLFieldConfig,
  type GraphQLSchema,
  getNamedType,
  isNonNullType,
  lexicographicSortSchema,
  specifiedDirectives,
} from 'graphql';
import { isMissingIn, missingMessage, type Product } from '../freshsales/products.ts';
import { idempotentDirective } from '../mutations/idempotency.ts';
import type { InputSource } from '../mutations/refers-to.ts';
import { deferDirective, streamDirective } from '../planner/incremental.ts';
import type { Context } from '../records/context.ts';
import { notAvailable } from '../records/errors.ts';
import { type FieldSource, sourceOf } from '../records/field-needs.ts';
import { builder, semanticNonNullDirective } from '../schema/builder.ts';
import { answerPartially } from '../schema/partial-answers.ts';
import { readWireValues } from '../schema/wire-values.ts';
// Every module that adds to the schema. Record types are listed in resources/record-types.ts.
import '../lookups/activities.ts';
import '../lookups/contacts.ts';
import '../lookups/deals.ts';
import '../lookups/users.ts';
import '../queries/bulk-job.ts';
import '../queries/field-definition.ts';
import '../queries/search.ts';
import '../queries/node.ts';
import '../queries/rate-limit.ts';
import '../access/viewer.ts';
import '../events/changes.ts';
import '../resources/index.ts';

/** The GraphQL schema, built once. */
export const schema = answerPartially(
  readWireValues(
    builder.toSchema({
      directives: [
        ...specifiedDirectives,
        idempotentDirective,
        semanticNonNullDirective,
        deferDirective,
        streamDirective,
      ],
    }),
  ),
);

const byProduct = new Map<Product, GraphQLSchema>();

/** The schema for the accounts of one product, built once. */
export function schemaFor(product: Product): GraphQLSchema {
  const known = byProduct.get(product) ?? productSchema(schema, product);
  byProduct.set(product, known);
  return known;
}

/** The schema as text, sorted so that diffs show only real changes. */
export const printSdl = (schema: GraphQLSchema): string =>
  `${printSchemaWithDirectives(lexicographicSortSchema(schema))}\n`;

type Field = GraphQLFieldConfig<unknown, Context>;

/**
 * The schema for the accounts of one product. It has the same types, so that operations stay valid. A field that the product
 * does not have needs no columns, includes or calls, and is null with an error.
 */
const productSchema = (schema: GraphQLSchema, product: Product): GraphQLSchema =>
  mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: Field, name, typeName) => {
      const table = missingTable(field, typeName, product);
      if (table === undefined) return undefined;
      const isRoot = [schema.getQueryType(), schema.getMutationType()].some((root) => root?.name === typeName);
      return unavailable(field, missingMessage(product, table, isRoot ? name : `${typeName}.${name}`));
    },
    [MapperKind.INPUT_OBJECT_FIELD]: (field, name, typeName) => {
      const [, table = ''] = INPUT.exec(typeName) ?? [];
      const { column } = (field.extensions?.freshsales ?? {}) as InputSource;
      if (column === undefined || !isMissingIn(product, table, [column])) return undefined;
      const message = missingMessage(product, table, name);
      return {
        ...field,
        description: describe(field.description, message),
        extensions: { freshsales: { ...(field.extensions?.freshsales as InputSource), unavailable: message } },
      };
    },
  });

const INPUT = /^(?:Create|Update)(\w+)Input$/;

const describe = (description: string | null | undefined, message: string): string =>
  `${description ?? ''} Not available on this account: ${message}`.trim();

/** The record type or lookup that the product lacks, or of which it lacks what the field reads. */
function missingTable({ type, extensions: given }: Field, typeName: string, product: Product): string | undefined {
  const extensions: Readonly<Record<string, unknown>> = given ?? {};
  const { columns = [], include = [], write } = sourceOf(extensions);
  const { pothosExposedField: exposed } = extensions;
  const parts = [...columns, ...(typeof include === 'string' ? [include] : include)];
  if (isMissingIn(product, typeName, typeof exposed === 'string' ? [...parts, exposed] : parts)) return typeName;
  const returned = write?.type ?? getNamedType(type).name.replace(/(Connection|View)$/, '');
  return isMissingIn(product, returned) ? returned : undefined;
}

/** Selections for which the error was reported. One error says as much as one for each of 25 rows. */
const reported = createContextCache((_context: object) => new WeakSet<object>());

function unavailable(field: Field, message: string): Field {
  const { write } = sourceOf(field.extensions ?? {});
  const { directives } = (field.extensions ?? {}) as Readonly<Record<string, unknown>>;
  // A null without an error would break the promise of these fields.
  const isRepeated = isNonNullType(field.type) || directives !== undefined;
  return {
    ...field,
    description: describe(field.description, message),
    extensions: {
      ...(directives !== undefined && { directives }),
      freshsales: { unavailable: message, ...(write && { write }) } satisfies FieldSource,
    },
    resolve: (_parent, _args, context, { fieldNodes }) => {
      const seen = reported(context);
      if (seen.has(fieldNodes) && !isRepeated) return null;
      seen.add(fieldNodes);
      throw notAvailable(message, write && { outcome: 'NOT_DONE' });
    },
  };
}

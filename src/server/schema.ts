// Every module that adds to the schema. Record types are listed in resources/record-types.ts.
import '../lookups/accounts.ts';
import '../lookups/activities.ts';
import '../lookups/contacts.ts';
import '../lookups/deals.ts';
import '../lookups/users.ts';
import '../queries/bulk-job.ts';
import '../queries/field-definition.ts';
import '../queries/lookup.ts';
import '../queries/node.ts';
import '../queries/rate-limit.ts';
import '../queries/search.ts';
import '../access/viewer.ts';
import '../events/changes.ts';
import '../resources/index.ts';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, lexicographicSortSchema, specifiedDirectives } from 'graphql';
import type { Product } from '../freshsales/products.ts';
import { idempotentDirective } from '../mutations/idempotency.ts';
import { builder, semanticNonNullDirective } from '../schema/builder.ts';
import { answerPartially } from '../schema/partial-answers.ts';
import { readWireValues } from '../schema/wire-values.ts';
import { productSchema } from './product-schema.ts';

/** The GraphQL schema, built once. */
export const schema = answerPartially(
  readWireValues(
    builder.toSchema({ directives: [...specifiedDirectives, idempotentDirective, semanticNonNullDirective] }),
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

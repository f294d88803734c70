import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  TypeInfo,
  TypeNameMetaFieldDef,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Context } from '../records/context.ts';
import { sourceOf } from '../records/field-needs.ts';

/** Results of queries with longer variables are not cached. */
const MAX_VARIABLES = 4000;

/**
 * The key of a query in the result cache: schema (one per set of grants), caller, document, operation and variables. Undefined
 * for operations whose result depends on anything else.
 */
export function resultKeyOf(args: ExecutionArgs, { caller, preview }: Context): string | undefined {
  const { schema, document, operationName, variableValues } = args;
  if (preview || getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return undefined;
  if (isVolatile(schema, document)) return undefined;
  const variables = JSON.stringify(variableValues ?? {});
  if (variables.length > MAX_VARIABLES) return undefined;
  const parts = [schema, document, caller ?? NOBODY].map(numberOf);
  return `${parts.join(' ')} ${operationName ?? ''} ${variables}`;
}

const NOBODY = {};

/** Identifies objects by a number for as long as they exist. */
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(object: object): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(object, lastNumber);
  return lastNumber;
}

const volatileDocuments = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, boolean>>();

/**
 * True if a document selects a root field that depends on the request or the time (it fetches nothing), or that reports the
 * records it finds to the audit log. Computed once per document.
 */
function isVolatile(schema: GraphQLSchema, document: DocumentNode): boolean {
  const ofSchema = volatileDocuments.get(schema) ?? new WeakMap<DocumentNode, boolean>();
  volatileDocuments.set(schema, ofSchema);
  const known = ofSchema.get(document);
  if (known !== undefined) return known;
  let found = false;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        const field = types.getFieldDef();
        if (!field || types.getParentType() !== schema.getQueryType() || field === TypeNameMetaFieldDef) return;
        const { fetch, names } = sourceOf(field.extensions);
        found ||= fetch === undefined || names === true;
      },
    }),
  );
  ofSchema.set(document, found);
  return found;
}

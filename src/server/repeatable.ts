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

/** Variables longer than this are not worth remembering. */
const MAX_VARIABLES = 4000;

/**
 * Names a query by all that its data depends on beside the answers of Freshsales: schema, which is of the caller's grants,
 * caller, document, operation and variables. Undefined where that is not all it depends on.
 */
export function repeatableName(args: ExecutionArgs, { caller, preview }: Context): string | undefined {
  const { schema, document, operationName, variableValues } = args;
  if (preview || getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return undefined;
  if (isMomentary(schema, document)) return undefined;
  const variables = JSON.stringify(variableValues ?? {});
  if (variables.length > MAX_VARIABLES) return undefined;
  const parts = [schema, document, caller ?? NOBODY].map(numberOf);
  return `${parts.join(' ')} ${operationName ?? ''} ${variables}`;
}

const NOBODY = {};

/** Things told apart by a number, for as long as they are there. */
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(thing: object): number {
  const known = numbers.get(thing);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(thing, lastNumber);
  return lastNumber;
}

const ofTheMoment = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, boolean>>();

/**
 * Whether anything is selected that does not come from Freshsales, so that it depends on the request and the moment: a root
 * field that declares no price. Nor is what names the records that it finds to the audit log. Looked through once for each document that is kept.
 */
function isMomentary(schema: GraphQLSchema, document: DocumentNode): boolean {
  const ofSchema = ofTheMoment.get(schema) ?? new WeakMap<DocumentNode, boolean>();
  ofTheMoment.set(schema, ofSchema);
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
        const { price, names } = sourceOf(field.extensions);
        found ||= price === undefined || names === true;
      },
    }),
  );
  ofSchema.set(document, found);
  return found;
}

import {
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';
import type { Selection } from '../records/field-needs.ts';
import { coerceVariables } from './coerce-variables.ts';
import { fragmentsOf } from './document.ts';
import { isBounded } from './document-limits.ts';

export interface OperationRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The whole of an operation, as one selection of the root type. */
export interface RootSelection {
  readonly root: GraphQLObjectType;
  readonly selection: Selection;
}

/** Resolves fragments, variables and directives. Undefined if the operation is not valid. */
export function rootSelection(
  schema: GraphQLSchema,
  { document, operationName, variables }: OperationRequest,
): RootSelection | undefined {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  // What follows spreads every fragment.
  if (!operation || !root || !isBounded(document)) return undefined;
  const { coerced } = coerceVariables(schema, operation, variables, 1);
  if (!coerced) return undefined;
  // The parser reads these five of a resolver's info, and takes the root fields like those of any other selection.
  const info = {
    fieldNodes: operation.selectionSet.selections,
    parentType: root,
    fragments: Object.fromEntries(fragmentsOf(document)),
    schema,
    variableValues: coerced,
  };
  const tree = parseResolveInfo(info as unknown as GraphQLResolveInfo, { keepRoot: true });
  const fieldsByTypeName = (tree ?? {}) as ResolveTree['fieldsByTypeName'];
  return { root, selection: { name: '', alias: '', args: {}, fieldsByTypeName } };
}

/** The operations of a document, in its order. */
export const operationsOf = ({ definitions }: DocumentNode): OperationDefinitionNode[] =>
  definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);

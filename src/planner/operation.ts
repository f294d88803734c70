import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';
import type { Selection } from '../records/field-needs.ts';
import { fragmentsOf } from './document.ts';
import { isBounded } from './document-limits.ts';

type Coerced =
  | { readonly coerced: Readonly<Record<string, unknown>>; readonly errors?: never }
  | { readonly coerced?: never; readonly errors: readonly GraphQLError[] };

/** The executor of graphql-js stops after as many. */
const MAX_ERRORS = 50;

/**
 * The variables of an operation as its resolvers get them, or what is wrong with them. Stops after a few errors, unlike graphql-js
 * on its own: a list of a hundred thousand wrong items takes it twenty seconds and a gigabyte.
 */
export const coerceVariables = (
  schema: GraphQLSchema,
  { variableDefinitions = [] }: Pick<OperationDefinitionNode, 'variableDefinitions'>,
  given: Readonly<Record<string, unknown>> | null | undefined,
  maxErrors = MAX_ERRORS,
): Coerced => getVariableValues(schema, variableDefinitions, { ...given }, { maxErrors });

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

import { type GraphQLError, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';

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

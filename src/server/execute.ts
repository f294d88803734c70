import { type ExecutionArgs, type ExecutionResult, execute, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin, PromiseOrValue } from 'graphql-yoga';
import type { Context } from '../records/context.ts';
import { partialErrorsOf } from '../records/errors.ts';
import { andThen } from '../records/loader.ts';
import { limitErrors } from './errors.ts';

/** Errors about variables in one response. Each quotes the whole variable, which may be a megabyte. */
const MAX_COERCION_ERRORS = 10;

/**
 * Executes with graphql-js instead of Yoga's executor, which puts slow fields after the others; the specification requires the
 * order of the selection. When an error makes the whole result null, graphql-js answers while other fields are still running.
 * Closing the budget prevents calls that would be missing from the cost in the response.
 */
export const executeOperation = (args: ExecutionArgs): PromiseOrValue<ExecutionResult> =>
  andThen(execute({ ...args, options: { maxCoercionErrors: MAX_COERCION_ERRORS } }), (result) =>
    andThen((args.contextValue as Context).budget.close(), () => withPartialErrors(result, args)),
  );

/**
 * The result with the errors of fields that have a value nevertheless. A query whose answer is too large is refused as a whole; a
 * mutation has to say what was written.
 */
function withPartialErrors(
  result: ExecutionResult,
  { contextValue, document, operationName }: ExecutionArgs,
): ExecutionResult {
  const context = contextValue as Context;
  const tooLarge = context.addValues(0);
  if (tooLarge && getOperationAST(document, operationName)?.operation === 'query')
    return { data: null, errors: [new GraphQLError(tooLarge.message, { originalError: tooLarge })] };
  const errors = [...(result.errors ?? []), ...partialErrorsOf(context)];
  return errors.length > 0 ? { ...result, errors: limitErrors(errors) } : result;
}

export const useGraphQLJs = (): Plugin<Context> => ({
  onExecute: ({ setExecuteFn }) => setExecuteFn(executeOperation),
});

import { useDeferStream } from '@graphql-yoga/plugin-defer-stream';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
} from 'graphql';
import type { Plugin, PromiseOrValue, YogaInitialContext } from 'graphql-yoga';
import { andThen } from '../maybe-promise.ts';
import { incrementalDocument, isIncrementalDocument } from '../planner/incremental.ts';
import { rootSelection } from '../planner/operation.ts';
import type { Context } from '../records/context.ts';
import { partialErrorsOf } from '../records/errors.ts';
import { wholeSelection } from '../records/field-needs.ts';
import { limitErrors } from './errors.ts';
import { type PartOptions, type ResultPart, ResultParts } from './result-parts.ts';

/** Errors about variables in one response. Each quotes the whole variable, which may be a megabyte. */
const MAX_COERCION_ERRORS = 10;

/**
 * Executes with graphql-js instead of Yoga's executor, which puts slow fields after the others; the specification requires the
 * order of the selection. When an error makes the whole result null, graphql-js answers while other fields are still running.
 * Closing the budget prevents calls that would be missing from the cost in the response.
 */
export const executeOperation = (args: ExecutionArgs): PromiseOrValue<ExecutionResult> =>
  andThen(execute({ ...args, options: { maxCoercionErrors: MAX_COERCION_ERRORS } }), (result) =>
    finished(result, args),
  );

const finished = (result: ExecutionResult, args: ExecutionArgs): PromiseOrValue<ExecutionResult> =>
  andThen((args.contextValue as Context).budget.close(), () => withPartialErrors(result, args));

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

type Execute = (args: ExecutionArgs) => PromiseOrValue<ExecutionResult | AsyncIterable<ExecutionResult>>;

/**
 * Executes with graphql-js, and with Yoga's executor if the answer is delivered in parts. Other operations are delivered whole:
 * mutations, subscriptions, and those of clients that do not accept parts.
 */
export const useExecution = (options: Omit<PartOptions, 'signal'>): Plugin<Context & YogaInitialContext> => ({
  onValidate: (validation) =>
    isIncrementalDocument(validation.params.documentAST) ? incremental.onValidate?.(validation) : undefined,
  onExecute({ executeFn, args, setExecuteFn, setResultAndStopExecution: stop }) {
    setExecuteFn(executeOperation);
    if (!acceptsParts(args.contextValue.request)) return;
    try {
      const document = incrementalDocument(args);
      if (document)
        setExecuteFn((all: ExecutionArgs) => executeInParts(all, { document, execute: executeFn, options }));
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      stop({ errors: [error] });
    }
  },
});

/** Its directives are part of the schema. */
const incremental: Plugin = useDeferStream();

const PARTS = /^(multipart\/mixed|text\/event-stream)\s*(;|$)/i;

/** True if a client names a media type for parts, in the format of 2022. */
const acceptsParts = ({ headers }: Request): boolean =>
  (headers.get('accept') ?? '').split(',').some((range) => PARTS.test(range.trim()) && !/incrementalSpec/i.test(range));

interface InParts {
  /** With the directives that are followed. */
  readonly document: DocumentNode;
  readonly execute: Execute;
  readonly options: Omit<PartOptions, 'signal'>;
}

async function executeInParts(
  args: ExecutionArgs,
  { document, execute, options }: InParts,
): Promise<ExecutionResult | AsyncIterable<ResultPart>> {
  const { schema, operationName, variableValues: variables } = args;
  const context = args.contextValue as Context & YogaInitialContext;
  const whole = rootSelection(schema, { document, operationName, variables });
  if (whole) wholeSelection(context).root = whole.selection;
  const result = await execute({ ...args, document });
  if (!(Symbol.asyncIterator in result)) return finished(result, args);
  return new ResultParts(result[Symbol.asyncIterator](), context, {
    ...options,
    signal: context.request.signal,
  }).start();
}

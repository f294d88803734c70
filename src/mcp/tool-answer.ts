import type { CallToolResult } from '@modelcontextprotocol/server';
import type { GraphQLSchema } from 'graphql';
import type { Answer, AnswerError } from './ask.ts';
import { compactPlan } from './compact-plan.ts';
import { nextStep } from './next-step.ts';

/** As text, once: an answer that stands in `structuredContent` as well is paid for twice by clients that pass both on. */
export const textResult = (text: string, isError = false): CallToolResult => ({
  content: [{ type: 'text', text }],
  ...(isError && { isError }),
});

/** An answer in as few words as will do: data, errors with what to do next, and what it cost. */
export function toResult(answer: Answer, schema: GraphQLSchema): CallToolResult {
  const { data, errors = [], extensions = {} } = answer;
  const { cost, plan, preview } = extensions;
  const said = {
    data: data === null ? undefined : withoutNulls(data),
    errors: errors.length > 0 ? toErrors(errors, schema) : undefined,
    plan: withoutNulls(compactPlan(plan)),
    // What would be cleared is null there, and must be seen. An error that asks for a confirmation has it already.
    preview: errors.some(({ extensions: more }) => more?.preview !== undefined) ? undefined : preview,
    cost: toCost(cost),
  };
  return textResult(JSON.stringify(said), errors.length > 0 && said.data === undefined);
}

/** Of the extensions of an error, what can be acted on; a whole plan is what the tool plan is for. */
const TOLD = ['retryAfter', 'outcome', 'errorId', 'planned', 'limit', 'confirmationToken', 'preview'];

/** What is to be done next is said once, where it is the same for several. */
function toErrors(errors: readonly AnswerError[], schema: GraphQLSchema) {
  const steps = errors.map((error) => nextStep(error, schema));
  return errors.map((error, index) => ({
    ...toError(error),
    next: steps.indexOf(steps[index]) === index ? steps[index] : undefined,
  }));
}

function toError({ message, path, extensions = {} }: AnswerError) {
  const told = Object.fromEntries(TOLD.flatMap((name) => (name in extensions ? [[name, extensions[name]]] : [])));
  return { code: extensions.code, message, at: path?.join('.'), ...told };
}

/** Calls made, and calls left this hour. */
function toCost(cost: unknown) {
  const { actualQueryCost, throttleStatus } = (cost ?? {}) as {
    actualQueryCost?: number;
    throttleStatus?: { currentlyAvailable?: number };
  };
  return cost ? { calls: actualQueryCost, left: throttleStatus?.currentlyAvailable } : undefined;
}

/** Leaves out fields that are null; whoever asked for them knows. Items of lists keep their places. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      each === null || each === undefined ? [] : [[key, withoutNulls(each)]],
    ),
  );
}

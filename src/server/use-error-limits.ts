import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Characters of one message. graphql-js quotes whole values of the caller, as often as they are wrong. */
const MAX_MESSAGE = 2000;

/** Errors of one answer. graphql-js itself stops validating after a hundred. */
const MAX_ERRORS = 1000;

/** Keeps the errors of an answer small, whatever the caller or Freshsales put into them. */
export const useErrorLimits = (): Plugin => ({
  onResultProcess({ result, setResult }) {
    if (Symbol.asyncIterator in result || Array.isArray(result) || !result.errors) return;
    const { errors } = result;
    if (errors.length <= MAX_ERRORS && errors.every(({ message }) => message.length <= MAX_MESSAGE)) return;
    const shown = errors.slice(0, MAX_ERRORS).map(shortened);
    const [omitted] = errors.slice(MAX_ERRORS);
    setResult({ ...result, errors: omitted ? [...shown, andMore(errors.length - MAX_ERRORS, omitted)] : shown });
  },
});

function shortened(error: GraphQLError): GraphQLError {
  if (error.message.length <= MAX_MESSAGE) return error;
  const { nodes, source, positions, path, originalError, extensions } = error;
  return new GraphQLError(shorten(error.message), {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    originalError: originalError ?? null,
    extensions,
  });
}

/** Leaves out the middle: a message begins with where it is, and ends with what is wrong and what would be right. */
function shorten(message: string): string {
  const half = MAX_MESSAGE / 2;
  const omitted = message.length - 2 * half;
  return `${message.slice(0, half)}… [${omitted} characters omitted] …${message.slice(-half)}`;
}

const andMore = (count: number, { extensions: { code } }: GraphQLError) =>
  new GraphQLError(`${count} more errors are not listed.`, { extensions: { code } });

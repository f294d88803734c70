import { type GraphQLError, type GraphQLSchema, isEnumType, isInputObjectType } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { withMessage } from './errors.ts';

/**
 * Adds the values of the enum or the fields of the input to errors about them. Agents cannot look them up as easily as people.
 * Uses the schema that the caller sees. Not for production, where the schema is hidden.
 */
export const useSuggestions = (): Plugin => ({
  onValidate:
    ({ params: { schema } }) =>
    ({ result, setResult }) => {
      if (result.length > 0) setResult(result.map((error) => withSuggestion(schema, error as GraphQLError)));
    },
  onExecute: ({ args: { schema } }) => ({
    onExecuteDone({ result, setResult }) {
      if (Symbol.asyncIterator in result || !result.errors) return;
      setResult({ ...result, errors: result.errors.map((error) => withSuggestion(schema, error)) });
    },
  }),
});

/** Errors with a path are about values of Freshsales, not about the schema. */
function withSuggestion(schema: GraphQLSchema, error: GraphQLError): GraphQLError {
  const suggestion = error.path ? undefined : suggestionFor(schema, error.message);
  return suggestion === undefined ? error : withMessage(error, `${error.message} ${suggestion}`);
}

/** What graphql-js writes before and after the name of the type. */
const AROUND_TYPE = [
  ['" does not exist in "', '" enum'],
  ['Enum "', '" cannot represent'],
  ['" is not defined by type "', '"'],
] as const;

function suggestionFor(schema: GraphQLSchema, message: string): string | undefined {
  const names = AROUND_TYPE.map(([before, after]) => nameBetween(message, before, after));
  const type = schema.getType(names.find((name) => name !== undefined) ?? '');
  if (isEnumType(type)) return `Its values are ${listed(type.getValues().map(({ name }) => name))}.`;
  if (isInputObjectType(type)) return `Its fields are ${listed(Object.keys(type.getFields()))}.`;
  return undefined;
}

/**
 * The name after the last occurrence of `before`. The message also quotes the value, which may be long and may look like a
 * message, so this takes one pass and no regular expression.
 */
function nameBetween(message: string, before: string, after: string): string | undefined {
  const found = message.lastIndexOf(before);
  if (found < 0) return undefined;
  const start = found + before.length;
  const end = message.indexOf('"', start);
  return end >= 0 && message.startsWith(after, end) ? message.slice(start, end) : undefined;
}

const listed = (names: readonly string[]): string => names.join(', ');

import { GraphQLError, type GraphQLSchema, isEnumType, isInputObjectType } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Says what would have been right: graphql-js names the enum or the input that a value does not fit, and whoever cannot look
 * at the schema, such as an agent, learns nothing from that. It goes by the schema that the caller sees, and is not for
 * production, where the schema is told to nobody.
 */
export const useHints = (): Plugin => ({
  onValidate:
    ({ params: { schema } }) =>
    ({ result, setResult }) => {
      if (result.length > 0) setResult(result.map((error) => withHint(schema, error as GraphQLError)));
    },
  onExecute: ({ args: { schema } }) => ({
    onExecuteDone({ result, setResult }) {
      if (Symbol.asyncIterator in result || !result.errors) return;
      setResult({ ...result, errors: result.errors.map((error) => withHint(schema, error)) });
    },
  }),
});

/** Only errors from before execution speak of the schema; those with a path are about values. */
function withHint(schema: GraphQLSchema, error: GraphQLError): GraphQLError {
  if (error.path) return error;
  const hint = hintFor(schema, error.message);
  if (hint === undefined) return error;
  const { nodes, source, positions, originalError, extensions } = error;
  return new GraphQLError(`${error.message} ${hint}`, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    originalError: originalError ?? null,
    extensions,
  });
}

/** How graphql-js introduces the type that a value does not fit, and what follows the name of the type. */
const INTRODUCTIONS = [
  ['" does not exist in "', '" enum'],
  ['Enum "', '" cannot represent'],
  ['" is not defined by type "', '"'],
] as const;

function hintFor(schema: GraphQLSchema, message: string): string | undefined {
  const names = INTRODUCTIONS.map(([before, after]) => nameBetween(message, before, after));
  const type = schema.getType(names.find((name) => name !== undefined) ?? '');
  if (isEnumType(type)) return `Its values are ${listed(type.getValues().map(({ name }) => name))}.`;
  if (isInputObjectType(type)) return `Its fields are ${listed(Object.keys(type.getFields()))}.`;
  return undefined;
}

/**
 * The name after the last introduction. The message also quotes the value, which may be long and read like a message, so
 * this takes one pass and no regular expression.
 */
function nameBetween(message: string, before: string, after: string): string | undefined {
  const found = message.lastIndexOf(before);
  if (found < 0) return undefined;
  const start = found + before.length;
  const end = message.indexOf('"', start);
  return end >= 0 && message.startsWith(after, end) ? message.slice(start, end) : undefined;
}

const listed = (names: readonly string[]): string => names.join(', ');

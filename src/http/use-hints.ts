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

/** As graphql-js words it, in literals and, after what it says of the variable, in variables. */
const NOT_IN_ENUM = /Value ".*" does not exist in "(\w+)" enum|Enum "(\w+)" cannot represent/s;
const NO_FIELD = /Field ".*" is not defined by type "(\w+)"/s;

function hintFor(schema: GraphQLSchema, message: string): string | undefined {
  const [, wrong, unfit] = NOT_IN_ENUM.exec(message) ?? [];
  const [, input] = NO_FIELD.exec(message) ?? [];
  const type = schema.getType(wrong ?? unfit ?? input ?? '');
  if (isEnumType(type)) return `Its values are ${listed(type.getValues().map(({ name }) => name))}.`;
  if (isInputObjectType(type)) return `Its fields are ${listed(Object.keys(type.getFields()))}.`;
  return undefined;
}

const listed = (names: readonly string[]): string => names.join(', ');

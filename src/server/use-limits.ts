import { blockFieldSuggestionsPlugin } from '@escape.tech/graphql-armor-block-field-suggestions';
import {
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  NoSchemaIntrospectionCustomRule,
  type ValidationContext,
  visit,
} from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Limits } from '../config/limits.ts';
import { parseShallow } from '../planner/document.ts';
import { exceededLimit, MAX_VALUE_DEPTH } from '../planner/document-limits.ts';
import { withMessage } from './errors.ts';

/**
 * Limits on the document and its variables. Documents that exceed them are refused before validation, because validation,
 * planning and execution expand every fragment. Only the audit log sees them.
 */
export const useLimits = ({ maxTokens, ...limits }: Limits): Plugin => ({
  onParams: ({ params }) => refuseUnsafeVariables(params),
  onParse({ setParseFn }) {
    setParseFn((source, options) => parseShallow(source, { ...options, maxTokens }));
    return ({ result, replaceParseResult }) => {
      const error = result instanceof Error ? undefined : exceededLimit(result, limits);
      if (error) replaceParseResult(error);
    };
  },
  onValidate({ addValidationRule }) {
    addValidationRule(nameRule);
  },
  onExecute: (execution) => refuseUses(execution, limits),
  onSubscribe: (execution) => refuseUses(execution, limits),
});

interface Execution {
  readonly args: ExecutionArgs;
  readonly setResultAndStopExecution: (result: ExecutionResult) => void;
}

function refuseUses(
  { args, setResultAndStopExecution: stop }: Execution,
  { maxBodyBytes }: Pick<Limits, 'maxBodyBytes'>,
) {
  const error = exceededUses(args, USES_PER_BODY * maxBodyBytes);
  if (error) stop({ errors: [error] });
}

/** An alias is written once in a document, but once per row in the response. */
const MAX_ALIAS_LENGTH = 200;

/** Names that become keys of objects. The key `__proto__` has a special meaning in JavaScript. */
const nameRule = (context: ValidationContext): ASTVisitor => {
  const refuse = (nodes: ASTNode, message: string) =>
    context.reportError(new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT' } }));
  return {
    Field({ alias }) {
      if (!alias) return;
      const { length } = alias.value;
      if (length > MAX_ALIAS_LENGTH)
        refuse(alias, `An alias has ${length} characters. Use at most ${MAX_ALIAS_LENGTH}.`);
      if (alias.value === '__proto__') refuse(alias, '“__proto__” cannot be an alias. Use another.');
    },
    ObjectField({ name }) {
      if (name.value === '__proto__') refuse(name, '“__proto__” cannot be a key in values. Remove it.');
    },
  };
};

/** Throws for variables that are nested too deeply for recursive code, or that have a `__proto__` key. */
function refuseUnsafeVariables({ variables }: GraphQLParams): void {
  // The object of all variables is level 0.
  const rest: { readonly value: unknown; readonly depth: number }[] = [{ value: variables, depth: 0 }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_VALUE_DEPTH)
      throw badVariables(`A variable is nested more than ${MAX_VALUE_DEPTH} levels deep. Send a flatter value.`);
    if (Object.hasOwn(value, '__proto__')) throw badVariables('"__proto__" cannot be a key in variables. Remove it.');
    for (const child of Array.isArray(value) ? value : Object.values(value))
      rest.push({ value: child, depth: depth + 1 });
  }
}

const badVariables = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });

/** Size of all variables, counted once per use, in request bodies. */
const USES_PER_BODY = 4;

/**
 * An error if variables are too large for the number of times they are used: a variable of one megabyte that is used a thousand
 * times becomes a gigabyte when it is sent to Freshsales.
 */
function exceededUses(
  { document, variableValues }: Pick<ExecutionArgs, 'document' | 'variableValues'>,
  maxBytes: number,
): GraphQLError | undefined {
  const uses = usesOf(document);
  let bytes = 0;
  for (const [name, value] of Object.entries(variableValues ?? {})) {
    // One use is the definition, one is free.
    const further = (uses.get(name) ?? 0) - 2;
    if (further > 0) bytes += further * (JSON.stringify(value)?.length ?? 0);
  }
  if (bytes <= maxBytes) return undefined;
  return badVariables('The operation uses large variables too often. Use each once, or send several operations.');
}

const usesByDocument = new WeakMap<DocumentNode, ReadonlyMap<string, number>>();

/** The number of occurrences of each variable in a document, including its definition. */
function usesOf(document: DocumentNode): ReadonlyMap<string, number> {
  const known = usesByDocument.get(document);
  if (known) return known;
  const uses = new Map<string, number>();
  visit(document, { Variable: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1) });
  usesByDocument.set(document, uses);
  return uses;
}

/** Hides the schema in production: no introspection, no “Did you mean”. */
export const useSecrecy = (): Plugin[] => [
  blockFieldSuggestionsPlugin(),
  {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  },
];

/**
 * Adds the values of the enum, the fields of the input or the arguments of the field to errors about them. Agents cannot look them up as easily as people.
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

/** The text that graphql-js writes before and after the name of the type. */
const AROUND_TYPE = [
  ['" does not exist in "', '" enum'],
  ['Enum "', '" cannot represent'],
  ['" is not defined by type "', '"'],
] as const;

function suggestionFor(schema: GraphQLSchema, message: string): string | undefined {
  const [parent, name] = nameBetween(message, '" on field "', '"')?.split('.') ?? [];
  const fieldOf = schema.getType(parent ?? '');
  if (isObjectType(fieldOf) || isInterfaceType(fieldOf)) {
    const names = fieldOf.getFields()[name ?? '']?.args.map((argument) => argument.name) ?? [];
    return names.length > 0 ? `Its arguments are ${listed(names)}.` : 'It takes no arguments.';
  }
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

/** Bytes that parsed documents may take. */
const MAX_CACHE_BYTES = 64_000_000;

/** Size of a parsed document, per character of its source. */
const BYTES_PER_CHARACTER = 100;

/** Longer documents consist of comments or long strings, which take no more memory than their text. */
const MAX_TOKEN_CHARACTERS = 50_000;

/** Caches parsed documents by their text, limited by size because the documents of hostile requests are large. */
export function createDocumentCache() {
  return {
    documentCache: new LRUCache<string, DocumentNode>({
      maxSize: MAX_CACHE_BYTES,
      sizeCalculation: (_document, { length }) =>
        1 + length + BYTES_PER_CHARACTER * Math.min(length, MAX_TOKEN_CHARACTERS),
    }),
    // Refused documents are parsed again each time: that is cheap, and the audit log needs to see them.
    errorCache: { get: (): undefined => undefined, set: (): void => undefined },
  };
}

import { type DocumentNode, GraphQLError, type GraphQLField, type GraphQLSchema, Kind } from 'graphql';
import { fieldsIn, fragmentsOf, parseShallow } from '../planner/document.ts';
import { sourceOf } from '../records/field-needs.ts';

/** Tools that run operations, each of one kind. */
export type OperationTool = 'query' | 'mutate' | 'delete';

/** Actions that remove records. */
const DELETING: readonly string[] = ['delete', 'forget', 'bulkDelete'];

/** The tool for an operation, by the actions that its mutations declare. A mutation without an action counts as deleting. */
export function toolFor(text: string, schema: GraphQLSchema, maxTokens = Number.POSITIVE_INFINITY): OperationTool {
  const document = parseOne(text, maxTokens);
  const [operation] = operationsOf(document);
  if (!operation || operation.operation === 'subscription') throw wrong('Send a query or a mutation.');
  if (operation.operation === 'query') return 'query';
  const declared = schema.getMutationType()?.getFields() ?? {};
  const places = new Set(
    fieldsIn(fragmentsOf(document), operation.selectionSet)
      // The server refuses unknown mutations with a better message.
      .flatMap(({ name }) => declared[name.value] ?? [])
      .map((field) => (isDeleting(field) ? 'delete' : 'mutate')),
  );
  if (places.size > 1)
    throw wrong('An operation cannot delete and make other changes. Send two operations, with two tools.');
  return places.has('delete') ? 'delete' : 'mutate';
}

/** True if a mutation deletes records, or does not declare its action. */
export function isDeleting({ extensions }: Pick<GraphQLField<unknown, unknown>, 'extensions'>): boolean {
  const action = sourceOf(extensions).write?.action;
  return action === undefined || DELETING.includes(action);
}

const operationsOf = ({ definitions }: DocumentNode) =>
  definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);

function parseOne(text: string, maxTokens: number): DocumentNode {
  const document = parsed(text, maxTokens);
  if (operationsOf(document).length !== 1) throw wrong('Send one operation at a time.');
  return document;
}

function parsed(text: string, maxTokens: number): DocumentNode {
  try {
    return parseShallow(text, { noLocation: true, maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw wrong(`${error.message}${positionOf(error)}`);
    throw error;
  }
}

const positionOf = ({ locations }: GraphQLError): string => {
  const [at] = locations ?? [];
  return at ? ` (line ${at.line}, column ${at.column})` : '';
};

const wrong = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

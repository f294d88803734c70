import { type DocumentNode, GraphQLError, type GraphQLField, type GraphQLSchema, Kind } from 'graphql';
import { fieldsIn, fragmentsOf, parseShallow } from '../planner/document.ts';
import { sourceOf } from '../records/field-needs.ts';

/** The tools that run operations. Each takes only what it says it does. */
export type Place = 'query' | 'mutate' | 'delete';

/** Actions after which a record is gone, or not where it was. */
const DELETING: readonly string[] = ['delete', 'forget', 'bulkDelete'];

/**
 * Which tool an operation is for. Told by what its mutations declare of themselves, not by their names; one that declares
 * nothing is taken for the worse.
 */
export function placeOf(text: string, schema: GraphQLSchema, maxTokens = Number.POSITIVE_INFINITY): Place {
  const document = parseOne(text, maxTokens);
  const [operation] = operationsOf(document);
  if (!operation || operation.operation === 'subscription') throw wrong('Send a query or a mutation.');
  if (operation.operation === 'query') return 'query';
  const declared = schema.getMutationType()?.getFields() ?? {};
  const places = new Set(
    fieldsIn(fragmentsOf(document), operation.selectionSet)
      // What does not exist is refused by the server, whole, and with better words.
      .flatMap(({ name }) => declared[name.value] ?? [])
      .map((field) => (isDeleting(field) ? 'delete' : 'mutate')),
  );
  if (places.size > 1) throw wrong('Deleting and other changes do not go in one operation. Send two, by two tools.');
  return places.has('delete') ? 'delete' : 'mutate';
}

/** Whether a mutation takes records away, or does not say that it does not. */
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
    if (error instanceof GraphQLError) throw wrong(`${error.message}${placeIn(error)}`);
    throw error;
  }
}

const placeIn = ({ locations }: GraphQLError): string => {
  const [at] = locations ?? [];
  return at ? ` (line ${at.line}, column ${at.column})` : '';
};

const wrong = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

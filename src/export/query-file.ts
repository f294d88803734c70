import {
  type DefinitionNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { NotTextError, readText } from '../text-file.ts';
import { ExportError } from './export-error.ts';
import type { RowSelection } from './selection.ts';

interface QueryFile {
  readonly file: string;
  /** The query of the list: `contacts`. */
  readonly list: string;
  /** The GraphQL type of its records. */
  readonly typeName: string;
}

/** Reads what `--query` selects of each record: a query of the list, a fragment on the type, or fields in braces. */
export function readQueryFile(given: QueryFile): RowSelection {
  const { definitions } = parsed(given.file);
  const fragments = definitions.filter(
    (each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION,
  );
  const operations = definitions.filter(
    (each: DefinitionNode): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  return { selectionSet: withDatabaseId(rowsOf(given, operations, fragments)), fragments, spreadsCustomFields: false };
}

function rowsOf(
  { file, list, typeName }: QueryFile,
  operations: readonly OperationDefinitionNode[],
  fragments: readonly FragmentDefinitionNode[],
): SelectionSetNode {
  const [operation, another] = operations;
  if (another) throw new ExportError(`${file} has several operations. Keep one of them.`);
  if (!operation) {
    const fragment = fragments.find(({ typeCondition }) => typeCondition.name.value === typeName);
    if (fragment)
      return { kind: Kind.SELECTION_SET, selections: [{ kind: Kind.FRAGMENT_SPREAD, name: fragment.name }] };
    throw new ExportError(`${file} has no fragment on ${typeName}. ${HOW}`);
  }
  if (operation.operation !== 'query') throw new ExportError(`${file} has a ${operation.operation}. ${HOW}`);
  if (operation.variableDefinitions && operation.variableDefinitions.length > 0)
    throw new ExportError(`${file} has variables, which an export cannot fill in. Write their values into the query.`);
  const root = fieldsIn(operation.selectionSet);
  const [field] = root.filter(({ name }) => name.value === list);
  if (!field) return operation.selectionSet;
  if (root.length > 1) throw new ExportError(`${file} selects more than ${list}. Export each list separately.`);
  if (field.arguments && field.arguments.length > 0)
    throw new ExportError(`${file} gives ${list} arguments. Leave them out, and use --view, --where or --since.`);
  const below = fieldsIn(field.selectionSet);
  const edges = below
    .filter(({ name }) => name.value === 'edges')
    .flatMap(({ selectionSet }) => fieldsIn(selectionSet));
  const node = below.find(({ name }) => name.value === 'nodes') ?? edges.find(({ name }) => name.value === 'node');
  if (!node?.selectionSet) throw new ExportError(`${file} selects no nodes of ${list}. ${HOW}`);
  return node.selectionSet;
}

const HOW = 'Write for example “{ contacts { nodes { displayName owner { displayName } } } }”.';

const fieldsIn = (set: SelectionSetNode | undefined): FieldNode[] =>
  (set?.selections ?? []).filter((each): each is FieldNode => each.kind === Kind.FIELD);

/** Rows are distinguished by their ids, so that each arrives once. */
function withDatabaseId(set: SelectionSetNode): SelectionSetNode {
  const isThere = fieldsIn(set).some(({ name, alias }) => name.value === 'databaseId' && !alias);
  if (isThere) return set;
  const databaseId: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'databaseId' } };
  return { ...set, selections: [databaseId, ...set.selections] };
}

function parsed(file: string) {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    if (error instanceof NotTextError) throw new ExportError(`${file} ${error.message}.`);
    throw new ExportError(
      `${file} cannot be read (${(error as { code?: string }).code}). Set --query to a GraphQL file.`,
    );
  }
  try {
    return parse(text, { noLocation: true, maxTokens: 10_000 });
  } catch (error) {
    throw new ExportError(`${file} is not GraphQL: ${(error as GraphQLError).message}`);
  }
}

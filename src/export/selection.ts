import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import { sourceOf } from '../records/field-needs.ts';
import { ExportError } from './export-error.ts';

/** The selection on each record, as GraphQL. */
export interface RowSelection {
  /** Such as `{ databaseId firstName }`. */
  readonly selectionSet: SelectionSetNode;
  readonly fragments: readonly FragmentDefinitionNode[];
  /** True if `customFields` becomes a column for each of them. */
  readonly spreadsCustomFields: boolean;
}

/** Fields by name, with what is selected below each. Leaves have nothing below them. */
type Tree = Map<string, Tree>;

/** Names that stand for a record. */
const LABELS = ['displayName', 'name', 'title'];

/** Relations that belong to a record by default. */
const DEFAULT_RELATIONS = ['owner', 'primarySalesAccount', 'salesAccount'];

/** All plain fields of the type, and its owner and account. */
export function defaultSelection(type: GraphQLObjectType): RowSelection {
  const tree: Tree = new Map([['databaseId', new Map()]]);
  for (const field of Object.values(type.getFields())) {
    if (isPlain(field)) tree.set(field.name, new Map());
    else if (DEFAULT_RELATIONS.includes(field.name)) tree.set(field.name, labelOf(getNamedType(field.type)));
  }
  return selectionOf(tree);
}

/** Plain fields cost nothing beside the row, and exist on this account. The global id repeats the Freshsales id. */
function isPlain({ name, type, args, extensions, deprecationReason }: GraphQLField<unknown, unknown>): boolean {
  const { fetch, unavailable } = sourceOf({ ...extensions });
  const isCheap = fetch === undefined && unavailable === undefined && !deprecationReason;
  return name !== 'id' && isCheap && isLeafType(getNamedType(type)) && !args.some(isRequiredArgument);
}

function labelOf(type: GraphQLNamedType): Tree {
  const fields = fieldsOf(type);
  const nodes = type.name.endsWith('Connection') ? fields.nodes : undefined;
  if (nodes) return new Map([['nodes', labelOf(getNamedType(nodes.type))]]);
  const names = fields.databaseId
    ? ['databaseId', ...LABELS.filter((each) => fields[each]).slice(0, 1)]
    : Object.values(fields).flatMap((field) => (isPlain(field) ? field.name : []));
  return new Map(names.length > 0 ? names.map((name) => [name, new Map()]) : [['__typename', new Map()]]);
}

const fieldsOf = (type: GraphQLNamedType) => (isObjectType(type) || isInterfaceType(type) ? type.getFields() : {});

/** The fields of `--fields`: `firstName,owner.displayName,cf_is_vip`. */
export function namedSelection(type: GraphQLObjectType, text: string): { selection: RowSelection; custom: string[] } {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new ExportError('--fields has an empty name. Provide names with commas between them.');
  const tree: Tree = new Map([['databaseId', new Map()]]);
  const custom = names.filter((name) => name.startsWith('cf_'));
  for (const name of names.filter((each) => !each.startsWith('cf_'))) addPath(tree, type, name.split('.'), name);
  if (custom.length > 0) addPath(tree, type, ['customFields'], custom.join(', '));
  return { selection: selectionOf(tree), custom: names.includes('customFields') ? [] : custom };
}

function addPath(tree: Tree, type: GraphQLNamedType, [name = '', ...rest]: readonly string[], whole: string): void {
  const field = fieldsOf(type)[name];
  if (!field) {
    const near = suggestionList(name, Object.keys(fieldsOf(type))).slice(0, 3);
    const hint = near.length > 0 ? ` Did you mean ${near.join(', ')}?` : '';
    throw new ExportError(`--fields: ${type.name} has no field “${name}” (in “${whole}”).${hint}`);
  }
  const required = field.args.find(isRequiredArgument);
  if (required)
    throw new ExportError(
      `--fields: “${whole}” needs the argument “${required.name}”. Use --query with a file instead.`,
    );
  const child = getNamedType(field.type);
  const below = tree.get(name) ?? new Map();
  tree.set(name, below);
  if (isLeafType(child)) {
    if (rest.length > 0) throw new ExportError(`--fields: “${name}” in “${whole}” has no fields below it.`);
    return;
  }
  if (rest.length === 0) for (const [key, value] of labelOf(child)) below.set(key, value);
  else if (child.name.endsWith('Connection') && rest[0] !== 'nodes') addPath(below, child, ['nodes', ...rest], whole);
  else addPath(below, child, rest, whole);
}

const written = (tree: Tree): string =>
  tree.size === 0 ? '' : `{ ${[...tree].map(([name, below]) => `${name} ${written(below)}`).join(' ')} }`;

function selectionOf(tree: Tree): RowSelection {
  const { selectionSet } = definitionIn(written(tree));
  return { selectionSet, fragments: [], spreadsCustomFields: true };
}

function definitionIn(text: string) {
  const [definition] = parse(text, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Not a selection');
  return definition;
}

/** A leaf of the selection, as a column of a table. */
export interface Column {
  readonly name: string;
  /** Response names from the row to the value. */
  readonly path: readonly string[];
  /** True for the map of all custom fields of the record. */
  readonly isCustomFields: boolean;
}

/** The columns of a table with one line for each record. Lists are one column. */
export function columnsOf(schema: GraphQLSchema, type: GraphQLObjectType, selection: RowSelection): Column[] {
  const fragments = new Map(selection.fragments.map((fragment) => [fragment.name.value, fragment]));
  const columns = new Map<string, Column>();
  const visit = (set: SelectionSetNode, parent: GraphQLNamedType, path: readonly string[]): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) addField(node, parent, path);
      else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
        const on = fragment?.typeCondition?.name.value;
        if (fragment) visit(fragment.selectionSet, (on && schema.getType(on)) || parent, path);
      }
    }
  };
  const addField = ({ name, alias, selectionSet }: FieldNode, parent: GraphQLNamedType, path: readonly string[]) => {
    const field = fieldsOf(parent)[name.value];
    const at = [...path, alias?.value ?? name.value];
    const isList = field !== undefined && isListType(getNullableType(field.type));
    if (selectionSet && field && !isList) return visit(selectionSet, getNamedType(field.type), at);
    const isCustomFields = name.value === 'customFields' && path.length === 0;
    columns.set(at.join('.'), { name: at.join('.'), path: at, isCustomFields });
  };
  visit(selection.selectionSet, type, []);
  return [...columns.values()];
}

/** The columns as lines of text are written from them: a column for each custom field. */
export const withCustomColumns = (columns: readonly Column[], names: readonly string[]): Column[] =>
  columns.flatMap((column) =>
    column.isCustomFields
      ? names.map((name) => ({ name, path: [...column.path, name], isCustomFields: false }))
      : [column],
  );

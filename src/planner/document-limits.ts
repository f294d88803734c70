import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { groupBy } from '../maps.ts';
import {
  type Fold,
  fieldsIn,
  foldDocument,
  fragmentsOf,
  type SelectingNode,
  selectingNodes,
  selectionsIn,
  sortFragments,
  spreadsIn,
} from './document.ts';

/** Limits on the size of an operation, each as if its fragments were spread. */
export interface DocumentLimits {
  /** Levels of selection; connections take two each (`nodes`, or `edges` and `node`). */
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Fields, counted as often as fragments select them. */
  readonly maxFields: number;
}

export const DEFAULT_DOCUMENT_LIMITS: DocumentLimits = {
  maxDepth: 20,
  maxAliases: 50,
  maxDirectives: 50,
  maxFields: 5000,
};

/** Lists and objects inside each other, in values and in types. No input of the schema comes near. */
export const MAX_VALUE_DEPTH = 32;

/** The introspection that GraphiQL sends is 13 levels deep, however low MAX_DEPTH is. */
const MIN_INTROSPECTION_DEPTH = 20;

/** GraphiQL's introspection has about 200 fields. Each may be answered once for each of a thousand fields of the schema. */
const MAX_INTROSPECTION_FIELDS = 400;

/** Levels that fragments add to those of fields: each field may stand in so many fragments spread inside each other. */
const FRAGMENTS_PER_LEVEL = 10;

/**
 * Pairs of fields with one name in the answer, which validation compares with each other. Each pair costs about a microsecond,
 * and more where there are arguments.
 */
const MAX_COMPARISONS = 200_000;

/** Characters of arguments that take as long to compare as a field without any. */
const CHARACTERS_PER_COMPARISON = 8;

const checked = new WeakMap<
  DocumentNode,
  { readonly limits: DocumentLimits; readonly error: GraphQLError | undefined }
>();

/**
 * The reason why a document is too large or too complex to be validated, planned or run; undefined if it is not. Takes linear time. What
 * passes can be walked even by those who spread every fragment, such as the validation of graphql-js.
 */
export function exceededLimit(
  document: DocumentNode,
  limits: DocumentLimits = DEFAULT_DOCUMENT_LIMITS,
): GraphQLError | undefined {
  const known = checked.get(document);
  if (known?.limits === limits) return known.error;
  const error = check(document, limits);
  checked.set(document, { limits, error });
  return error;
}

/** True if a document passed the limits of its server, or else passes the default ones. */
export const isBounded = (document: DocumentNode): boolean =>
  (checked.get(document)?.error ?? exceededLimit(document, checked.get(document)?.limits)) === undefined;

const check = (document: DocumentNode, limits: DocumentLimits): GraphQLError | undefined =>
  brokenFragments(document) ?? wrongValue(document) ?? tooLarge(document, limits) ?? tooManyComparisons(document);

const invalid = (message: string, node: ASTNode | undefined): GraphQLError =>
  new GraphQLError(message, { nodes: node ?? null, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

const exceeded = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** Fragments that cannot be spread, in the words of graphql-js: what follows relies on them. */
function brokenFragments(document: DocumentNode): GraphQLError | undefined {
  const fragments = fragmentsOf(document);
  for (const node of selectingNodes(document)) {
    if (node.kind === Kind.FRAGMENT_DEFINITION && fragments.get(node.name.value) !== node)
      return invalid(`There can be only one fragment named "${node.name.value}".`, node.name);
    for (const selection of selectionsIn(node.selectionSet))
      if (selection.kind === Kind.FRAGMENT_SPREAD && !fragments.has(selection.name.value))
        return invalid(`Unknown fragment "${selection.name.value}".`, selection.name);
  }
  const [first, ...others] = sortFragments(fragments).cycle ?? [];
  if (first === undefined) return undefined;
  const via = others.slice(0, 10).map((name) => `"${name}"`);
  const through = via.length > 0 ? ` via ${via.join(', ')}` : '';
  return invalid(`Cannot spread fragment "${first}" within itself${through}.`, fragments.get(first)?.name);
}

/** Values and list types that functions which recurse into them cannot follow, and keys that mean something to JavaScript. */
function wrongValue(document: DocumentNode): GraphQLError | undefined {
  let depth = 0;
  let deepest = 0;
  let isNamedProto = false;
  const nested = {
    enter: () => {
      depth += 1;
      deepest = Math.max(deepest, depth);
    },
    leave: () => {
      depth -= 1;
    },
  };
  visit(document, {
    ListValue: nested,
    ObjectValue: nested,
    ListType: nested,
    ObjectField({ name }) {
      isNamedProto ||= name.value === '__proto__';
    },
  });
  if (isNamedProto) return exceeded('"__proto__" cannot be the name of a field. Remove it.');
  if (deepest <= MAX_VALUE_DEPTH) return undefined;
  return exceeded(`A value or type is nested ${deepest} levels deep. At most ${MAX_VALUE_DEPTH} are allowed.`);
}

interface Size {
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Levels of fields, outside of introspection and inside. */
  readonly depth: number;
  readonly introspection: number;
  /** Fields of introspection. */
  readonly introspectionFields: number;
  /** Levels of fields and fragments. */
  readonly nesting: number;
}

const EMPTY: Size = {
  fields: 0,
  aliases: 0,
  directives: 0,
  depth: 0,
  introspection: 0,
  introspectionFields: 0,
  nesting: 0,
};

/** Sums stay exact: thirty fragments that each spread the next three times are more than a number can count. */
const sum = (...counts: readonly number[]): number =>
  Math.min(
    counts.reduce((total, count) => total + count, 0),
    1e12,
  );

const isIntrospection = ({ name }: FieldNode): boolean => name.value === '__schema' || name.value === '__type';

const SIZE: Fold<Size> = {
  empty: EMPTY,
  add(before, selection, below) {
    const isField = selection.kind === Kind.FIELD;
    const depth = below.depth + (isField ? 1 : 0);
    const hidden = isField && isIntrospection(selection);
    return {
      fields: sum(before.fields, below.fields, isField ? 1 : 0),
      aliases: sum(before.aliases, below.aliases, isField && selection.alias ? 1 : 0),
      directives: sum(before.directives, below.directives, selection.directives?.length ?? 0),
      depth: hidden ? before.depth : Math.max(before.depth, depth),
      introspection: Math.max(before.introspection, hidden ? depth : below.introspection),
      introspectionFields: sum(before.introspectionFields, hidden ? below.fields : below.introspectionFields),
      nesting: Math.max(before.nesting, below.nesting + 1),
    };
  },
  finish(node, total) {
    const variables = node.kind === Kind.OPERATION_DEFINITION ? (node.variableDefinitions ?? []) : [];
    const own = [node, ...variables].map(({ directives }) => directives?.length ?? 0);
    return { ...total, directives: sum(total.directives, ...own) };
  },
};

/** Operations, and fragments that nothing spreads: between them they reach all of a document. */
function rootsOf(document: DocumentNode): SelectingNode[] {
  const nodes = selectingNodes(document);
  const spread = new Set(nodes.flatMap((node) => [...spreadsIn(node)]));
  return nodes.filter((node) => node.kind === Kind.OPERATION_DEFINITION || !spread.has(node.name.value));
}

function tooLarge(document: DocumentNode, limits: DocumentLimits): GraphQLError | undefined {
  const sizes = foldDocument(document, SIZE);
  const roots = rootsOf(document).map((node) => sizes.get(node) ?? EMPTY);
  const total = (part: keyof Size) => sum(...roots.map((size) => size[part]));
  const most = (part: keyof Size) => roots.reduce((found, size) => Math.max(found, size[part]), 0);
  const { maxDepth, maxAliases, maxDirectives, maxFields } = limits;
  const once = 'once its fragments are spread';
  if (total('fields') > maxFields)
    return exceeded(`The document selects more than ${maxFields} fields ${once} (MAX_FIELDS). Select fewer.`);
  if (most('aliases') > maxAliases)
    return exceeded(
      `The operation has ${most('aliases')} aliases ${once}. At most ${maxAliases} are allowed (MAX_ALIASES).`,
    );
  if (most('directives') > maxDirectives)
    return exceeded(
      `The operation has ${most('directives')} directives ${once}. At most ${maxDirectives} are allowed (MAX_DIRECTIVES).`,
    );
  if (most('depth') > maxDepth)
    return exceeded(`The operation is ${most('depth')} levels deep. At most ${maxDepth} are allowed (MAX_DEPTH).`);
  if (most('introspection') > Math.max(maxDepth, MIN_INTROSPECTION_DEPTH))
    return exceeded(`The introspection is ${most('introspection')} levels deep. Ask for fewer levels.`);
  if (most('introspectionFields') > MAX_INTROSPECTION_FIELDS)
    return exceeded(
      `The introspection selects more than ${MAX_INTROSPECTION_FIELDS} fields. Send it in several operations.`,
    );
  if (most('nesting') > FRAGMENTS_PER_LEVEL * Math.max(maxDepth, MIN_INTROSPECTION_DEPTH))
    return exceeded(`Fragments are spread ${most('nesting')} levels deep. Spread them at fewer levels.`);
  return undefined;
}

/**
 * Bounds the rule OverlappingFieldsCanBeMerged, which compares all fields of one name in the answer with each other, and prints
 * their arguments each time. Comes after the number of fields is known to be small.
 */
function tooManyComparisons(document: DocumentNode): GraphQLError | undefined {
  const fragments = fragmentsOf(document);
  let comparisons = 0;
  const pending: (readonly SelectionSetNode[])[] = rootsOf(document).map(({ selectionSet }) => [selectionSet]);
  for (let sets = pending.pop(); sets; sets = pending.pop()) {
    const byResponseName = groupBy(fieldsIn(fragments, ...sets), ({ alias, name }) => (alias ?? name).value);
    for (const fields of byResponseName.values()) {
      comparisons += fields.length * fields.reduce((weight, field) => weight + weightOf(field), 0);
      if (comparisons > MAX_COMPARISONS) {
        const [{ name } = { name: { value: '' } }] = fields;
        return exceeded(`The operation selects "${name.value}" ${fields.length} times in one place. Select it once.`);
      }
      const below = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length > 0) pending.push(below);
    }
  }
  return undefined;
}

function weightOf({ arguments: args = [] }: FieldNode): number {
  const [from, to] = [args[0]?.loc?.start, args.at(-1)?.loc?.end];
  const characters = from === undefined || to === undefined ? 0 : to - from;
  return 1 + args.length + characters / CHARACTERS_PER_COMPARISON;
}

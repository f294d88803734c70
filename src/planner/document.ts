import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  GraphQLError,
  type GraphQLField,
  getArgumentValues,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type ParseOptions,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  type Source,
} from 'graphql';
import { getOrInsert } from '../maps.ts';

/**
 * Walks over a document, in linear time and without recursion. Fragments may spread each other so that a few hundred bytes
 * select more fields than there are atoms, or a chain of them exhausts the stack. Whatever looks at the selections of a document
 * does it by one of these functions, each of which enters each fragment once.
 */

/** An operation or a fragment. */
export type SelectingNode = OperationDefinitionNode | FragmentDefinitionNode;

const isSelecting = (node: DefinitionNode): node is SelectingNode =>
  node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION;

/** The operations and fragments of a document, in its order. */
export const selectingNodes = ({ definitions }: DocumentNode): SelectingNode[] => definitions.filter(isSelecting);

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const fragmentMaps = new WeakMap<DocumentNode, Fragments>();

/** The fragments of a document by name. Of two with one name, the last, as graphql-js has it. */
export const fragmentsOf = (document: DocumentNode): Fragments =>
  getOrInsert(
    fragmentMaps,
    document,
    ({ definitions }) =>
      new Map(
        definitions.flatMap((each) =>
          each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
        ),
      ),
  );

/** Every selection written in these sets, at any depth. Does not follow spreads. */
export function* selectionsIn(...sets: readonly SelectionSetNode[]): Generator<SelectionNode> {
  const rest = [...sets];
  for (let set = rest.pop(); set; set = rest.pop())
    for (const selection of set.selections) {
      yield selection;
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) rest.push(selection.selectionSet);
    }
}

const spreads = new WeakMap<SelectingNode, ReadonlySet<string>>();

/** The names of the fragments that a definition spreads itself. */
export const spreadsIn = (node: SelectingNode): ReadonlySet<string> =>
  getOrInsert(spreads, node, ({ selectionSet }) => {
    const names = new Set<string>();
    for (const selection of selectionsIn(selectionSet))
      if (selection.kind === Kind.FRAGMENT_SPREAD) names.add(selection.name.value);
    return names;
  });

/** The names of all fragments that these definitions spread, directly or through others. */
export function reachedFrom(
  nodes: readonly SelectingNode[],
  fragmentsNamed: (name: string) => readonly FragmentDefinitionNode[],
): ReadonlySet<string> {
  const names = new Set(nodes.flatMap((node) => [...spreadsIn(node)]));
  // A set is iterated while it grows, and takes each name once: fragments may spread each other.
  for (const name of names)
    for (const fragment of fragmentsNamed(name)) for (const spread of spreadsIn(fragment)) names.add(spread);
  return names;
}

/** A document of one operation and the fragments that it reaches. */
export function documentOf(operation: OperationDefinitionNode, fragments: Fragments): DocumentNode {
  const named = (name: string) => [fragments.get(name) ?? []].flat();
  return { kind: Kind.DOCUMENT, definitions: [operation, ...[...reachedFrom([operation], named)].flatMap(named)] };
}

/** The fields that these sets select directly or through fragments, whatever their type conditions and directives. */
export function fieldsIn(fragments: Fragments, ...sets: readonly SelectionSetNode[]): FieldNode[] {
  const fields: FieldNode[] = [];
  // A set is iterated while it grows, and takes each selection set once: fragments may spread each other.
  const entered = new Set(sets);
  for (const { selections } of entered)
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields.push(selection);
      else {
        const below = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (below) entered.add(below.selectionSet);
      }
    }
  return fields;
}

/** Fragments so that each comes after those that it spreads, and the names along one cycle if there is any. */
export function sortFragments(fragments: Fragments): {
  readonly sorted: readonly FragmentDefinitionNode[];
  readonly cycle?: readonly string[];
} {
  const sorted: FragmentDefinitionNode[] = [];
  const done = new Set<string>();
  const open = new Map<string, Iterator<string>>();
  let cycle: readonly string[] | undefined;
  const enter = (name: string) => {
    const fragment = fragments.get(name);
    if (fragment && !done.has(name)) open.set(name, spreadsIn(fragment).values());
  };
  for (const root of fragments.keys()) {
    enter(root);
    const path = open.has(root) ? [root] : [];
    for (let name = path.at(-1); name !== undefined; name = path.at(-1)) {
      const { value: next, done: isLast } = open.get(name)?.next() ?? { value: undefined, done: true };
      if (isLast) {
        const fragment = fragments.get(name);
        if (fragment) sorted.push(fragment);
        done.add(name);
        open.delete(name);
        path.pop();
      } else if (next !== undefined) {
        if (open.has(next)) cycle ??= path.slice(path.indexOf(next));
        else {
          enter(next);
          if (open.has(next)) path.push(next);
        }
      }
    }
  }
  return { sorted, ...(cycle && { cycle }) };
}

/** The rules for folding a selection set, bottom up. */
export interface Fold<T> {
  readonly empty: T;
  /** Adds one selection to what comes before it, given what is below it. */
  add(before: T, selection: SelectionNode, below: T): T;
  /** Finishes an operation or a fragment. */
  finish?(node: SelectingNode, total: T): T;
}

/**
 * Sums up each operation and each fragment of a document as if all fragments were spread, and does it in the time that it takes
 * to read the document. A fragment that spreads itself, and one that does not exist, count as empty.
 */
export function foldDocument<T>(document: DocumentNode, fold: Fold<T>): ReadonlyMap<SelectingNode, T> {
  const fragments = fragmentsOf(document);
  const totals = new Map<SelectingNode, T>();
  const ofSpread = ({ name }: FragmentSpreadNode): T => {
    const fragment = fragments.get(name.value);
    return (fragment && totals.get(fragment)) ?? fold.empty;
  };
  const rest = selectingNodes(document);
  for (const node of [...sortFragments(fragments).sorted, ...rest]) {
    if (totals.has(node)) continue;
    const total = foldSet(node.selectionSet, fold, ofSpread);
    totals.set(node, fold.finish?.(node, total) ?? total);
  }
  return totals;
}

interface Frame<T> {
  readonly owner?: FieldNode | InlineFragmentNode;
  readonly selections: Iterator<SelectionNode>;
  total: T;
}

function foldSet<T>(set: SelectionSetNode, fold: Fold<T>, ofSpread: (spread: FragmentSpreadNode) => T): T {
  const frames: Frame<T>[] = [{ selections: set.selections.values(), total: fold.empty }];
  for (;;) {
    const frame = frames.at(-1);
    if (!frame) return fold.empty;
    const { value: selection, done } = frame.selections.next();
    if (done) {
      frames.pop();
      const above = frames.at(-1);
      if (!above || !frame.owner) return frame.total;
      above.total = fold.add(above.total, frame.owner, frame.total);
    } else if (selection.kind === Kind.FRAGMENT_SPREAD)
      frame.total = fold.add(frame.total, selection, ofSpread(selection));
    else if (selection.selectionSet)
      frames.push({ owner: selection, selections: selection.selectionSet.selections.values(), total: fold.empty });
    else frame.total = fold.add(frame.total, selection, fold.empty);
  }
}

/** The arguments of a field, including defaults. Empty if they are not valid, which the executor reports. */
export function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return {};
  }
}

/** Parses a document of a caller. Throws a GraphQLError if it has too many tokens or exhausts the stack of the parser. */
export function parseShallow(
  source: string | Source,
  options: ParseOptions & { readonly maxTokens: number },
): DocumentNode {
  try {
    return parse(source, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError('Syntax Error: the document is nested too deeply.', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
}

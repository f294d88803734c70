import { createContextCache } from '@pothos/core';
import {
  DirectiveLocation,
  type DirectiveNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLBoolean,
  type GraphQLCompositeType,
  GraphQLDirective,
  GraphQLError,
  type GraphQLField,
  GraphQLInt,
  GraphQLNonNull,
  type GraphQLSchema,
  GraphQLString,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { getOrInsert } from '../maps.ts';
import { DEFAULT_FIRST, MAX_FIRST } from '../records/window.ts';
import { argumentsOf, fragmentsOf, selectingNodes, selectionsIn } from './document.ts';
import { isBounded } from './document-limits.ts';
import { coerceVariables } from './operation.ts';

/** The parts that an answer may be expected to have. Each takes memory, and time to look for those that are complete. */
const MAX_PARTS = 1000;

/** Length of a list without arguments, to estimate the number of parts. */
const ASSUMED_LENGTH = 40;

const IF = {
  type: new GraphQLNonNull(GraphQLBoolean),
  defaultValue: true,
  description: 'Deliver it with the rest if false.',
};
const LABEL = { type: GraphQLString, description: 'A name that its parts repeat. Unique in the operation.' };
const DELIVERED =
  'Needs “Accept: multipart/mixed” or “text/event-stream”, and is ignored without, in mutations and in subscriptions.';

export const deferDirective = new GraphQLDirective({
  name: 'defer',
  description: `Delivers a fragment later than the rest, for no further Freshsales calls. ${DELIVERED}`,
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: { if: IF, label: LABEL },
});

export const streamDirective = new GraphQLDirective({
  name: 'stream',
  description: `Delivers the items of a list one by one, for no further Freshsales calls. ${DELIVERED}`,
  locations: [DirectiveLocation.FIELD],
  args: {
    if: IF,
    label: LABEL,
    initialCount: { type: GraphQLInt, defaultValue: 0, description: 'Number of items in the first part.' },
  },
});

const isIncremental = ({ name }: DirectiveNode): boolean => name.value === 'defer' || name.value === 'stream';

const documents = new WeakMap<DocumentNode, boolean>();

/** True if a document has @defer or @stream anywhere. Computed once per document. */
export const isIncrementalDocument = (document: DocumentNode): boolean =>
  getOrInsert(documents, document, () => {
    const selections = selectionsIn(...selectingNodes(document).map(({ selectionSet }) => selectionSet));
    return [...selections].some(({ directives = [] }) => directives.some(isIncremental));
  });

/**
 * The document of a query whose answer is delivered in parts, with those directives that are followed. Undefined if it is
 * delivered whole. Introspection is not deferred. Directives that would make too many parts are left out, those with the most
 * parts first, because a server may deliver earlier than it is asked to.
 */
export function incrementalDocument(args: ExecutionArgs): DocumentNode | undefined {
  const { schema, document, operationName, variableValues } = args;
  if (!isIncrementalDocument(document)) return undefined;
  const operation = getOperationAST(document, operationName);
  const root = schema.getQueryType();
  if (operation?.operation !== OperationTypeNode.QUERY || !root || !isBounded(document)) return undefined;
  const { coerced } = coerceVariables(schema, operation, variableValues, 1);
  if (!coerced) return undefined;
  const counts = new PartCounter(schema, document, coerced).count(operation.selectionSet, root);
  const followed = new Set<DirectiveNode>();
  let total = 0;
  for (const [directive, parts] of [...counts].toSorted(([, some], [, others]) => some - others)) {
    total += parts;
    if (total <= MAX_PARTS) followed.add(directive);
  }
  if (followed.size === 0) return undefined;
  return visit(document, {
    Directive: (directive) => (isIncremental(directive) && !followed.has(directive) ? null : undefined),
  });
}

/** Estimates how many parts each directive makes. */
class PartCounter {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #counts = new Map<DirectiveNode, number>();

  constructor(schema: GraphQLSchema, document: DocumentNode, variables: Readonly<Record<string, unknown>>) {
    this.#schema = schema;
    this.#document = document;
    this.#variables = variables;
  }

  count(selectionSet: SelectionSetNode, root: GraphQLCompositeType): ReadonlyMap<DirectiveNode, number> {
    this.#set(selectionSet, root, 1);
    return this.#counts;
  }

  /** `objects`: how many objects have this selection. Documents are bounded, so that this may spread every fragment. */
  #set({ selections }: SelectionSetNode, parent: GraphQLCompositeType, objects: number): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) this.#field(selection, parent, objects);
      else {
        this.#add(selection, objects);
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentsOf(this.#document).get(selection.name.value);
        const condition = fragment?.typeCondition?.name.value;
        const type = condition === undefined ? parent : this.#schema.getType(condition);
        if (fragment && isCompositeType(type)) this.#set(fragment.selectionSet, type, objects);
      }
    }
  }

  #field(selection: SelectionNode & { kind: Kind.FIELD }, parent: GraphQLCompositeType, objects: number): void {
    const field = isUnionType(parent) ? undefined : parent.getFields()[selection.name.value];
    if (!field) return;
    const values = objects * lengthOf(field, parent, argumentsOf(field, selection, this.#variables));
    this.#add(selection, values);
    const type = getNamedType(field.type);
    if (selection.selectionSet && isCompositeType(type)) this.#set(selection.selectionSet, type, values);
  }

  #add(selection: SelectionNode, parts: number): void {
    const directive = selection.directives?.find(isIncremental);
    if (!directive || !this.#isOn(directive, selection)) return;
    this.#counts.set(directive, (this.#counts.get(directive) ?? 0) + parts);
  }

  #isOn(directive: DirectiveNode, selection: SelectionNode): boolean {
    const definition = this.#schema.getDirective(directive.name.value);
    const values = definition && getDirectiveValues(definition, selection, this.#variables);
    if (!values || values.if === false) return false;
    const { initialCount = 0 } = values;
    if (typeof initialCount === 'number' && initialCount >= 0) return true;
    throw new GraphQLError('“initialCount” of @stream must be 0 or more.', {
      nodes: directive,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
}

/** The number of values that a field is expected to have. */
function lengthOf(
  { type, args: definitions }: GraphQLField<unknown, unknown>,
  { name: parent }: GraphQLCompositeType,
  args: Readonly<Record<string, unknown>>,
): number {
  if (definitions.some(({ name }) => name === 'first')) {
    const rows = args.first ?? args.last ?? DEFAULT_FIRST;
    return typeof rows === 'number' ? Math.min(Math.max(rows, 0), MAX_FIRST) : DEFAULT_FIRST;
  }
  // The connection has counted its rows.
  if (!isListType(getNullableType(type)) || parent.endsWith('Connection')) return 1;
  return Array.isArray(args.ids) ? args.ids.length : ASSUMED_LENGTH;
}

type Listener = (whole: ExecutionResult) => void;

interface Delivery {
  /** The result is delivered in parts. */
  isIncremental: boolean;
  whole?: ExecutionResult;
  readonly listeners: Listener[];
}

const deliveryOf = createContextCache((_context: object): Delivery => ({ isIncremental: false, listeners: [] }));

/** Says that the result of an operation is delivered in parts. Returns what to call with the whole when it has ended. */
export function deliverInParts(context: object): Listener {
  const delivery = deliveryOf(context);
  delivery.isIncremental = true;
  return (whole) => {
    delivery.whole = whole;
    for (const listener of delivery.listeners.splice(0)) listener(whole);
  };
}

/** Calls back with the whole result: now, or when its last part is made. Never for a subscription, and returns false. */
export function whenWhole(
  context: object | undefined,
  result: ExecutionResult | AsyncIterable<unknown>,
  then: Listener,
): boolean {
  if (!(Symbol.asyncIterator in result)) {
    then(result);
    return true;
  }
  const delivery = context && deliveryOf(context);
  if (!delivery?.isIncremental) return false;
  if (delivery.whole) then(delivery.whole);
  else delivery.listeners.push(then);
  return true;
}

/** True for responses that are sent piece by piece: event streams and parts. */
export const isStreamed = (headers: Pick<Headers, 'get'>): boolean =>
  /^(text\/event-stream|multipart\/mixed)/.test(headers.get('content-type') ?? '');

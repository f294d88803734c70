import { createContextCache } from '@pothos/core';
import { type DocumentNode, type ExecutionArgs, type GraphQLSchema, OperationTypeNode, visit } from 'graphql';
import { type Known, NOTHING_KNOWN } from '../freshsales/response-cache.ts';
import { capabilitiesOf, NOTHING_LEARNED } from '../records/capabilities.ts';
import type { Context } from '../records/context.ts';
import type { AccountFacts, Capabilities, Registry } from '../records/record-type.ts';
import { hintsFor } from './hints.ts';
import { type OperationRequest, rootSelection } from './operation.ts';
import type { PlannedCall } from './planned-calls.ts';
import { Planner } from './planner.ts';

/** The cost of an operation before it runs, in Freshsales calls. */
export interface Plan {
  /** The planned calls, in order. */
  readonly calls: readonly PlannedCall[];
  /** Further calls on an account that does not behave as documented. */
  readonly fallbacks: readonly PlannedCall[];
  /** Fewest calls, if nothing is refused. */
  readonly lowerBound: number;
  /** Expected on an account that behaves as documented, if every list is as long as requested. The limit is held against this. */
  readonly needed: number;
  /**
   * Most calls on an account that sends complete side-loads and honours every include that it was not seen to ignore in the last
   * hour. Null if unknown.
   */
  readonly upperBoundIfHonoured: number | null;
  /** Most calls on any account. Null if unknown. */
  readonly upperBound: number | null;
  /** Cheaper ways to the same data, or more data for the same calls. */
  readonly hints: readonly string[];
}

interface PlanOptions {
  readonly registry: Registry;
  /** Answers that are cached. */
  readonly known?: Known;
  readonly capabilities?: Capabilities;
  /** True if the configuration names no user for the caller. */
  readonly isNobody?: boolean;
  /** The account against which the input of mutations is checked. */
  readonly freshsales?: AccountFacts;
  /** It has an idempotency key and may have been done before. */
  readonly mayBeDone?: boolean;
}

/** The cost of an operation before it runs. Undefined if the operation is not valid: then it is refused and costs nothing. */
export function planOperation(
  schema: GraphQLSchema,
  operation: OperationRequest,
  {
    registry,
    known = NOTHING_KNOWN,
    capabilities = NOTHING_LEARNED,
    isNobody = false,
    freshsales,
    mayBeDone = isIdempotent(operation.document),
  }: PlanOptions,
): Plan | undefined {
  const found = rootSelection(schema, operation);
  if (!found) return undefined;
  const knowledge = { registry, known, capabilities, isNobody, freshsales };
  const estimate = new Planner(schema, knowledge).operation(found.selection, found.root);
  const { expected, documented, worst } = estimate.sums;
  // The plans of most operations are not shown, so only the numbers are computed at once.
  const calls = once(() => estimate.toCalls({ fallback: false }));
  const fallbacks = once(() => estimate.toCalls({ fallback: true }));
  const hints = once(() => hintsFor(schema, found, knowledge));
  return {
    get calls() {
      return calls();
    },
    get fallbacks() {
      return fallbacks();
    },
    lowerBound: mayBeDone ? 0 : estimate.lower,
    needed: expected,
    upperBoundIfHonoured: finite(documented),
    upperBound: finite(worst),
    get hints() {
      return hints();
    },
  };
}

/** True if any mutation has an idempotency key. */
function isIdempotent(document: DocumentNode): boolean {
  if (!document.definitions.some((each) => 'operation' in each && each.operation === OperationTypeNode.MUTATION))
    return false;
  let found = false;
  visit(document, {
    Directive({ name }) {
      found ||= name.value === 'idempotent';
    },
  });
  return found;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const finite = (calls: number): number | null => (Number.isFinite(calls) ? calls : null);

/** An operation that is about to run. */
type Planned = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'> & {
  readonly contextValue: Context;
};

const plans = createContextCache((_context: Context) => new WeakMap<object, { readonly plan: Plan | undefined }>());

/** The plan of an operation that is about to run; made once for each operation. */
export function planOf({ schema, document, operationName, variableValues, contextValue }: Planned): Plan | undefined {
  const made = plans(contextValue).get(document);
  if (made) return made.plan;
  const { registry, known, idempotencyKey, user, freshsales } = contextValue;
  const operation = { document, operationName, variables: variableValues };
  const plan = planOperation(schema, operation, {
    registry,
    known,
    freshsales,
    capabilities: capabilitiesOf(contextValue),
    isNobody: user === undefined,
    ...(idempotencyKey !== undefined && { mayBeDone: true }),
  });
  plans(contextValue).set(document, { plan });
  return plan;
}

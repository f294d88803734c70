import { type DocumentNode, type GraphQLSchema, OperationTypeNode, visit } from 'graphql';
import { type Known, NOTHING_KNOWN } from '../cache/known.ts';
import { type KnownCapabilities, NO_CAPABILITIES_KNOWN } from '../records/capabilities.ts';
import type { Registry } from '../records/record-type.ts';
import { hintsFor } from './hints/hints.ts';
import { type Operation, rootSelection } from './operation.ts';
import type { Plan } from './planned-call.ts';
import { Planner } from './planner.ts';

export interface PlanOptions {
  readonly registry: Registry;
  /** What need not be asked. */
  readonly known?: Known;
  /** What the account is known not to do. */
  readonly seen?: KnownCapabilities;
  /** Whether it has an idempotency key, and may have been done before. */
  readonly mayBeDone?: boolean;
}

/**
 * What an operation will cost, before it runs: a walk over what is selected, adding up the prices that fields declare.
 * Undefined where the operation is not valid enough to tell; such a one is refused when it runs, and costs nothing.
 */
export function planOperation(
  schema: GraphQLSchema,
  operation: Operation,
  {
    registry,
    known = NOTHING_KNOWN,
    seen = NO_CAPABILITIES_KNOWN,
    mayBeDone = isIdempotent(operation.document),
  }: PlanOptions,
): Plan | undefined {
  const found = rootSelection(schema, operation);
  if (!found) return undefined;
  const knowledge = { registry, known, seen };
  const bill = new Planner(schema, knowledge).operation(found.selection, found.root);
  const { needed, honoured, worst } = bill.sums;
  // Most operations run, and nobody reads their plan: only the numbers are worked out at once.
  const calls = once(() => bill.toCalls(false));
  const fallbacks = once(() => bill.toCalls(true));
  const hints = once(() => hintsFor(schema, found, calls(), knowledge));
  return {
    get calls() {
      return calls();
    },
    get fallbacks() {
      return fallbacks();
    },
    lowerBound: mayBeDone ? 0 : bill.lower,
    needed,
    upperBoundIfHonoured: finite(honoured),
    upperBound: finite(worst),
    get hints() {
      return hints();
    },
  };
}

/** Whether any mutation in it is done once, however often it is sent. */
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

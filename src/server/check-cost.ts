import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, OperationTypeNode } from 'graphql';
import { planOf } from '../planner/plan.ts';
import type { Plan } from '../planner/planned-call.ts';
import type { Context } from '../records/context.ts';

export type OperationArgs = Omit<ExecutionArgs, 'contextValue'> & { readonly contextValue: Context };

interface CostCheck {
  /** The calls expected on an account that behaves as documented, given what is cached. */
  readonly requestedCost: number;
  /** The result if the operation must not run: a dry run or a refusal. */
  readonly result?: ExecutionResult;
}

/** Plans an operation and decides whether it may run. */
export function checkCost(args: OperationArgs, { dryRun }: { readonly dryRun: boolean }): CostCheck {
  const plan = planOf(args);
  const operation = getOperationAST(args.document, args.operationName);
  if (!plan || !operation) return { requestedCost: 0 };
  const { limit } = args.contextValue.budget;
  const refusal = refusalOf(plan, operation.operation, args.contextValue);
  const requestedCost = plan.needed;
  if (dryRun) {
    const shown = refusal ? plan : endedAt(plan, limit);
    const extensions = { plan: { ...shown, limit, allowed: refusal === undefined } };
    return { requestedCost, result: { data: null, extensions } };
  }
  return { requestedCost, ...(refusal && { result: { errors: [refusal] } }) };
}

/** An operation ends at the limit, so it cannot cost more. */
const endedAt = (plan: Plan, limit: number): Plan => ({
  ...plan,
  upperBoundIfHonoured: Math.min(plan.upperBoundIfHonoured ?? limit, limit),
  upperBound: Math.min(plan.upperBound ?? limit, limit),
});

/**
 * Compares the expected calls, not the upper bound, with the limits of the operation, the caller and the account: few operations
 * reach their upper bound, and those that do are ended at the limit.
 */
function refusalOf(plan: Plan, kind: OperationTypeNode, context: Context): GraphQLError | undefined {
  const { ledger, budget, lane, caller } = context;
  const { needed } = plan;
  if (needed > budget.limit) {
    const isOwn = caller?.allowance.settings.callsPerOperation === budget.limit;
    const why = isOwn
      ? `this caller may make ${budget.limit} in one`
      : `an operation may make ${budget.limit} (MAX_CALLS)`;
    return tooExpensive(`and ${why}.`, plan, { limit: budget.limit });
  }
  const refusal = needed === 0 ? undefined : caller?.allowance.refusal(needed);
  if (refusal) {
    const { code, retryAfter } = refusal;
    return new GraphQLError(refusal.message, { extensions: { code, retryAfter } });
  }
  const left = ledger.left(kind === OperationTypeNode.MUTATION ? 'write' : lane);
  // If no calls are left, the cache may still have the answer. The ledger refuses the first call that is needed.
  if (left === 0 || needed <= left) return undefined;
  const { hour } = ledger;
  const kept = left < hour.limit - hour.used ? ', not counting those reserved for writes and interactive callers' : '';
  return tooExpensive(`and ${left} are left this hour, until ${hour.resetAt.toISOString()}${kept}.`, plan, {
    limit: left,
  });
}

function tooExpensive(why: string, plan: Plan, more: { limit: number }): GraphQLError {
  const hint = plan.hints[0] ?? 'Ask for fewer records, or leave out fields that cost a call for each.';
  return new GraphQLError(`This operation needs ${plan.needed} Freshsales calls, ${why} ${hint}`, {
    extensions: { code: 'COST_LIMIT_EXCEEDED', planned: plan.needed, ...more, plan },
  });
}

import { GraphQLError, OperationTypeNode } from 'graphql';
import type { Plan } from '../planner/planned-call.ts';
import type { Context } from '../records/context.ts';

/**
 * The error of an operation that may not run, before its first call. What is needed is held against the limits, not the
 * upper bound: few rows lack what they might, and an operation that turns out dearer is ended at the limit.
 */
export function refusalOf(plan: Plan, kind: OperationTypeNode, context: Context): GraphQLError | undefined {
  const { ledger, budget, lane, caller } = context;
  const { needed } = plan;
  if (needed > budget.limit) {
    const own = caller?.allowance.settings.callsPerOperation === budget.limit;
    const why = own
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
  // Where nothing is left, what is known may still answer; the ledger refuses the first call that cannot be.
  if (left === 0 || needed <= left) return undefined;
  const { hour } = ledger;
  const kept = left < hour.limit - hour.used ? ', but for those that are kept for writes and for people who wait' : '';
  return tooExpensive(`and ${left} are left this hour, until ${hour.resetAt.toISOString()}${kept}.`, plan, {
    limit: left,
  });
}

function tooExpensive(why: string, plan: Plan, more: { limit: number }): GraphQLError {
  const hints = plan.hints[0] ?? 'Ask for fewer records, or leave out fields that cost a call for each.';
  return new GraphQLError(`This operation needs ${plan.needed} Freshsales calls, ${why} ${hints}`, {
    extensions: { code: 'COST_LIMIT_EXCEEDED', planned: plan.needed, ...more, plan },
  });
}

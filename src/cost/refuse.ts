import { GraphQLError } from 'graphql';
import type { Plan } from '../graph/plan/planned-call.ts';
import type { Ledger } from '../quota/ledger.ts';
import { remaining } from './cost.ts';

/**
 * The error of an operation that may not run, before its first call. What is needed is held against the limits, not the
 * upper bound: few rows lack what they might, and an operation that turns out dearer is ended at the limit.
 */
export function refusalOf(plan: Plan, limit: number, { hour }: Ledger): GraphQLError | undefined {
  const { needed } = plan;
  const left = remaining(hour);
  if (needed > limit) return tooExpensive(`and an operation may make ${limit} (MAX_CALLS).`, plan, { limit });
  // Where nothing is left, what is known may still answer; the ledger refuses the first call that cannot be.
  if (left === 0 || needed <= left) return undefined;
  return tooExpensive(`and ${left} are left this hour, until ${hour.resetAt.toISOString()}.`, plan, {
    limit: left,
  });
}

function tooExpensive(why: string, plan: Plan, more: { limit: number }): GraphQLError {
  const advice = plan.advice[0] ?? 'Ask for fewer records, or leave out fields that cost a call for each.';
  return new GraphQLError(`This operation needs ${plan.needed} Freshsales calls, ${why} ${advice}`, {
    extensions: { code: 'COST_LIMIT_EXCEEDED', planned: plan.needed, ...more, plan },
  });
}

import type { ExecutionResult } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { planOperation } from '../graph/plan/plan.ts';
import type { Plan } from '../graph/plan/planned-call.ts';
import { costOf } from './cost.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { refusalOf } from './refuse.ts';
import { type Wishes, wishesOf } from './wishes.ts';

export interface CostOptions {
  /** Operations that need more calls than this are refused before the first. */
  readonly maxCalls: number;
}

/**
 * Plans each operation before it runs: answers with the plan where that is all that is wanted, refuses what would cost too
 * much, and says on every answer what it cost.
 */
export const useCost = ({ maxCalls }: CostOptions): Plugin<Context> => ({
  onExecute({ args, setResultAndStopExecution }) {
    const { contextValue: context, schema, document, operationName, variableValues: variables } = args;
    const plan = planOperation(schema, { document, operationName, variables }, context.known);
    const wishes = wishesIn(context);
    const refusal = plan && refusalOf(plan, maxCalls, context.ledger);
    const finish = (result: ExecutionResult, requested: number): ExecutionResult =>
      withExtensions(result, context, requested, wishes);
    const requested = plan ? boundOf(plan, refusal ? Number.POSITIVE_INFINITY : maxCalls) : 0;
    if (plan && wishes.dryRun) {
      const told = refusal ? plan : endedAt(plan, maxCalls);
      const extensions = { plan: { ...told, limit: maxCalls, allowed: refusal === undefined } };
      setResultAndStopExecution(finish({ data: null, extensions }, requested));
      return undefined;
    }
    if (refusal) {
      setResultAndStopExecution(finish({ errors: [refusal] }, requested));
      return undefined;
    }
    return {
      onExecuteDone({ result, setResult }) {
        if (Symbol.asyncIterator in result) return;
        setResult(finish(result, requested));
      },
    };
  },
});

/** An operation that runs is ended at the limit, so that it can cost no more than that. */
const endedAt = (plan: Plan, limit: number): Plan => ({
  ...plan,
  upperBoundIfHonoured: Math.min(plan.upperBoundIfHonoured ?? limit, limit),
  upperBound: Math.min(plan.upperBound ?? limit, limit),
});

/** The bound known before it runs; where there is none, what is needed at the least. */
const boundOf = ({ upperBound, needed }: Plan, limit: number): number =>
  upperBound === null ? Math.max(needed, Number.isFinite(limit) ? limit : 0) : Math.min(upperBound, limit);

function wishesIn(context: Context): Wishes {
  const { request, params } = context as Context & Partial<YogaInitialContext>;
  return request
    ? wishesOf({ headers: request.headers, extensions: params?.extensions })
    : wishesOf({ headers: new Headers() });
}

function withExtensions(result: ExecutionResult, context: Context, requested: number, { explain }: Wishes) {
  const retryAfter = retryAfterOf(result);
  return {
    ...result,
    extensions: {
      ...result.extensions,
      ...staleOf(context),
      cost: costOf(requested, context),
      ...(explain && { calls: context.trace.calls }),
      http: { headers: rateLimitHeaders(context.ledger, { now: new Date(), retryAfter }) },
    },
  };
}

/** Marks an answer for which older ones were served, because the quota allowed no new ones. */
const staleOf = ({ freshsales: { recollection } }: Context) =>
  recollection.staleSeconds !== undefined && { stale: { ageSeconds: recollection.staleSeconds } };

/** How long to wait, where anything was refused for want of calls. */
function retryAfterOf({ errors = [] }: ExecutionResult): number | undefined {
  const waits = errors.flatMap(({ extensions, originalError }) => {
    const { code, retryAfter } = originalError instanceof FreshsalesError ? originalError : extensions;
    return code === 'RATE_LIMITED' && typeof retryAfter === 'number' ? [retryAfter] : [];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

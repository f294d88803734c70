import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from './context.ts';
import { planCalls } from './graph/plan.ts';
import type { Ledger, Window } from './quota/ledger.ts';

export interface CostOptions {
  /** Operations that need more calls than this, whatever the records are like, are refused before the first. */
  readonly maxPlannedCalls: number;
}

/** Enough for any page of a sales front end; a query for more asks single records of a long list for what no page brings. */
export const DEFAULT_MAX_PLANNED_CALLS = 50;

/** Refuses an operation that would cost too much, and says on every answer what it cost. One point is one Freshsales call. */
export const useCost = ({ maxPlannedCalls }: CostOptions): Plugin<Context> => ({
  onExecute({ args, setResultAndStopExecution }) {
    const planned = planCalls(args.schema, {
      document: args.document,
      operationName: args.operationName,
      variables: args.variableValues,
    });
    const { ledger, purse, freshsales } = args.contextValue;
    const { recollection } = freshsales;
    const cost = () => ({
      ...costOf(planned?.atMost ?? 0, purse.spent, ledger),
      savedByCache: recollection.saved,
    });
    if (planned && planned.atLeast > maxPlannedCalls) {
      setResultAndStopExecution({
        errors: [tooExpensive(planned.atLeast, maxPlannedCalls)],
        extensions: { cost: cost() },
      });
      return undefined;
    }
    return {
      onExecuteDone({ result, setResult }) {
        if (Symbol.asyncIterator in result) return;
        const stale = recollection.staleSeconds;
        const marked = stale !== undefined && { stale: { ageSeconds: stale } };
        setResult({ ...result, extensions: { ...result.extensions, ...marked, cost: cost() } });
      },
    };
  },
});

function tooExpensive(planned: number, limit: number): GraphQLError {
  const advice = 'Ask for fewer records, or leave out fields that cost a call for each; their descriptions say so.';
  return new GraphQLError(`This operation needs ${planned} Freshsales calls, and ${limit} are allowed. ${advice}`, {
    extensions: { code: 'COST_LIMIT_EXCEEDED', planned, limit },
  });
}

/** The keys are Shopify's, so that throttlers written for it work unchanged. `restoreRate` is in calls a second. */
function costOf(requestedQueryCost: number, actualQueryCost: number, { hour, minute }: Ledger) {
  return {
    requestedQueryCost,
    actualQueryCost,
    throttleStatus: {
      maximumAvailable: hour.limit,
      currentlyAvailable: hour.limit - hour.used,
      restoreRate: Math.round((hour.limit / 3600) * 1000) / 1000,
    },
    windows: [hour, minute].map(toWindow),
  };
}

const toWindow = ({ name, limit, used, resetAt }: Window) => ({
  name,
  limit,
  remaining: limit - used,
  resetAt: resetAt.toISOString(),
});

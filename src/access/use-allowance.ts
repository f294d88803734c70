import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { after } from '../graph/after.ts';
import { planOf } from '../graph/plan/plan-of.ts';

/** Refuses, before the first call, an operation that needs more than its caller may spend, whatever the records are like. */
export const useAllowance = (): Plugin<Context> => ({
  onExecute({ args, setResultAndStopExecution }) {
    const { caller } = args.contextValue;
    const { callsPerHour, callsPerOperation } = caller?.allowance.settings ?? {};
    if (!caller || (callsPerHour === undefined && callsPerOperation === undefined)) return;
    const needed = planOf(args)?.needed ?? 0;
    const limit = callsPerOperation ?? needed;
    if (needed > limit) {
      const message = `This operation needs ${needed} Freshsales calls, and this caller may make ${limit} in one. Ask for fewer records.`;
      const extensions = { code: 'COST_LIMIT_EXCEEDED', planned: needed, limit };
      return setResultAndStopExecution({ errors: [new GraphQLError(message, { extensions })] });
    }
    if (needed === 0) return;
    return after(caller.allowance.refresh(), () => {
      const refusal = caller.allowance.refusal(needed);
      if (refusal)
        setResultAndStopExecution({
          errors: [
            new GraphQLError(refusal.message, {
              extensions: { code: refusal.code, retryAfter: refusal.retryAfter },
            }),
          ],
        });
    });
  },
});

import type { ExecutionResult } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { seesOneOwner } from '../access/permissions.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Observer } from '../observability/use-observer.ts';
import { planOf } from '../planner/plan.ts';
import type { TracedCall } from '../quota/operation-budget.ts';
import type { Account, Context } from '../records/context.ts';
import { causeOf } from '../records/errors.ts';
import { andThen } from '../records/loader.ts';
import { checkCost, costOf, type OperationArgs, rateLimitHeaders, type Spent } from './cost.ts';
import { type RequestOptions, requestOptionsOf } from './request-options.ts';
import { resultKeyOf } from './result-key.ts';

/**
 * Plans each operation before it runs. A dry run returns the plan; an operation that is too expensive is refused. Every response
 * says what it cost. A query whose result is in the result cache is neither planned nor executed.
 */
export const useCost = (
  accountOf: (request: Request) => Account | undefined,
  part: Observer['part'],
): Plugin<Context> => ({
  onExecute({ args, setResultAndStopExecution: stop }) {
    const { contextValue: context } = args;
    const options = optionsIn(context);
    const finish = (result: ExecutionResult, requested: number) => withExtensions(result, context, requested, options);
    const { cache } = context.freshsales;
    const key = options.dryRun || options.explain ? undefined : resultKeyOf(args, context);
    return andThen(key === undefined ? undefined : cache.cachedResult(key), (known) => {
      if (known) return stop(finish({ data: known.value as NonNullable<ExecutionResult['data']> }, 0));
      return andThen(refreshAllowance(args), () => {
        const { requestedCost, result: instead } = part(context, 'plan', () => checkCost(args, options));
        if (instead) return stop(finish(instead, requestedCost));
        return {
          onExecuteDone({ result, setResult }) {
            if (Symbol.asyncIterator in result) return;
            if (key !== undefined && isFromCache(result, context)) cache.keepResult(key, result.data);
            setResult(finish(result, requestedCost));
          },
        };
      });
    });
  },
  onExecutionResult({ request, result, setResult }) {
    if (!result || Array.isArray(result) || Symbol.asyncIterator in result) return;
    const account = accountOf(request);
    // Invalid operations are not executed, but their response shows the quota as well.
    if (account && result.extensions?.cost === undefined)
      setResult(withCost(result, 0, { ...NOTHING_SPENT, ...account }));
  },
});

const NOTHING_SPENT = { budget: { spent: 0 }, savings: { saved: 0, shared: 0, included: 0 } };

/** Learns what the caller has spent on other servers, if the operation needs calls. */
function refreshAllowance(args: OperationArgs): void | Promise<void> {
  const { allowance } = args.contextValue.caller ?? {};
  if (allowance?.settings.callsPerHour !== undefined && (planOf(args)?.needed ?? 0) > 0) return allowance.refresh();
}

/** True for a complete result that needed no calls, so that it can be reused. */
const isFromCache = ({ data, errors }: ExecutionResult, { budget }: Context): boolean =>
  errors === undefined && data !== null && data !== undefined && budget.spent === 0;

function optionsIn(context: Context): RequestOptions {
  const { request, params } = context as Context & Partial<YogaInitialContext>;
  return requestOptionsOf({ headers: request?.headers ?? new Headers(), extensions: params?.extensions });
}

function withExtensions(result: ExecutionResult, context: Context, requested: number, { explain }: RequestOptions) {
  const { staleSeconds } = context.freshsales.cache;
  const more = {
    // Older responses were served because the quota allowed no new ones.
    ...(staleSeconds !== undefined && { stale: { ageSeconds: staleSeconds } }),
    ...(explain && { calls: callsShown(context) }),
  };
  return withCost({ ...result, extensions: { ...result.extensions, ...more } }, requested, context);
}

/** Some calls look up the owner of a record. Their paths would tell a restricted caller the ids of records it may not see. */
const callsShown = ({ caller, trace }: Context): readonly TracedCall[] =>
  caller && seesOneOwner(caller.grants)
    ? trace.calls.map((call) => ({ ...call, path: call.path.replace(/^[^?]*/, () => call.template) }))
    : trace.calls;

function withCost(result: ExecutionResult, requested: number, spent: Spent & Pick<Context, 'ledger'>): ExecutionResult {
  const headers = rateLimitHeaders(spent.ledger, { now: new Date(), retryAfter: retryAfterOf(result) });
  const cost = costOf(requested, spent);
  return { ...result, extensions: { ...result.extensions, cost, http: { headers } } };
}

/** The longest wait that any RATE_LIMITED error asks for. */
function retryAfterOf({ errors = [] }: ExecutionResult): number | undefined {
  const waits = errors.flatMap(({ extensions, originalError }) => {
    const cause = causeOf(originalError);
    const { code, retryAfter } = cause instanceof FreshsalesError ? cause : extensions;
    return code === 'RATE_LIMITED' && typeof retryAfter === 'number' ? [retryAfter] : [];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

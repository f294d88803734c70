import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { seesOneOwner } from '../access/grant.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { planOf } from '../planner/plan-of.ts';
import type { Plan } from '../planner/planned-call.ts';
import type { TracedCall } from '../quota/call-trace.ts';
import type { Account, Context } from '../records/context.ts';
import { andThen } from '../records/maybe-promise.ts';
import { costOf, type Spent } from './cost.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { refusalOf } from './refuse.ts';
import { repeatableName } from './repeatable.ts';
import { type RequestOptions, requestOptionsOf } from './request-options.ts';

/**
 * Plans each operation before it runs: answers with the plan where that is all that is wanted, refuses what would cost more than
 * the operation, its caller or the account may spend, and says on every answer what it cost. A query that would be told the very same as when it was last asked is given
 * the same data, and is neither planned nor run.
 */
export const useCost = (accountOf: (request: Request) => Account | undefined): Plugin<Context> => ({
  onExecute({ args, setResultAndStopExecution: stop }) {
    const { contextValue: context } = args;
    const requestOptions = requestOptionsIn(context);
    const finish: Finish = (result, requested) => withExtensions(result, context, requested, requestOptions);
    const { recollection } = context.freshsales;
    const name = requestOptions.dryRun || requestOptions.explain ? undefined : repeatableName(args, context);
    return andThen(name === undefined ? undefined : recollection.conclusion(name), (known) => {
      if (known) return stop(finish({ data: known.value as NonNullable<ExecutionResult['data']> }, 0));
      return andThen(hearAllowance(args), () => {
        const { bound, answer } = weigh(args, requestOptions);
        if (answer) return stop(finish(answer, bound));
        return {
          onExecuteDone({ result, setResult }) {
            if (Symbol.asyncIterator in result) return;
            if (name !== undefined && isFromMemory(result, context)) recollection.conclude(name, result.data);
            setResult(finish(result, bound));
          },
        };
      });
    });
  },
  onExecutionResult({ request, result, setResult }) {
    if (!result || Array.isArray(result) || Symbol.asyncIterator in result) return;
    const account = accountOf(request);
    // What is not valid is not executed, and tells what is left all the same.
    if (account && result.extensions?.cost === undefined)
      setResult(withCost(result, 0, { ...NOTHING_SPENT, ...account }));
  },
});

/** Of an operation that was not executed. */
const NOTHING_SPENT = { budget: { spent: 0 }, savings: { saved: 0 } };

/** What other machines have let the caller spend, where that may matter. */
function hearAllowance(args: CostArgs): void | Promise<void> {
  const { allowance } = args.contextValue.caller ?? {};
  if (allowance?.settings.callsPerHour !== undefined && (planOf(args)?.needed ?? 0) > 0) return allowance.refresh();
}

type Finish = (result: ExecutionResult, requested: number) => ExecutionResult;

/** Plans an operation. Gives an answer where it is not to run. */
function weigh(args: CostArgs, { dryRun }: RequestOptions): { bound: number; answer?: ExecutionResult } {
  const plan = planOf(args);
  const operation = getOperationAST(args.document, args.operationName);
  if (!plan || !operation) return { bound: 0 };
  const { limit } = args.contextValue.budget;
  const refusal = refusalOf(plan, operation.operation, args.contextValue);
  const bound = boundOf(plan, refusal ? Number.POSITIVE_INFINITY : limit);
  if (dryRun) {
    const told = refusal ? plan : endedAt(plan, limit);
    const extensions = { plan: { ...told, limit, allowed: refusal === undefined } };
    return { bound, answer: { data: null, extensions } };
  }
  return { bound, ...(refusal && { answer: { errors: [refusal] } }) };
}

type CostArgs = Omit<ExecutionArgs, 'contextValue'> & { readonly contextValue: Context };

/** Whether it is whole, and no call was made for it. What it was told may then be repeated to others. */
const isFromMemory = ({ data, errors }: ExecutionResult, { budget }: Context): boolean =>
  errors === undefined && data !== null && data !== undefined && budget.spent === 0;

/** An operation that runs is ended at the limit, so that it can cost no more than that. */
const endedAt = (plan: Plan, limit: number): Plan => ({
  ...plan,
  upperBoundIfHonoured: Math.min(plan.upperBoundIfHonoured ?? limit, limit),
  upperBound: Math.min(plan.upperBound ?? limit, limit),
});

/** The bound known before it runs; where there is none, what is needed at the least. */
const boundOf = ({ upperBound, needed }: Plan, limit: number): number =>
  upperBound === null ? Math.max(needed, Number.isFinite(limit) ? limit : 0) : Math.min(upperBound, limit);

function requestOptionsIn(context: Context): RequestOptions {
  const { request, params } = context as Context & Partial<YogaInitialContext>;
  return request
    ? requestOptionsOf({ headers: request.headers, extensions: params?.extensions })
    : requestOptionsOf({ headers: new Headers() });
}

function withExtensions(result: ExecutionResult, context: Context, requested: number, { explain }: RequestOptions) {
  const more = { ...staleOf(context), ...(explain && { calls: callsShown(context) }) };
  return withCost({ ...result, extensions: { ...result.extensions, ...more } }, requested, context);
}

/** Some calls find out whose a record is. What they ask for must not tell a caller ids of records that it does not see. */
const callsShown = ({ caller, trace }: Context): readonly TracedCall[] =>
  caller && seesOneOwner(caller.grants)
    ? trace.calls.map((call) => ({ ...call, path: call.path.replace(/^[^?]*/, () => call.template) }))
    : trace.calls;

function withCost(result: ExecutionResult, requested: number, spent: Spent & Pick<Context, 'ledger'>): ExecutionResult {
  const headers = rateLimitHeaders(spent.ledger, { now: new Date(), retryAfter: retryAfterOf(result) });
  const cost = costOf(requested, spent);
  return { ...result, extensions: { ...result.extensions, cost, http: { headers } } };
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

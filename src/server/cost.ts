import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, OperationTypeNode } from 'graphql';
import type { Savings } from '../freshsales/response-cache.ts';
import { type Plan, planOf } from '../planner/plan.ts';
import type { AccountLedger, Window } from '../quota/account-ledger.ts';
import type { OperationBudget } from '../quota/operation-budget.ts';
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
  const { ledger, budget, priority, caller } = context;
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
  const left = ledger.left(kind === OperationTypeNode.MUTATION ? 'write' : priority);
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

/** Cost of an operation, and what is left of the quota, in points. One point is one Freshsales call. */
interface Cost {
  /** Calls expected on an account that behaves as documented, given what is cached. */
  readonly requestedQueryCost: number;
  readonly actualQueryCost: number;
  readonly throttleStatus: {
    readonly maximumAvailable: number;
    readonly currentlyAvailable: number;
    /** Points per second. */
    readonly restoreRate: number;
  };
  readonly savedByCache: number;
  readonly windows: readonly CostWindow[];
}

interface CostWindow {
  readonly name: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: string;
}

/** Calls an operation made, and calls the cache saved it. */
export interface Spent {
  readonly budget: Pick<OperationBudget, 'spent'>;
  readonly savings: Savings;
}

/** `extensions.cost`. The first three keys are Shopify's, so that throttlers written for Shopify work unchanged. */
export function costOf(
  requestedQueryCost: number,
  { budget, savings, ledger }: Spent & { readonly ledger: AccountLedger },
): Cost {
  const { hour, minute } = ledger;
  return {
    requestedQueryCost,
    actualQueryCost: budget.spent,
    throttleStatus: {
      maximumAvailable: hour.limit,
      currentlyAvailable: remaining(hour),
      restoreRate: Math.round((hour.limit / 3600) * 1000) / 1000,
    },
    savedByCache: savings.saved,
    windows: [hour, minute].map((window) => ({
      name: window.name,
      limit: window.limit,
      remaining: remaining(window),
      resetAt: window.resetAt.toISOString(),
    })),
  };
}

const remaining = ({ limit, used }: Window): number => Math.max(0, limit - used);

const SECONDS: Readonly<Record<Window['name'], number>> = { hour: 3600, minute: 60 };

/** The windows of the account as the HTTP fields of draft-ietf-httpapi-ratelimit-headers. */
export function rateLimitHeaders(
  { hour, minute }: AccountLedger,
  { now, retryAfter }: { now: Date; retryAfter?: number | undefined },
): Record<string, string> {
  const windows = [hour, minute];
  // A window that begins a moment after `now` ends a moment more than its length from it.
  const wait = ({ name, resetAt }: Window) =>
    Math.min(SECONDS[name], Math.max(0, Math.ceil((resetAt.getTime() - now.getTime()) / 1000)));
  return {
    'RateLimit-Policy': windows.map(({ name, limit }) => `"${name}";q=${limit};w=${SECONDS[name]}`).join(', '),
    RateLimit: windows.map((window) => `"${window.name}";r=${remaining(window)};t=${wait(window)}`).join(', '),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
  };
}

/** Response headers that pages of other origins may read. */
export const EXPOSED_HEADERS = ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'WWW-Authenticate', 'x-request-id'];

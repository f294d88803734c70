import type { Savings } from '../cache/known.ts';
import type { AccountLedger, Window } from '../quota/account-ledger.ts';
import type { OperationBudget } from '../quota/operation-budget.ts';

/** What an operation cost, and what is left. One point is one Freshsales call. */
export interface Cost {
  /** The bound known before it ran. */
  readonly requestedQueryCost: number;
  readonly actualQueryCost: number;
  readonly throttleStatus: {
    readonly maximumAvailable: number;
    readonly currentlyAvailable: number;
    /** Calls a second. */
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

/** What went out for an operation, and what did not have to. */
export interface Spent {
  readonly budget: Pick<OperationBudget, 'spent'>;
  readonly savings: Savings;
}

/** The first three keys are Shopify's, so that throttlers written for it work unchanged. */
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

export const remaining = ({ limit, used }: Window): number => Math.max(0, limit - used);

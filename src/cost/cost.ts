import type { Savings } from '../quota/known.ts';
import type { Ledger, Window } from '../quota/ledger.ts';
import type { Purse } from '../quota/purse.ts';

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
  readonly purse: Pick<Purse, 'spent'>;
  readonly savings: Savings;
}

/** The first three keys are Shopify's, so that throttlers written for it work unchanged. */
export function costOf(
  requestedQueryCost: number,
  { purse, savings, ledger }: Spent & { readonly ledger: Ledger },
): Cost {
  const { hour, minute } = ledger;
  return {
    requestedQueryCost,
    actualQueryCost: purse.spent,
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

import type { Savings } from '../freshsales/response-cache.ts';
import type { AccountLedger, Window } from '../quota/account-ledger.ts';
import type { OperationBudget } from '../quota/operation-budget.ts';

/** Cost of an operation, and what is left of the quota, in points. One point is one Freshsales call. */
export interface Cost {
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
  const wait = ({ resetAt }: Window) => Math.max(0, Math.ceil((resetAt.getTime() - now.getTime()) / 1000));
  return {
    'RateLimit-Policy': windows.map(({ name, limit }) => `"${name}";q=${limit};w=${SECONDS[name]}`).join(', '),
    RateLimit: windows.map((window) => `"${window.name}";r=${remaining(window)};t=${wait(window)}`).join(', '),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
  };
}

/** Response headers that pages of other origins may read. */
export const EXPOSED_HEADERS = ['RateLimit', 'RateLimit-Policy', 'Retry-After'];

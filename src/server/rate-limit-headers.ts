import type { AccountLedger, Window } from '../quota/account-ledger.ts';
import { remaining } from './cost.ts';

const SECONDS: Readonly<Record<Window['name'], number>> = { hour: 3600, minute: 60 };

/** The account's windows in the HTTP fields of draft-ietf-httpapi-ratelimit-headers, as structured lists. */
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

/** What a page of another origin may read of an answer beside its body. */
export const EXPOSED_HEADERS = ['RateLimit', 'RateLimit-Policy', 'Retry-After'];

import { waitAfter } from './rate-headers.ts';
import { type Reason, reasonsOf, sentenceOf } from './refusal.ts';

export type FreshsalesErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'RATE_LIMITED'
  | 'COST_LIMIT_EXCEEDED'
  | 'NOT_AVAILABLE'
  | 'ABORTED'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_TIMEOUT';

interface Details {
  status?: number | undefined;
  /** Why Freshsales refused the request, in its own words. */
  reasons?: readonly Reason[];
  /** Seconds. */
  retryAfter?: number | undefined;
  /** The request never reached Freshsales. */
  neverArrived?: boolean;
  /** Target host of a redirect. Empty if unknown. */
  redirectHost?: string;
  /** For writes: the column that refers to a missing record. */
  column?: string | undefined;
}

/** The outcome of a failed write: nothing was changed, or unknown. */
export type WriteOutcome = 'NOT_DONE' | 'UNKNOWN';

/** A failed call to Freshsales. The message contains no key, URL or body. */
export class FreshsalesError extends Error {
  override readonly name = 'FreshsalesError';
  readonly code: FreshsalesErrorCode;
  readonly status: number | undefined;
  /** Why Freshsales refused the request. Empty if it did not say. */
  readonly reasons: readonly Reason[];
  readonly retryAfter: number | undefined;
  readonly neverArrived: boolean;
  /** Set if Freshsales redirected the request. */
  readonly redirectHost: string | undefined;
  /** For writes: the column that refers to a missing record. */
  readonly column: string | undefined;
  /** Set if a write failed. */
  outcome: WriteOutcome | undefined;

  constructor(code: FreshsalesErrorCode, message: string, details: Details = {}) {
    super(message);
    this.code = code;
    this.status = details.status;
    this.reasons = details.reasons ?? [];
    this.retryAfter = details.retryAfter;
    this.neverArrived = details.neverArrived ?? false;
    this.redirectHost = details.redirectHost;
    this.column = details.column;
  }
}

/** An error for a redirect. The request had no effect. */
export const redirected = (status: number, host: string): FreshsalesError =>
  new FreshsalesError(
    'UPSTREAM_ERROR',
    `Freshsales redirected the request${host && ` to ${host}`} (HTTP ${status}). Redirects are not followed, because the API key would go along.`,
    { status, redirectHost: host },
  );

/**
 * Converts a failed response. `body` is undefined if it was not JSON. `hide` removes the key and the URL from messages that
 * quote them.
 */
export function toFreshsalesError(
  status: number,
  body: unknown,
  headers: Headers,
  hide: (text: string) => string = (text) => text,
): FreshsalesError {
  const reasons = reasonsOf(body, hide);
  const sentences = reasons.map(sentenceOf).join(' ');
  const details = { status, reasons };
  if (status === 401)
    return new FreshsalesError('UNAUTHENTICATED', 'Freshsales does not accept the API key.', { status });
  if (status === 403)
    return new FreshsalesError(
      'FORBIDDEN',
      `Freshsales does not allow this to the user of the API key${sentences ? `: ${sentences}` : '.'}`,
      details,
    );
  if (status === 404 && body !== undefined)
    return new FreshsalesError('NOT_FOUND', 'Freshsales has no such record.', details);
  if (status === 429 || throttledInside(reasons)) return rateLimited(headers);
  if (isRefusal(status, reasons))
    return new FreshsalesError(
      'BAD_USER_INPUT',
      `Freshsales refused the request: ${sentences}`.replace(/: $/, '.'),
      details,
    );
  return new FreshsalesError('UPSTREAM_ERROR', `Freshsales could not answer (HTTP ${status}).`, details);
}

/** Content that is refused, with or without a reason. Other 4xx are refusals if Freshsales explains them. */
const CONTENT_REFUSED = [400, 409, 422];

/** 408 and 499 are timeouts. */
const isRefusal = (status: number, reasons: readonly Reason[]): boolean =>
  CONTENT_REFUSED.includes(status) ||
  (status >= 400 && status < 500 && ![404, 408, 499].includes(status) && reasons.length > 0);

function rateLimited(headers: Headers): FreshsalesError {
  const retryAfter = waitAfter(headers, Date.now());
  const message = `The Freshsales account has no calls left for now. Try again in ${retryAfter} seconds.`;
  return new FreshsalesError('RATE_LIMITED', message, { status: 429, retryAfter });
}

/** Freshsales wraps a 429 of its unified-contact service in a 400. The text is a log line and not localised. */
const throttledInside = (reasons: readonly Reason[]): boolean =>
  reasons.some(({ message }) => message.includes('response_code :: 429'));

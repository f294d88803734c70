import { waitAfter } from './rate-headers.ts';

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
  /** Freshsales' own sentences, in the language of the API user. */
  messages?: readonly string[];
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
  readonly messages: readonly string[];
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
    this.messages = details.messages ?? [];
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
  const messages = messagesOf(body, hide);
  if (status === 401)
    return new FreshsalesError('UNAUTHENTICATED', 'Freshsales does not accept the API key.', { status });
  if (status === 403)
    return new FreshsalesError('FORBIDDEN', 'Freshsales does not allow this to the user of the API key.', {
      status,
      messages,
    });
  if (status === 404 && body !== undefined)
    return new FreshsalesError('NOT_FOUND', 'Freshsales has no such record.', { status, messages });
  if (status === 429 || throttledInside(messages)) return rateLimited(headers);
  if (status === 400 || status === 422)
    return new FreshsalesError('BAD_USER_INPUT', ['Freshsales refused the request:', ...messages].join(' '), {
      status,
      messages,
    });
  return new FreshsalesError('UPSTREAM_ERROR', `Freshsales could not answer (HTTP ${status}).`, { status, messages });
}

function rateLimited(headers: Headers): FreshsalesError {
  const retryAfter = waitAfter(headers, Date.now());
  const message = `The Freshsales account has no calls left for now. Try again in ${retryAfter} seconds.`;
  return new FreshsalesError('RATE_LIMITED', message, { status: 429, retryAfter });
}

/** Freshsales wraps a 429 of its unified-contact service in a 400. The text is a log line and not localised. */
const throttledInside = (messages: readonly string[]): boolean =>
  messages.some((message) => message.includes('response_code :: 429'));

/** Limits on the messages of a refusal. */
const MAX_MESSAGES = 100;
const MAX_MESSAGE = 1000;

/** Reads the messages of all known error formats. */
export const messagesOf = (body: unknown, hide: (text: string) => string = (text) => text): string[] =>
  sentencesIn(body)
    .slice(0, MAX_MESSAGES)
    .map(hide)
    .map((sentence) => (sentence.length > MAX_MESSAGE ? `${sentence.slice(0, MAX_MESSAGE)}…` : sentence));

function sentencesIn(body: unknown): string[] {
  if (typeof body === 'string') return body === '' ? [] : [body];
  if (Array.isArray(body)) return body.flatMap(sentencesIn);
  if (typeof body !== 'object' || body === null) return [];
  const { errors, message, description } = body as Record<string, unknown>;
  for (const candidate of [errors, message, description]) {
    const found = sentencesIn(candidate);
    if (found.length > 0) return found;
  }
  return [];
}

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
  /** The request surely never reached Freshsales. */
  neverArrived?: boolean;
  /** Where a redirect leads; empty where it does not say. */
  redirectHost?: string;
  /** Of a write, the column that names what is not there. */
  column?: string | undefined;
}

/** What is known of a write that failed: nothing was changed, or nobody can tell. */
export type WriteOutcome = 'NOT_DONE' | 'UNKNOWN';

/** Everything that can go wrong between us and Freshsales. The message holds no key, no URL and no body. */
export class FreshsalesError extends Error {
  override readonly name = 'FreshsalesError';
  readonly code: FreshsalesErrorCode;
  readonly status: number | undefined;
  readonly messages: readonly string[];
  readonly retryAfter: number | undefined;
  readonly neverArrived: boolean;
  /** Set where Freshsales redirected the request. */
  readonly redirectHost: string | undefined;
  /** Of a write, the column that names what is not there. */
  readonly column: string | undefined;
  /** Set where a write failed. */
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

/** An answer that leads elsewhere. Nothing was done: whoever redirects has not taken the request. */
export const redirected = (status: number, host: string): FreshsalesError =>
  new FreshsalesError(
    'UPSTREAM_ERROR',
    `Freshsales redirected the request${host && ` to ${host}`} (HTTP ${status}). Redirects are not followed, because the API key would go along.`,
    { status, redirectHost: host },
  );

/**
 * Turns an answer that is no success into the one error type. `body` is undefined where it was not JSON. `hide` takes the key
 * and the URL out of a sentence that quotes them.
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

/** The unified-contact service behind Freshsales passes its own 429 on inside a 400. The words are its log line, not localised. */
const throttledInside = (messages: readonly string[]): boolean =>
  messages.some((message) => message.includes('response_code :: 429'));

/** What is kept of a refusal: more sentences, and longer ones, are of no use to a caller. */
const MAX_MESSAGES = 100;
const MAX_MESSAGE = 1000;

/** Reads every shape in which Freshsales has been seen to say what was wrong. */
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

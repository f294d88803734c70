import { isObject } from './json.ts';

export type FreshsalesErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'RATE_LIMITED'
  | 'COST_LIMIT_EXCEEDED'
  | 'NOT_AVAILABLE'
  | 'PAGE_DRIFT'
  | 'ABORTED'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_TIMEOUT';

interface Details {
  status?: number | undefined;
  /** The reasons why Freshsales refused the request, in its own words. */
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
  /** The reasons why Freshsales refused the request. Empty if it gave none. */
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

/** An error for a response about another record than the one that was named. */
export const otherRecord = (): FreshsalesError =>
  new FreshsalesError('UPSTREAM_ERROR', 'Freshsales answered with another record.');

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

/** The hourly quota as Freshsales counts it, including calls of other clients. */
interface RateNews {
  readonly limit: number;
  readonly used: number;
  /** End of the hour by the local clock. Undefined if missing or implausible. */
  readonly resetAt: number | undefined;
}

const HOUR = 3_600_000;

/** More than any plan has. Larger values are ignored, and would not fit a GraphQL Int. */
const MOST_CALLS = 10_000_000;

/** Reads the `X-RateLimit-*` headers. Returns undefined if they are missing or invalid. */
export function readRateHeaders(headers: Headers, now: number): RateNews | undefined {
  const limit = countOf(headers.get('x-ratelimit-limit'));
  const remaining = countOf(headers.get('x-ratelimit-remaining'));
  if (limit === undefined || limit === 0 || limit > MOST_CALLS || remaining === undefined) return undefined;
  return { limit, used: Math.max(0, limit - remaining), resetAt: resetOf(headers, now) };
}

/** Freshsales sends no Retry-After with a 429. A minute is the shorter of its two windows. */
const DEFAULT_WAIT_SECONDS = 60;

/**
 * Seconds to wait after a 429: `Retry-After`, or the rest of a spent hour, or a minute. At most an hour, the longest window.
 */
export function waitAfter(headers: Headers, now: number): number {
  const asked = askedFor(headers, now);
  if (asked > 0) return Math.min(Math.ceil(asked / 1000), HOUR / 1000);
  const news = readRateHeaders(headers, now);
  if (news?.resetAt === undefined || news.used < news.limit) return DEFAULT_WAIT_SECONDS;
  return Math.max(1, Math.ceil((news.resetAt - now) / 1000));
}

/** `Retry-After` in milliseconds, from seconds or a date. 0 if missing. */
function askedFor(headers: Headers, now: number): number {
  const text = headers.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const until = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(until) ? 0 : until - theirNow(headers, now);
}

/** The time by Freshsales' clock, from the `Date` header. */
function theirNow(headers: Headers, now: number): number {
  const told = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(told) ? now : told;
}

const countOf = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text) ? Number(text) : undefined;

/**
 * Parses `ddmmyyHHMMSS` (FACTS 2). Ignores times outside the coming hour. Corrects for the difference between the clocks if
 * the response has the time.
 */
function resetOf(headers: Headers, now: number): number | undefined {
  const text = headers.get('x-ratelimit-reset') ?? '';
  const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0] = parts;
  const ahead = Date.UTC(2000 + year, month - 1, day, hour, minute, second) - theirNow(headers, now);
  return ahead > 0 && ahead <= HOUR ? now + ahead : undefined;
}

/** The reasons why Freshsales refused a request. */
export interface Reason {
  /** Freshsales' own sentence, in the language of the API user. */
  readonly message: string;
  /** The column as Freshsales names it: `email`, `custom_field.cf_x`, `emails[0].value`. Undefined if the sentence is all there is. */
  readonly column?: string;
  /** A code such as `duplicate_value`. */
  readonly code?: string;
}

/** Limits on the sentences of a refusal. */
const MAX_REASONS = 100;
const MAX_MESSAGE = 1000;

/** Keys of an error object that hold what went wrong, in order of preference. */
const WORDS = [
  'errors',
  'message',
  'messages',
  'description',
  'error_description',
  'error_message',
  'detail',
  'error',
  'msg',
  'reason',
];

/** Keys that describe the refusal and name no column. */
const DETAILS = new Set(['code', 'status_code', 'error_code', 'success', 'request_id', 'timestamp', 'path', 'trace']);

/** Keys of an error object that name the column. */
const COLUMN_KEYS = ['field', 'attribute', 'column', 'field_name', 'param', 'property', 'name'];

/** Reads the reasons in all known formats (FACTS 3): texts, lists, objects, and objects keyed by column. */
export const reasonsOf = (body: unknown, hide: (text: string) => string = (text) => text): Reason[] =>
  reasonsIn(body)
    .slice(0, MAX_REASONS)
    .map(({ message, ...rest }) => ({ ...rest, message: shortened(hide(message)) }));

const shortened = (text: string): string => (text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text);

/** The sentences alone. A short one such as “is invalid” gets the name of its column. */
export const sentenceOf = ({ message, column }: Reason): string =>
  column === undefined || message.toLowerCase().includes(column.toLowerCase()) ? message : `${column} ${message}`;

function reasonsIn(value: unknown): Reason[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [{ message: value }];
  if (Array.isArray(value)) return value.flatMap((item) => (isObject(item) ? errorIn(item) : reasonsIn(item)));
  if (!isObject(value)) return [];
  for (const key of WORDS) {
    const found = key === 'errors' && isObject(value.errors) ? errorIn(value.errors) : reasonsIn(value[key]);
    if (found.length > 0) return found;
  }
  return byColumn(value);
}

/** One error: `{"field": "email", "message": "…"}`, or columns as keys, `{"email": ["is invalid"]}`. */
function errorIn(error: Readonly<Record<string, unknown>>): Reason[] {
  const isOne = WORDS.some((key) => key in error && !(key === 'description' && isAboutDescription(error)));
  return isOne ? reasonsIn(error).map((reason) => ({ ...detailsOf(error), ...reason })) : byColumn(error);
}

/** `{"description": ["can't be blank"]}` names a column; a description of the error is text or has a code. */
const isAboutDescription = ({ description, code }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(description) && code === undefined;

/** `{"email": ["is invalid"], "custom_field": {"cf_x": ["…"]}}`. */
const byColumn = (errors: Readonly<Record<string, unknown>>): Reason[] =>
  Object.entries(errors).flatMap(([key, value]) => {
    if (DETAILS.has(key)) return [];
    const reasons = isObject(value) ? errorIn(value) : reasonsIn(value);
    if (key === 'base') return reasons;
    return reasons.map(({ column, ...reason }) => ({
      ...reason,
      column: column === undefined ? key : `${key}.${column}`,
    }));
  });

function detailsOf(error: Readonly<Record<string, unknown>>): Partial<Reason> {
  const column = COLUMN_KEYS.map((key) => error[key]).find((name) => typeof name === 'string' && name.length <= 200);
  const { code } = error;
  return {
    ...(typeof column === 'string' && column.trim() !== '' && { column }),
    ...(typeof code === 'string' && { code }),
  };
}

/** The hourly quota as Freshsales counts it, including calls of other clients. */
export interface RateNews {
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

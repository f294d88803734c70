/** What Freshsales itself counts in the hour, everybody's calls included. */
export interface RateNews {
  readonly limit: number;
  readonly used: number;
  /** When its hour ends, by our clock; undefined where it does not say so believably. */
  readonly resetAt: number | undefined;
}

const HOUR = 3_600_000;

/** Far more than any plan has. What says more is no limit, and would not fit a GraphQL Int. */
const MOST_CALLS = 10_000_000;

/** Reads the `X-RateLimit-*` headers; undefined where they are not there, or make no sense. */
export function readRateHeaders(headers: Headers, now: number): RateNews | undefined {
  const limit = countOf(headers.get('x-ratelimit-limit'));
  const remaining = countOf(headers.get('x-ratelimit-remaining'));
  if (limit === undefined || limit === 0 || limit > MOST_CALLS || remaining === undefined) return undefined;
  return { limit, used: Math.max(0, limit - remaining), resetAt: resetOf(headers, now) };
}

/** Freshsales gives no Retry-After with a 429; a minute is the shorter of its two windows. */
const DEFAULT_WAIT_SECONDS = 60;

/**
 * How long to ask nothing after a 429, in seconds: as long as it says, else to the end of an hour that is spent. Never longer
 * than an hour, which is the longest that Freshsales counts.
 */
export function waitAfter(headers: Headers, now: number): number {
  const asked = askedFor(headers, now);
  if (asked > 0) return Math.min(Math.ceil(asked / 1000), HOUR / 1000);
  const news = readRateHeaders(headers, now);
  if (news?.resetAt === undefined || news.used < news.limit) return DEFAULT_WAIT_SECONDS;
  return Math.max(1, Math.ceil((news.resetAt - now) / 1000));
}

/** What `Retry-After` asks for, in milliseconds; 0 where it does not. It is a number of seconds or a time. */
function askedFor(headers: Headers, now: number): number {
  const text = headers.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const until = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(until) ? 0 : until - theirNow(headers, now);
}

/** The time by the clock of Freshsales, where its answer tells it. */
function theirNow(headers: Headers, now: number): number {
  const told = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(told) ? now : told;
}

const countOf = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text) ? Number(text) : undefined;

/**
 * `ddmmyyHHMMSS`, as the one client that reads it parses it (FACTS 2). Believed only when it lies within the coming hour. Where
 * the answer tells the time, the difference between the two clocks is taken off.
 */
function resetOf(headers: Headers, now: number): number | undefined {
  const text = headers.get('x-ratelimit-reset') ?? '';
  const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0] = parts;
  const ahead = Date.UTC(2000 + year, month - 1, day, hour, minute, second) - theirNow(headers, now);
  return ahead > 0 && ahead <= HOUR ? now + ahead : undefined;
}

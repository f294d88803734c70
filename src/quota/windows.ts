import { randomUUID } from 'node:crypto';

/** One of the two windows in which Freshsales counts calls. */
export interface Window {
  readonly name: 'hour' | 'minute';
  readonly limit: number;
  readonly used: number;
  readonly resetAt: Date;
}

export const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A call without a response for this long counts as answered, because its server may have stopped. */
const FLIGHT_MS = 120_000;

/** The longest that other calls wait for the probe after a pause. */
const PROBE_MS = 35_000;

/** The most by which the end of an hour may differ from one response to the next. */
const RESET_TOLERANCE_MS = 30_000;

/** The hour as Freshsales' headers report it. */
interface ReportedHour {
  limit: number;
  used: number;
  resetAt: number;
}

/**
 * The calls of one account, as plain data. A call counts from when it is taken until a window's length after its response,
 * because Freshsales counts it at an unknown time in between. All times are by the clock of the store.
 */
export interface CallWindows {
  /** Changes when the store has lost its data. */
  readonly id: string;
  /** When each call without a response was taken. */
  inFlight: Record<string, number>;
  /** When calls were answered, in order. */
  answered: number[];
  reported?: ReportedHour;
  /** After a 429: no call before this. */
  pausedUntil: number;
  /** After a pause: the ticket of the probe, the single call that is allowed, or `wanted`. */
  probe?: string;
  /** Set after the store lost its data, until Freshsales reports a count: the calls since then. */
  loss?: { readonly at: number; calls: number };
}

const PROBE_WANTED = 'wanted';

export const newWindows = (): CallWindows => ({ id: randomUUID(), inFlight: {}, answered: [], pausedUntil: 0 });

export interface WindowLimits {
  readonly hour: number;
  readonly minute: number;
  /** The share of the hour that may be spent after a loss, from 0 to 1. */
  readonly share: number;
}

/** A call that may be counted. */
export interface CallToCount {
  /** Names the call until it is answered. */
  readonly ticket: string;
  /** The share of each window that this call leaves to others, from 0 to 1. */
  readonly leaves: number;
  /** Calls that wait for the same window and come first. */
  readonly ahead: number;
}

/** The reason why a call must wait. */
export interface Refusal {
  /** `paused`: Freshsales responded with 429. `probing`: the pause is over, and one call checks whether calls are accepted again. */
  readonly because: 'hour' | 'minute' | 'paused' | 'probing';
  /** Delay until the next attempt, in milliseconds; 0 for `probing`, whose end is unknown. */
  readonly waitMs: number;
}

/** The outcome of a call. */
export interface CallResult {
  /** The hour as the response headers report it. */
  readonly report?:
    | { readonly limit: number; readonly used: number; readonly endsInMs: number | undefined }
    | undefined;
  /** After a 429: how long to pause. */
  readonly pauseMs?: number | undefined;
}

/** Counts a call, or returns why it must wait. */
export function take(windows: CallWindows, call: CallToCount, limits: WindowLimits, now: number): Refusal | undefined {
  tidy(windows, now);
  if (now < windows.pausedUntil) return { because: 'paused', waitMs: windows.pausedUntil - now };
  const probeTakenAt = windows.inFlight[windows.probe ?? ''];
  if (probeTakenAt !== undefined && probeTakenAt > now - PROBE_MS) return { because: 'probing', waitMs: 0 };
  const refusal = refusalOfHour(windows, call, limits, now) ?? refusalOfMinute(windows, call, limits, now);
  if (refusal) return refusal;
  windows.inFlight[call.ticket] = now;
  if (windows.probe !== undefined) windows.probe = call.ticket;
  if (windows.loss) windows.loss.calls += 1;
  return undefined;
}

/** Records that a call was answered, or was sent without a response. */
export function settle(windows: CallWindows, ticket: string, { report, pauseMs }: CallResult, now: number): void {
  tidy(windows, now);
  const takenAt = windows.inFlight[ticket];
  if (takenAt !== undefined) {
    delete windows.inFlight[ticket];
    windows.answered.push(now);
  }
  // An unknown call was counted elsewhere, but the report in its response is still valid.
  if (takenAt !== undefined || report) learn(windows, report, takenAt ?? now, now);
  if (windows.probe === ticket) delete windows.probe;
  if (pauseMs === undefined) return;
  windows.pausedUntil = Math.max(windows.pausedUntil, now + pauseMs);
  windows.probe = PROBE_WANTED;
}

/** Removes a call that was not sent. */
export function giveBack(windows: CallWindows, ticket: string): void {
  if (windows.inFlight[ticket] !== undefined && windows.loss) windows.loss.calls -= 1;
  delete windows.inFlight[ticket];
  if (windows.probe === ticket) windows.probe = PROBE_WANTED;
}

/** Usage of both windows, and when each has room again. */
export function usageOf(windows: CallWindows, limits: WindowLimits, now: number) {
  tidy(windows, now);
  const flying = Object.keys(windows.inFlight).length;
  const { reported, answered } = windows;
  const first = firstWithin(answered, MINUTE, now);
  return {
    hour: {
      limit: reported?.limit ?? limits.hour,
      used: (reported?.used ?? answered.length) + flying,
      resetsInMs: reported ? reported.resetAt - now : untilOver(answered[0], HOUR, now),
    },
    minute: {
      limit: limits.minute,
      used: answered.length - first + flying,
      resetsInMs: untilOver(answered[first], MINUTE, now),
    },
  };
}

function refusalOfHour(
  windows: CallWindows,
  call: CallToCount,
  limits: WindowLimits,
  now: number,
): Refusal | undefined {
  const { reported, answered, loss } = windows;
  const limit = reported?.limit ?? limits.hour;
  const most = limit - Math.floor(limit * call.leaves);
  const flying = Object.keys(windows.inFlight).length;
  if (loss && loss.calls >= Math.floor(limit * limits.share))
    return { because: 'hour', waitMs: Math.max(1, loss.at + HOUR - now) };
  if (reported) {
    const isSpent = reported.used + flying >= most;
    return isSpent ? { because: 'hour', waitMs: reported.resetAt - now } : undefined;
  }
  const excess = answered.length + flying - most;
  return excess < 0 ? undefined : { because: 'hour', waitMs: untilOver(answered[excess], HOUR, now) };
}

function refusalOfMinute(
  windows: CallWindows,
  call: CallToCount,
  limits: WindowLimits,
  now: number,
): Refusal | undefined {
  const { answered } = windows;
  const first = firstWithin(answered, MINUTE, now);
  const flying = Object.keys(windows.inFlight).length;
  const most = limits.minute - Math.floor(limits.minute * call.leaves);
  const excess = answered.length - first + flying - most + call.ahead;
  return excess < 0 ? undefined : { because: 'minute', waitMs: untilOver(answered[first + excess], MINUTE, now) };
}

/** Drops expired calls, and starts the next hour if the reported one has ended. */
function tidy(windows: CallWindows, now: number): void {
  const { reported, inFlight, loss } = windows;
  for (const [ticket, takenAt] of Object.entries(inFlight)) {
    if (takenAt > now - FLIGHT_MS) continue;
    delete inFlight[ticket];
    windows.answered.push(takenAt + FLIGHT_MS);
    windows.answered.sort((one, other) => one - other);
    if (reported) reported.used += 1;
  }
  // A reported hour has its own count, so single calls are kept for the minute only.
  windows.answered.splice(0, firstWithin(windows.answered, reported ? MINUTE : HOUR, now));
  if (loss && now >= loss.at + HOUR) delete windows.loss;
  if (!reported || now < reported.resetAt) return;
  reported.used = 0;
  reported.resetAt += Math.ceil((now - reported.resetAt + 1) / HOUR) * HOUR;
}

function learn(windows: CallWindows, report: CallResult['report'], takenAt: number, now: number): void {
  const { reported } = windows;
  // A call that began in the previous hour may report that hour.
  const isOld = reported !== undefined && takenAt < reported.resetAt - HOUR;
  if (!report || isOld) {
    if (reported) reported.used += 1;
    return;
  }
  delete windows.loss;
  const { limit, used, endsInMs } = report;
  const resetAt = endsInMs === undefined ? undefined : now + endsInMs;
  if (reported && isSameHour(reported, used, resetAt)) {
    // Responses may arrive out of order. Within an hour the count only grows.
    reported.used = Math.max(reported.used, used);
    reported.limit = limit;
    reported.resetAt = resetAt ?? reported.resetAt;
  } else windows.reported = { limit, used, resetAt: resetAt ?? now + HOUR };
}

/** Without a valid end, a count that has fallen by half means that a new hour has begun. */
function isSameHour(reported: ReportedHour, used: number, resetAt: number | undefined): boolean {
  if (resetAt === undefined) return used >= reported.used / 2;
  return resetAt <= reported.resetAt + RESET_TOLERANCE_MS && resetAt >= reported.resetAt - HOUR;
}

/** The index of the first time within the window that ends now. */
function firstWithin(times: readonly number[], length: number, now: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) > now - length) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Time until an entry leaves the window; the length of the window if there is none. */
const untilOver = (time: number | undefined, length: number, now: number): number =>
  time === undefined ? length : Math.max(1, time + length - now);

import type { RateNews } from '../freshsales/rate-headers.ts';
import { type Bid, HOUR, MINUTE, type Outcome, type QuotaWindows, type Verdict, type Windows } from './windows.ts';

export interface WindowOptions {
  readonly hourlyLimit: number;
  readonly minuteLimit: number;
  readonly now: () => number;
}

/** What a machine starts from that has lost sight of the others. */
export interface Alone {
  /** Into how many shares what is left is cut, of which it takes one. */
  readonly shares: number;
  readonly spent: { readonly hour: number; readonly minute: number };
  /** The hour as Freshsales told it last. */
  readonly told?: Readonly<Told>;
  /** After a 429: until when nobody may ask, and then one at first. */
  readonly pausedUntil?: number;
}

/** The hour as Freshsales' own headers tell it. */
interface Told {
  limit: number;
  used: number;
  resetAt: number;
}

/** Moments of calls that count in a window, the oldest first. */
class Log {
  readonly #length: number;
  readonly #times: number[] = [];

  constructor(length: number) {
    this.#length = length;
  }

  add(time: number, count = 1): void {
    for (let each = 0; each < count; each += 1) this.#times.push(time);
  }

  count(now: number): number {
    while ((this.#times[0] ?? now) <= now - this.#length) this.#times.shift();
    return this.#times.length;
  }

  /** Those since a moment. */
  countFrom(from: number, now: number): number {
    const count = this.count(now);
    const first = this.#times.findIndex((time) => time >= from);
    return first < 0 ? 0 : count - first;
  }

  /** Until so many of them count no longer. */
  waitFor(count: number, now: number): number {
    const time = this.#times[count - 1];
    return time === undefined ? this.#length : Math.max(1, time + this.#length - now);
  }
}

/** Counts in the memory of this process. */
export class MemoryWindows implements QuotaWindows {
  readonly #options: WindowOptions;
  readonly #shares: number;
  /** Calls not answered yet, and when they were taken. */
  readonly #inFlight = new Map<string, number>();
  readonly #minute = new Log(MINUTE);
  readonly #hour = new Log(HOUR);
  /** What all machines had spent when this one was left alone. */
  readonly #before = { minute: new Log(MINUTE), hour: new Log(HOUR) };
  #told: Told | undefined;
  #pausedUntil = 0;
  /** After a pause: the one call that tries, or that one is to come. */
  #probe: string | 'wanted' | undefined;

  constructor(options: WindowOptions, alone?: Alone) {
    this.#options = options;
    this.#shares = alone?.shares ?? 1;
    if (!alone) return;
    const now = options.now();
    this.#before.minute.add(now, alone.spent.minute);
    this.#before.hour.add(now, alone.spent.hour);
    this.#told = alone.told && { ...alone.told };
    if (alone.pausedUntil === undefined) return;
    this.#pausedUntil = alone.pausedUntil;
    this.#probe = 'wanted';
  }

  /** Until when nobody may ask, and then one at first; undefined where all may. */
  get pausedUntil(): number | undefined {
    return this.#probe === undefined ? undefined : this.#pausedUntil;
  }

  /** The hour as Freshsales told it last. */
  get told(): Readonly<Told> | undefined {
    return this.#current(this.#options.now());
  }

  take({ ticket, leaves, ahead }: Bid): Verdict {
    const now = this.#options.now();
    if (now < this.#pausedUntil) return { ok: false, because: 'paused', waitMs: this.#pausedUntil - now };
    if (this.#probe !== undefined && this.#probe !== 'wanted') return { ok: false, because: 'probing', waitMs: 0 };
    const refusal = this.#hourRefuses(leaves, now) ?? this.#minuteRefuses(leaves, ahead, now);
    if (refusal) return refusal;
    this.#inFlight.set(ticket, now);
    if (this.#probe === 'wanted') this.#probe = ticket;
    return { ok: true };
  }

  settle(ticket: string, { news, pauseMs }: Outcome): void {
    const now = this.#options.now();
    const takenAt = this.#inFlight.get(ticket);
    // One that was not taken here has been counted elsewhere; what its answer tells is news all the same.
    if (this.#inFlight.delete(ticket)) {
      this.#minute.add(now);
      this.#hour.add(now);
    }
    if (takenAt !== undefined || news) this.#learn(news, takenAt ?? now, now);
    if (this.#probe === ticket) this.#probe = undefined;
    if (pauseMs === undefined) return;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    this.#probe = 'wanted';
  }

  giveBack(ticket: string): void {
    this.#inFlight.delete(ticket);
    if (this.#probe === ticket) this.#probe = 'wanted';
  }

  get windows(): Windows {
    const now = this.#options.now();
    const { minuteLimit } = this.#options;
    const told = this.#current(now);
    const own = this.#hour.count(now) + this.#before.hour.count(now);
    const hourLimit = told?.limit ?? this.#options.hourlyLimit;
    const hourUsed = (told?.used ?? own) + this.#inFlight.size;
    const minuteUsed = this.#minute.count(now) + this.#before.minute.count(now) + this.#inFlight.size;
    const hourEnds = told?.resetAt ?? now + this.#hour.waitFor(1, now);
    return {
      hour: { name: 'hour', limit: hourLimit, used: Math.min(hourUsed, hourLimit), resetAt: new Date(hourEnds) },
      minute: {
        name: 'minute',
        limit: minuteLimit,
        used: Math.min(minuteUsed, minuteLimit),
        resetAt: new Date(now + this.#minute.waitFor(1, now)),
      },
    };
  }

  #hourRefuses(leaves: number, now: number): Verdict | undefined {
    const told = this.#current(now);
    const limit = told?.limit ?? this.#options.hourlyLimit;
    const most = limit - Math.floor(limit * leaves);
    if (told && told.used + this.#inFlight.size >= most)
      return { ok: false, because: 'hour', waitMs: told.resetAt - now };
    // Knowing where Freshsales' hour begins, and alone in it, there is no need to count in every hour there could be.
    if (told && this.#shares === 1) return undefined;
    const from = told ? told.resetAt - HOUR : 0;
    const excess = this.#excess(this.#hour, this.#before.hour, most, { now, from });
    if (excess < 0) return undefined;
    return { ok: false, because: 'hour', waitMs: told ? told.resetAt - now : this.#hour.waitFor(excess + 1, now) };
  }

  #minuteRefuses(leaves: number, ahead: number, now: number): Verdict | undefined {
    const { minuteLimit } = this.#options;
    const most = minuteLimit - Math.floor(minuteLimit * leaves);
    const excess = this.#excess(this.#minute, this.#before.minute, most, { now, from: 0 }) + ahead;
    return excess < 0 ? undefined : { ok: false, because: 'minute', waitMs: this.#minute.waitFor(excess + 1, now) };
  }

  /** By how many calls a window that began then is overdrawn if one more is made: below zero, it may be. */
  #excess(log: Log, before: Log, most: number, { now, from }: { now: number; from: number }): number {
    const spent = before.countFrom(from, now);
    const share = Math.floor(Math.max(0, most - spent) / this.#shares);
    return log.countFrom(from, now) + this.#inFlight.size - share;
  }

  /** What Freshsales told, as long as its hour lasts; the next one begins when that ends. */
  #current(now: number): Told | undefined {
    const told = this.#told;
    if (told && now >= told.resetAt) {
      told.used = 0;
      while (told.resetAt <= now) told.resetAt += HOUR;
    }
    return told;
  }

  #learn(news: RateNews | undefined, takenAt: number, now: number): void {
    const told = this.#current(now);
    // An answer from before this hour may speak of the one before.
    const isOld = told !== undefined && takenAt < told.resetAt - HOUR;
    if (!news || isOld) {
      if (told) told.used += 1;
      return;
    }
    if (told && isSameHour(told, news)) {
      // Answers overtake one another: within an hour the count only grows.
      told.used = Math.max(told.used, news.used);
      told.limit = news.limit;
      told.resetAt = news.resetAt ?? told.resetAt;
    } else this.#told = { limit: news.limit, used: news.used, resetAt: news.resetAt ?? now + HOUR };
  }
}

/** How far the end of one hour may differ from one answer to the next. */
const RESET_TOLERANCE = 30_000;

/** Without a believable end, only a count that has fallen by half says that a new hour has begun. */
function isSameHour(told: Told, { used, resetAt }: RateNews): boolean {
  if (resetAt === undefined) return used >= told.used / 2;
  return resetAt <= told.resetAt + RESET_TOLERANCE && resetAt >= told.resetAt - HOUR;
}

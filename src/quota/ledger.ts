import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';

/** One of the two windows Freshsales counts in. */
export interface Window {
  readonly name: 'hour' | 'minute';
  readonly limit: number;
  readonly used: number;
  readonly resetAt: Date;
}

export interface LedgerOptions {
  /** Calls an hour: 1,000 on Free and Growth, 2,000 on Pro, 5,000 on Enterprise (FACTS 2). */
  readonly hourlyLimit?: number;
  /** Calls a minute: 400 on every plan (FACTS 2). */
  readonly minuteLimit?: number;
  readonly now?: () => Date;
}

/**
 * What the account has spent and may still spend. Calls that others make are seen through the answers' headers. It refuses
 * a call only where Freshsales has said that none is left; on a guess of ours it does not.
 */
export interface Ledger extends Meter {
  readonly hour: Window;
  readonly minute: Window;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Counts in memory; one for each account, however many keys it is reached with. */
export function createLedger({
  hourlyLimit = 1000,
  minuteLimit = 400,
  now = () => new Date(),
}: LedgerOptions = {}): Ledger {
  const hour = new Counter('hour', hourlyLimit, HOUR, now);
  const minute = new Counter('minute', minuteLimit, MINUTE, now);
  return {
    get hour() {
      return hour.snapshot();
    },
    get minute() {
      return minute.snapshot();
    },
    allow() {
      for (const counter of [hour, minute]) counter.refuseWhenEmpty();
    },
    spend() {
      for (const counter of [hour, minute]) counter.add();
    },
    learn(_status, headers) {
      hour.correct(headers);
    },
  };
}

class Counter {
  readonly #name: 'hour' | 'minute';
  readonly #length: number;
  readonly #now: () => Date;
  #limit: number;
  #used = 0;
  #resetAt: number;
  /** Whether Freshsales itself has said what is left. Our own count begins with the process and sees nobody else's calls. */
  #told = false;

  constructor(name: 'hour' | 'minute', limit: number, length: number, now: () => Date) {
    this.#name = name;
    this.#limit = limit;
    this.#length = length;
    this.#now = now;
    this.#resetAt = now().getTime() + length;
  }

  snapshot(): Window {
    this.#roll();
    return {
      name: this.#name,
      limit: this.#limit,
      used: Math.min(this.#used, this.#limit),
      resetAt: new Date(this.#resetAt),
    };
  }

  add(): void {
    this.#roll();
    this.#used += 1;
  }

  refuseWhenEmpty(): void {
    this.#roll();
    if (!this.#told || this.#used < this.#limit) return;
    const retryAfter = Math.max(1, Math.ceil((this.#resetAt - this.#now().getTime()) / 1000));
    const message = `The Freshsales account has spent its ${this.#limit} calls of this ${this.#name}. Try again in ${retryAfter} seconds.`;
    throw new FreshsalesError('RATE_LIMITED', message, { retryAfter });
  }

  /** Takes over what Freshsales itself counts, which includes the calls of everybody else. */
  correct(headers: Headers): void {
    const limit = countOf(headers.get('x-ratelimit-limit'));
    const remaining = countOf(headers.get('x-ratelimit-remaining'));
    if (limit === undefined || limit === 0 || remaining === undefined) return;
    this.#limit = limit;
    this.#used = Math.max(0, limit - remaining);
    this.#told = true;
    const resetAt = resetOf(headers.get('x-ratelimit-reset'), this.#now());
    if (resetAt !== undefined) this.#resetAt = resetAt;
  }

  #roll(): void {
    const now = this.#now().getTime();
    if (now < this.#resetAt) return;
    this.#used = 0;
    this.#told = false;
    this.#resetAt = now + this.#length;
  }
}

const countOf = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text) ? Number(text) : undefined;

/** `ddmmyyHHMMSS`, as the one client that reads it parses it (FACTS 2). Believed only when it lies within the coming hour. */
function resetOf(text: string | null, now: Date): number | undefined {
  const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/
    .exec(text ?? '')
    ?.slice(1)
    .map(Number);
  if (!parts) return undefined;
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0] = parts;
  const at = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  const ahead = at - now.getTime();
  return ahead > 0 && ahead <= HOUR ? at : undefined;
}

import type { Behaviours } from './behaviours.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Calls in a fixed window of a minute or an hour. */
interface Window {
  began: number;
  used: number;
}

/** The account's quota: an hourly and a minutely limit. Refused calls count as well. */
export class Quota {
  readonly #behaviours: Behaviours;
  readonly #now: () => Date;
  #hour: Window = { began: 0, used: 0 };
  #minute: Window = { began: 0, used: 0 };

  constructor(behaviours: Behaviours, now: () => Date) {
    this.#behaviours = behaviours;
    this.#now = now;
  }

  /** Counts a call. Returns true if it is within the quota. */
  spend(): boolean {
    const time = this.#now().getTime();
    this.#hour = count(this.#hour, time, HOUR);
    this.#minute = count(this.#minute, time, MINUTE);
    return this.#hour.used <= this.#behaviours.hourlyLimit && this.#minute.used <= this.#behaviours.minuteLimit;
  }

  refill(): void {
    this.#hour = { began: 0, used: 0 };
    this.#minute = { began: 0, used: 0 };
  }

  /** Response headers, which mention the hour only. */
  headers(): Record<string, string> {
    const { hourlyLimit } = this.#behaviours;
    return {
      'X-RateLimit-Limit': String(hourlyLimit),
      'X-RateLimit-Remaining': String(Math.max(hourlyLimit - this.#hour.used, 0)),
      'X-RateLimit-Reset': dmyHis(new Date(startOf(this.#now().getTime(), HOUR) + HOUR)),
    };
  }
}

const startOf = (time: number, length: number): number => Math.floor(time / length) * length;

function count({ began, used }: Window, time: number, length: number): Window {
  const start = startOf(time, length);
  return start === began ? { began, used: used + 1 } : { began: start, used: 1 };
}

/** Day, month, year, hours, minutes and seconds with two digits each, not an epoch. */
function dmyHis(time: Date): string {
  const [year = '', month = '', day = '', ...rest] = time.toISOString().slice(2, 19).split(/[-T:]/);
  return [day, month, year, ...rest].join('');
}

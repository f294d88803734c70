import { randomUUID } from 'node:crypto';
import type { RateNews } from '../../freshsales/rate-headers.ts';
import { type Alone, MemoryWindows, type WindowOptions } from '../../quota/memory-windows.ts';
import {
  type Bid,
  HOUR,
  MINUTE,
  type Outcome,
  type QuotaWindows,
  type Verdict,
  type Windows,
} from '../../quota/windows.ts';
import type { Link } from './link.ts';
import type { Run } from './run.ts';
import type { Script } from './script.ts';
import { BEAT, GIVE_BACK, RESTORE, SETTLE, TAKE } from './window-scripts.ts';

/** How often a machine says that it is there, and hears whether it is known. */
const BEAT_MS = 1000;

/** After Redis is back, how long to go on alone, so that every machine has told what it spent meanwhile. */
const CATCH_UP_MS = 2000;

/** Tickets told again in one go. */
const CHUNK = 500;

/** Whoever has never seen the others takes it that there is one. */
const LEAST_MACHINES = 2;

/** Counts in Redis, with all other machines; alone while Redis is gone, with a share of what was left. */
export class RedisWindows implements QuotaWindows {
  readonly #options: WindowOptions;
  readonly #link: () => Link;
  readonly #keys: readonly string[];
  readonly #machine = randomUUID();
  /** This machine's own calls of the last hour: when each was answered, or undefined in flight. */
  readonly #own = new Map<string, number | undefined>();
  #alone: MemoryWindows | undefined;
  #rejoining = false;
  /** The life of Redis that was met last. */
  #runId = '';
  #machines = LEAST_MACHINES;
  #seen: Windows;
  /** What else was heard last: the hour as Freshsales tells it, and until when nobody may ask. */
  #heard: Pick<Alone, 'told' | 'pausedUntil'> = {};
  readonly #beat: NodeJS.Timeout;

  constructor(options: WindowOptions, prefix: string, link: () => Link) {
    this.#options = options;
    this.#link = link;
    this.#keys = ['calls', 'state', 'machines'].map((name) => `${prefix}${name}`);
    this.#seen = new MemoryWindows(options).windows;
    this.#beat = setInterval(() => void this.#send(BEAT, [this.#machine, options.hourlyLimit]), BEAT_MS).unref();
  }

  async take(bid: Bid): Promise<Verdict> {
    const { ticket, leaves, ahead } = bid;
    const { hourlyLimit, minuteLimit } = this.#options;
    if (!this.#alone) {
      const reply = await this.#send(TAKE, [ticket, leaves, ahead, hourlyLimit, minuteLimit, this.#machine]);
      if (reply) return this.#taken(ticket, reply);
    }
    const verdict = this.#goAlone().take(bid);
    if (verdict.ok) this.#own.set(ticket, undefined);
    return verdict;
  }

  async settle(ticket: string, outcome: Outcome): Promise<void> {
    const { news, pauseMs } = outcome;
    const now = this.#options.now();
    this.#own.delete(ticket);
    this.#own.set(ticket, now);
    for (const [each, at] of this.#own) {
      if (at === undefined || at > now - HOUR) break;
      this.#own.delete(each);
    }
    const said = [pauseMs ?? -1, ...hourOf(news, now), this.#machine];
    if (!this.#alone && (await this.#send(SETTLE, [ticket, this.#options.hourlyLimit, ...said]))) return;
    this.#goAlone().settle(ticket, outcome);
  }

  async giveBack(ticket: string): Promise<void> {
    this.#own.delete(ticket);
    if (!this.#alone && (await this.#send(GIVE_BACK, [ticket, this.#options.hourlyLimit, this.#machine]))) return;
    this.#goAlone().giveBack(ticket);
  }

  get windows(): Windows {
    if (this.#alone) return this.#alone.windows;
    const now = this.#options.now();
    const { hour, minute } = this.#seen;
    const current = (window: Windows['hour']) => (now < window.resetAt.getTime() ? window : { ...window, used: 0 });
    return { hour: current(hour), minute: current(minute) };
  }

  /** How many machines there are, as far as is known. */
  get machines(): number {
    return Math.max(LEAST_MACHINES, this.#machines);
  }

  /** Redis is there, perhaps for the first time or with an empty memory: it is told what this machine has spent. */
  async restore(link: Link, run: Run): Promise<void> {
    // One that has lost its memory is not relied upon before the others have told it what they know.
    if (this.#runId !== '' && this.#runId !== run.id) this.#goAlone();
    this.#runId = run.id;
    await this.#tell((args) => link.insist(RESTORE, this.#keys, args));
    await link.insist(BEAT, this.#keys, [this.#machine, this.#options.hourlyLimit]);
    if (this.#alone && !this.#rejoining) {
      this.#rejoining = true;
      setTimeout(() => void this.#rejoin(), CATCH_UP_MS).unref();
    }
  }

  close(): void {
    clearInterval(this.#beat);
  }

  async #rejoin(): Promise<void> {
    this.#rejoining = false;
    if (!this.#link().isUp) return;
    await this.#tell((args) => this.#link().script(RESTORE, this.#keys, args));
    if (this.#link().isUp) this.#alone = undefined;
    // Calls that were taken alone while that was told.
    await this.#tell((args) => this.#link().script(RESTORE, this.#keys, args));
  }

  async #tell(send: (args: (string | number)[]) => Promise<unknown>): Promise<void> {
    const now = this.#options.now();
    const { pausedUntil, told } = this.#alone ?? this.#heard;
    const pauseMs = pausedUntil === undefined ? -1 : Math.max(0, pausedUntil - now);
    const known = [pauseMs, ...hourOf(told, now)];
    const own = [...this.#own].map(([ticket, at]) => [ticket, at === undefined ? -1 : Math.max(0, now - at)]);
    // A pause is told although there may be no calls.
    for (let at = 0; at === 0 || at < own.length; at += CHUNK)
      await send([...known, ...own.slice(at, at + CHUNK).flat()]);
  }

  #goAlone(): MemoryWindows {
    if (this.#alone) return this.#alone;
    const { hour, minute } = this.#seen;
    const spent = { hour: hour.used, minute: minute.used };
    // Half an equal share: what the others spent in the last seconds has not been heard of.
    this.#alone = new MemoryWindows(this.#options, { shares: 2 * this.machines, spent, ...this.#heard });
    return this.#alone;
  }

  #taken(ticket: string, [ok, because, waitMs]: readonly unknown[]): Verdict {
    if (ok === 1) {
      this.#own.set(ticket, undefined);
      return { ok: true };
    }
    return { ok: false, because: because as 'hour', waitMs: Number(waitMs) };
  }

  async #send(script: Script, args: readonly (string | number)[]): Promise<readonly unknown[] | undefined> {
    const reply = await this.#link().script(script, this.#keys, args);
    if (!Array.isArray(reply)) return undefined;
    if (reply[1] === 'forgotten') {
      this.#link().doubt();
      return undefined;
    }
    this.#note(reply.slice(3).map(Number));
    return reply;
  }

  #note(numbers: readonly number[]) {
    const [hourLimit = 0, hourUsed = 0, hourEnds = HOUR, minuteUsed = 0, minuteEnds = MINUTE, machines = 0] = numbers;
    const [isTold = 0, pauseMs = -1] = numbers.slice(6);
    const now = this.#options.now();
    const { minuteLimit } = this.#options;
    this.#machines = machines;
    this.#heard = {
      ...(isTold === 1 && { told: { limit: hourLimit, used: hourUsed, resetAt: now + hourEnds } }),
      ...(pauseMs >= 0 && { pausedUntil: now + pauseMs }),
    };
    this.#seen = {
      hour: { name: 'hour', limit: hourLimit, used: Math.min(hourUsed, hourLimit), resetAt: new Date(now + hourEnds) },
      minute: {
        name: 'minute',
        limit: minuteLimit,
        used: Math.min(minuteUsed, minuteLimit),
        resetAt: new Date(now + minuteEnds),
      },
    };
  }
}

/** An hour of Freshsales' as scripts take it: its limit, what is used, and the milliseconds to its end; none is -1. */
const hourOf = (hour: RateNews | undefined, now: number): number[] =>
  hour ? [hour.limit, hour.used, hour.resetAt === undefined ? -1 : Math.max(0, hour.resetAt - now)] : [-1, 0, -1];

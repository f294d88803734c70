import { randomUUID } from 'node:crypto';
import { FreshsalesError } from '../freshsales/errors.ts';
import { readRateHeaders, waitAfter } from '../freshsales/rate-headers.ts';
import type { Call, Meter, Turn } from '../freshsales/transport.ts';
import { MemoryWindows } from './memory-windows.ts';
import { WaitQueue } from './wait-queue.ts';
import type { QuotaWindows, Verdict, Window, Windows } from './windows.ts';

export type { Window } from './windows.ts';

export interface AccountLedgerOptions {
  /** Calls an hour: 1,000 on Free and Growth, 2,000 on Pro, 5,000 on Enterprise (FACTS 2). Freshsales' headers correct it. */
  readonly hourlyLimit?: number;
  /** Calls a minute: 400 on every plan (FACTS 2). */
  readonly minuteLimit?: number;
  /** The share of both that only writes and callers marked interactive may use; jobs in bulk leave twice as much. */
  readonly reserve?: number;
  /** How long a call may wait for the next minute; a longer wait is refused at once. */
  readonly maxWaitMs?: number;
  /** Where several machines count together. */
  readonly tally?: QuotaWindows;
  readonly now?: () => number;
}

export const DEFAULT_LEDGER = { hourlyLimit: 1000, minuteLimit: 400, reserve: 0.1, maxWaitMs: 5000 };

/**
 * What the account has spent and may still spend, whoever spends it: one for each Freshsales account. It refuses before
 * asking where nothing is left, and says when to come back.
 */
export interface AccountLedger extends Meter, Windows {
  /** Calls that are left of the hour for a lane, without those that it leaves to others. */
  left(lane: Turn['lane']): number;
}

/** What a lane leaves to the ones before it, in reserves. */
const LEAVES = { write: 0, interactive: 0, agent: 1, bulk: 2 } as const;

export function createAccountLedger(options: AccountLedgerOptions = {}): AccountLedger {
  const { hourlyLimit, minuteLimit, reserve, maxWaitMs, now = Date.now, ...rest } = { ...DEFAULT_LEDGER, ...options };
  const { tally = new MemoryWindows({ hourlyLimit, minuteLimit, now }) } = rest;
  return new CountingLedger(tally, reserve, maxWaitMs, now);
}

class CountingLedger implements AccountLedger {
  readonly #tally: QuotaWindows;
  readonly #reserve: number;
  readonly #now: () => number;
  /** One line for each lane: who may use more need not stand behind who may not. */
  readonly #lines: { readonly [lane in Turn['lane']]: WaitQueue };
  readonly #tickets = new Map<Call, string>();

  constructor(tally: QuotaWindows, reserve: number, maxWaitMs: number, now: () => number) {
    this.#tally = tally;
    this.#reserve = reserve;
    this.#now = now;
    const line = () => new WaitQueue(maxWaitMs, now);
    this.#lines = { write: line(), interactive: line(), agent: line(), bulk: line() };
  }

  get hour(): Window {
    return this.#tally.windows.hour;
  }

  get minute(): Window {
    return this.#tally.windows.minute;
  }

  allow(call: Call, { lane, signal, since }: Turn): void | Promise<void> {
    const ticket = randomUUID();
    const leaves = this.#leaves(lane);
    const wait = this.#lines[lane].enter({
      attempt: (ahead) => this.#tally.take({ ticket, leaves, ahead }),
      giveBack: () => void this.#tally.giveBack(ticket),
      signal,
      since: since ?? this.#now(),
    });
    const admit = (refused: Extract<Verdict, { ok: false }> | undefined) => {
      if (refused) throw toRefusal(refused, leaves > 0);
      this.#tickets.set(call, ticket);
    };
    return wait ? wait.then(admit) : admit(undefined);
  }

  left(lane: Turn['lane']): number {
    const { limit, used } = this.hour;
    return Math.max(0, limit - Math.floor(limit * this.#leaves(lane)) - used);
  }

  spend(): void {}

  learn(status: number, headers: Headers, call: Call): void {
    const now = this.#now();
    const news = readRateHeaders(headers, now);
    this.#settle(call, { news, ...(status === 429 && { pauseMs: waitAfter(headers, now) * 1000 }) });
  }

  release(call: Call, sent: boolean): void {
    if (sent) this.#settle(call, {});
    else this.#end(call, (ticket) => this.#tally.giveBack(ticket));
  }

  #leaves(lane: Turn['lane']): number {
    return Math.min(1, LEAVES[lane] * this.#reserve);
  }

  #settle(call: Call, outcome: Parameters<QuotaWindows['settle']>[1]): void {
    this.#end(call, (ticket) => this.#tally.settle(ticket, outcome));
  }

  #end(call: Call, how: (ticket: string) => void | Promise<void>): void {
    const ticket = this.#tickets.get(call);
    if (ticket === undefined) return;
    this.#tickets.delete(call);
    void Promise.resolve(how(ticket)).then(() => {
      for (const line of Object.values(this.#lines)) line.nudge();
    });
  }
}

function toRefusal({ because, waitMs }: Extract<Verdict, { ok: false }>, leavesSome: boolean): FreshsalesError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  const kept = leavesSome ? ' but those that are kept for writes and for people who wait' : '';
  const reason =
    because === 'hour' || because === 'minute'
      ? `The Freshsales account has spent its calls of this ${because}${kept}.`
      : 'Freshsales has said that the account has no calls left for now.';
  return new FreshsalesError('RATE_LIMITED', `${reason} Try again in ${retryAfter} seconds.`, { retryAfter });
}

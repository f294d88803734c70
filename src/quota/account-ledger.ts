import { randomUUID } from 'node:crypto';
import { FreshsalesError, readRateHeaders, waitAfter } from '../freshsales/errors.ts';
import type { Call, Meter, Turn } from '../freshsales/transport.ts';
import { createMemoryStore } from '../stores/memory/memory-store.ts';
import { type Store, StoreUnavailable } from '../stores/store.ts';
import { type QueuePosition, WaitQueue } from './wait-queue.ts';
import {
  type CallResult,
  type CallToCount,
  type CallWindows,
  giveBack,
  HOUR,
  newWindows,
  type Refusal,
  settle,
  take,
  usageOf,
  type Window,
  type WindowLimits,
} from './windows.ts';

export type { Window } from './windows.ts';

export interface AccountLedgerOptions {
  /** Calls an hour: 1,000 on Free and Growth, 2,000 on Pro, 5,000 on Enterprise (FACTS 2). Freshsales' headers correct it. */
  readonly hourlyLimit?: number;
  /** Calls a minute: 400 on every plan (FACTS 2). */
  readonly minuteLimit?: number;
  /** The share of both that only writes and interactive callers may use. Bulk jobs leave twice as much. */
  readonly reserve?: number;
  /** Maximum wait for the next minute. Calls that would wait longer are refused immediately. */
  readonly maxWaitMs?: number;
  /** The share of both that this server may use while the store is unavailable, from 0 to 1. */
  readonly share?: number;
  /** Counts together with other servers. In this process by default. */
  readonly store?: Store;
  /** Replaces the wall clock and the monotonic clock. */
  readonly now?: () => number;
}

export const DEFAULT_LEDGER = { hourlyLimit: 1000, minuteLimit: 400, reserve: 0.1, maxWaitMs: 5000, share: 0.25 };

/** Counts the calls of a Freshsales account. Refuses a call before it would exceed the quota. */
export interface AccountLedger extends Meter {
  readonly hour: Window;
  readonly minute: Window;
  /** Calls left to a priority this hour, without those reserved for others. */
  left(priority: Turn['priority']): number;
}

/** The number of reserves that a priority leaves to those of higher priority. */
const LEAVES = { write: 0, interactive: 0, agent: 1, bulk: 2 } as const;

const KEY = 'account ledger';
const KEEP_MS = 24 * HOUR;

/** Maximum age of displayed windows before they are read again. */
const REFRESH_MS = 1000;

export const createAccountLedger = (options: AccountLedgerOptions = {}): AccountLedger =>
  new CountingLedger({ ...DEFAULT_LEDGER, ...options });

type Settings = typeof DEFAULT_LEDGER & Pick<AccountLedgerOptions, 'store' | 'now'>;

class CountingLedger implements AccountLedger {
  readonly #store: Store;
  readonly #limits: WindowLimits;
  readonly #reserve: number;
  readonly #wallNow: () => number;
  readonly #now: () => number;
  /** One per priority, so that a call that may use the reserve does not wait behind one that may not. */
  readonly #queues: { readonly [priority in Turn['priority']]: WaitQueue };
  readonly #tickets = new Map<Call, string>();
  /** The last windows read, with the times of the store and of this process. */
  #seen: { windows: CallWindows; storeNow: number; now: number };
  /** The windows while the store is unavailable, continued from the last read. */
  #alone: CallWindows | undefined;
  /** Calls of this server while the store is unavailable. Limited to its share. */
  readonly #own = newWindows();

  constructor({ store, now, hourlyLimit, minuteLimit, reserve, maxWaitMs, share }: Settings) {
    this.#now = now ?? (() => performance.now());
    this.#wallNow = now ?? (() => Date.now());
    this.#store = store ?? createMemoryStore({ now: this.#now });
    this.#limits = { hour: hourlyLimit, minute: minuteLimit, share };
    this.#reserve = reserve;
    const queue = () => new WaitQueue(maxWaitMs, this.#now);
    this.#queues = { write: queue(), interactive: queue(), agent: queue(), bulk: queue() };
    this.#seen = { windows: newWindows(), storeNow: this.#now(), now: this.#now() };
  }

  get hour(): Window {
    return this.#window('hour');
  }

  get minute(): Window {
    return this.#window('minute');
  }

  async allow(call: Call, { priority, signal, since }: Turn): Promise<void> {
    const ticket = randomUUID();
    const leaves = this.#leaves(priority);
    const refusal = await this.#queues[priority].enter({
      attempt: (position) => this.#take({ ticket, leaves }, position),
      giveBack: () => void this.#giveBack(ticket),
      signal,
      since: since ?? this.#now(),
    });
    if (refusal) throw toError(refusal, leaves > 0);
    this.#tickets.set(call, ticket);
  }

  left(priority: Turn['priority']): number {
    const { limit, used } = this.hour;
    return Math.max(0, limit - Math.floor(limit * this.#leaves(priority)) - used);
  }

  spend(): void {}

  answered(status: number, headers: Headers, call: Call): void {
    const now = this.#wallNow();
    const news = readRateHeaders(headers, now);
    const endsInMs = news?.resetAt === undefined ? undefined : news.resetAt - now;
    this.#settle(call, {
      report: news && { limit: news.limit, used: news.used, endsInMs },
      ...(status === 429 && { pauseMs: waitAfter(headers, now) * 1000 }),
    });
  }

  release(call: Call, sent: boolean): void {
    if (sent) this.#settle(call, {});
    else this.#end(call, (ticket) => this.#giveBack(ticket));
  }

  #leaves(priority: Turn['priority']): number {
    return Math.min(1, LEAVES[priority] * this.#reserve);
  }

  #settle(call: Call, result: CallResult): void {
    this.#end(call, (ticket) =>
      this.#change((windows, now) => {
        settle(windows, ticket, result, now);
        if (windows === this.#alone) settle(this.#own, ticket, {}, now);
        return { result: undefined, isChanged: true };
      }),
    );
  }

  #end(call: Call, how: (ticket: string) => Promise<unknown>): void {
    const ticket = this.#tickets.get(call);
    if (ticket === undefined) return;
    this.#tickets.delete(call);
    void how(ticket).then(() => {
      for (const queue of Object.values(this.#queues)) queue.retryFirst();
    });
  }

  #take(terms: Omit<CallToCount, 'ahead'>, position: QueuePosition): Promise<Refusal | undefined> {
    return this.#change((windows, now) => {
      const call = { ...terms, ahead: position.ahead() };
      const refusal = take(windows, call, this.#limits, now) ?? this.#exceedsShare(windows, call, now);
      position.isRefused = refusal !== undefined;
      return { result: refusal, isChanged: refusal === undefined };
    });
  }

  #exceedsShare(windows: CallWindows, call: CallToCount, now: number): Refusal | undefined {
    if (windows !== this.#alone) return undefined;
    const refusal = take(this.#own, call, this.#shareOf(windows), now);
    if (refusal) giveBack(windows, call.ticket);
    return refusal;
  }

  #shareOf({ reported }: CallWindows): WindowLimits {
    const { hour, minute, share } = this.#limits;
    return { hour: Math.floor((reported?.limit ?? hour) * share), minute: Math.floor(minute * share), share };
  }

  #giveBack(ticket: string): Promise<void> {
    return this.#change((windows) => {
      giveBack(windows, ticket);
      if (windows === this.#alone) giveBack(this.#own, ticket);
      return { result: undefined, isChanged: true };
    });
  }

  /** Changes the shared windows, or this server's own while the store is unavailable. */
  async #change<R>(change: (windows: CallWindows, now: number) => { result: R; isChanged: boolean }): Promise<R> {
    try {
      const { result } = await this.#store.entries.update<CallWindows, R>(KEY, KEEP_MS, (value, now) => {
        const windows = this.#continued(value, now);
        const { result, isChanged } = change(windows, now);
        this.#seen = { windows, storeNow: now, now: this.#now() };
        this.#alone = undefined;
        return isChanged ? { value: windows, result } : { result };
      });
      return result;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#alone ??= structuredClone(this.#seen.windows);
      return change(this.#alone, this.#storeNow()).result;
    }
  }

  /** Continues lost windows, for example after Redis was emptied, from the last read. */
  #continued(value: CallWindows | undefined, now: number): CallWindows {
    const { windows, storeNow } = this.#seen;
    const isRecent = Object.keys(windows.inFlight).length + windows.answered.length > 0 && storeNow > now - HOUR;
    if (!value) {
      if (windows.answered.length === 0 && !windows.reported) return newWindows();
      return { ...structuredClone(windows), id: randomUUID(), ...(isRecent && { loss: { at: now, calls: 0 } }) };
    }
    if (isRecent && value.id !== windows.id) {
      const calls = Object.keys(value.inFlight).length + value.answered.length;
      value.loss ??= { at: now, calls };
    }
    return value;
  }

  /** The time of the store, computed from the clock of this process. */
  #storeNow(): number {
    return this.#seen.storeNow + this.#now() - this.#seen.now;
  }

  #window(name: 'hour' | 'minute'): Window {
    // With several servers this value may be old. The refresh corrects the next one.
    if (this.#now() - this.#seen.now > REFRESH_MS) void this.#change(() => ({ result: undefined, isChanged: false }));
    const now = this.#storeNow();
    const alone = this.#store.status() === 'degraded' ? this.#alone : undefined;
    const windows = alone ?? this.#seen.windows;
    const account = usageOf(windows, this.#limits, now)[name];
    const own = alone && usageOf(this.#own, this.#shareOf(windows), now)[name];
    const { limit, used, resetsInMs } = own && own.limit - own.used < account.limit - account.used ? own : account;
    return { name, limit, used: Math.min(used, limit), resetAt: new Date(this.#wallNow() + resetsInMs) };
  }
}

function toError({ because, waitMs }: Refusal, isReserved: boolean): FreshsalesError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  const except = isReserved ? ' except those reserved for writes and interactive callers' : '';
  const reason =
    because === 'hour' || because === 'minute'
      ? `The Freshsales account has used its calls of this ${because}${except}.`
      : 'Freshsales reports that the account has no calls left for now.';
  return new FreshsalesError('RATE_LIMITED', `${reason} Try again in ${retryAfter} seconds.`, { retryAfter });
}

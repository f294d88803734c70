import type { Verdict } from './windows.ts';

type Refused = Extract<Verdict, { ok: false }>;

/** Somebody who waits. */
interface Waiter {
  readonly attempt: (ahead: number) => Verdict | Promise<Verdict>;
  readonly until: number;
  readonly admit: () => void;
  readonly refuse: (verdict: Refused) => void;
  /** Has hung up. */
  gone: boolean;
}

export interface QueuedCall {
  /** Asks whether it may go now, given how many wait before it. */
  readonly attempt: (ahead: number) => Verdict | Promise<Verdict>;
  /** Gives back what an attempt has taken, for a caller who has hung up meanwhile. */
  readonly giveBack: () => void;
  readonly signal: AbortSignal | undefined;
  /** When its wait began. */
  readonly since: number;
}

/** How long to wait for an event that tells of itself: a probe that is answered, here or on another machine. */
const LOOK_AGAIN_MS = 100;

/** Callers who wait for the next minute, first come, first served. Waits that would be long are refused at once. */
export class WaitQueue {
  readonly #maxWaitMs: number;
  readonly #now: () => number;
  readonly #waiting: Waiter[] = [];
  #moving = false;
  #wake: () => void = () => {};
  #nudged = false;

  constructor(maxWaitMs: number, now: () => number) {
    this.#maxWaitMs = maxWaitMs;
    this.#now = now;
  }

  /** Goes through at once, or waits in line. Undefined: it may go. Else: why not. */
  enter(place: QueuedCall): undefined | Promise<Refused | undefined> {
    const verdict = place.attempt(this.#waiting.length);
    if (verdict instanceof Promise) return verdict.then((later) => this.#after(later, place));
    return this.#after(verdict, place);
  }

  /** Something has changed: whoever is first should look again. */
  nudge(): void {
    this.#nudged = true;
    this.#wake();
  }

  #after(verdict: Verdict, place: QueuedCall): undefined | Promise<Refused | undefined> {
    if (verdict.ok) return undefined;
    return this.#mayWait(verdict, this.#untilOf(place) - this.#now()) ? this.#queue(place) : Promise.resolve(verdict);
  }

  #untilOf({ since }: QueuedCall): number {
    return since + this.#maxWaitMs;
  }

  #mayWait({ because, waitMs }: Refused, leftMs: number): boolean {
    return (because === 'minute' || because === 'probing') && waitMs <= leftMs && leftMs > 0;
  }

  #queue(place: QueuedCall): Promise<Refused | undefined> {
    const { attempt, giveBack, signal } = place;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        waiter.gone = true;
        reject(signal?.reason);
        this.nudge();
      };
      const done = (verdict: Refused | undefined) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(verdict);
      };
      const waiter: Waiter = {
        attempt,
        until: this.#untilOf(place),
        admit: () => (waiter.gone ? giveBack() : done(undefined)),
        refuse: done,
        gone: false,
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#lineUp(waiter);
      void this.#move();
    });
  }

  /** By when they came, which for those who waited behind others' calls is earlier than now. */
  #lineUp(waiter: Waiter): void {
    const place = this.#waiting.findIndex(({ until }) => until > waiter.until);
    if (place === -1) this.#waiting.push(waiter);
    else this.#waiting.splice(place, 0, waiter);
    if (place === 0) this.nudge();
  }

  async #move(): Promise<void> {
    if (this.#moving) return;
    this.#moving = true;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      this.#nudged = false;
      const verdict: Verdict | undefined = first.gone ? undefined : await first.attempt(0);
      const left = first.until - this.#now();
      if (verdict && !verdict.ok && !first.gone && this.#mayWait(verdict, left)) {
        await this.#rest(verdict.because === 'probing' ? LOOK_AGAIN_MS : Math.min(verdict.waitMs, left));
        continue;
      }
      this.#waiting.splice(this.#waiting.indexOf(first), 1);
      if (verdict?.ok) first.admit();
      else if (verdict) first.refuse(verdict);
    }
    this.#moving = false;
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#nudged) return resolve();
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

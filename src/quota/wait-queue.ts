import type { Refusal } from './windows.ts';

interface Waiter {
  readonly attempt: QueuedCall['attempt'];
  readonly until: number;
  readonly admit: () => void;
  readonly refuse: (refusal: Refusal) => void;
  isAborted: boolean;
}

interface QueuedCall {
  /** Admits the call, or returns why not. */
  readonly attempt: (position: QueuePosition) => Promise<Refusal | undefined>;
  /** Returns the call if the client disconnected during the attempt. */
  readonly giveBack: () => void;
  readonly signal: AbortSignal | undefined;
  /** When its wait began. */
  readonly since: number;
}

/** The position of a call in the queue while it is decided. The decision may be repeated. */
export interface QueuePosition {
  /** Number of calls waiting before it. */
  ahead(): number;
  isRefused: boolean;
}

/** Interval between checks for the answer to a probe of any server. */
const PROBE_CHECK_MS = 100;

/** Calls that wait for the next minute, in order of arrival. Long waits are refused immediately. */
export class WaitQueue {
  readonly #maxWaitMs: number;
  readonly #now: () => number;
  readonly #waiting: Waiter[] = [];
  /** Calls whose decision is pending. Those refused will wait as well. */
  readonly #entering = new Set<QueuePosition>();
  #isMoving = false;
  #wake: () => void = () => {};
  #mustRetry = false;

  constructor(maxWaitMs: number, now: () => number) {
    this.#maxWaitMs = maxWaitMs;
    this.#now = now;
  }

  /** Admits the call, immediately or after waiting, or returns why it is refused. */
  async enter(call: QueuedCall): Promise<Refusal | undefined> {
    const before = () => [...this.#entering].filter((each) => each !== position && each.isRefused).length;
    const position: QueuePosition = { ahead: () => this.#waiting.length + before(), isRefused: false };
    this.#entering.add(position);
    try {
      const refusal = await call.attempt(position);
      if (!refusal || !this.#mayWait(refusal, call.since + this.#maxWaitMs - this.#now())) return refusal;
      return this.#queue(call);
    } finally {
      this.#entering.delete(position);
    }
  }

  /** Lets the first call in the queue try again. */
  retryFirst(): void {
    this.#mustRetry = true;
    this.#wake();
  }

  #mayWait({ because, waitMs }: Refusal, leftMs: number): boolean {
    return (because === 'minute' || because === 'probing') && waitMs <= leftMs && leftMs > 0;
  }

  #queue({ attempt, giveBack, signal, since }: QueuedCall): Promise<Refusal | undefined> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        waiter.isAborted = true;
        reject(signal?.reason);
        this.retryFirst();
      };
      const done = (refusal: Refusal | undefined) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(refusal);
      };
      const waiter: Waiter = {
        attempt,
        until: since + this.#maxWaitMs,
        admit: () => (waiter.isAborted ? giveBack() : done(undefined)),
        refuse: done,
        isAborted: false,
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#insert(waiter);
      void this.#move();
    });
  }

  /** Ordered by the start of the wait, which may include a wait for a shared call. */
  #insert(waiter: Waiter): void {
    const index = this.#waiting.findIndex(({ until }) => until > waiter.until);
    if (index === -1) this.#waiting.push(waiter);
    else this.#waiting.splice(index, 0, waiter);
    if (index === 0) this.retryFirst();
  }

  async #move(): Promise<void> {
    if (this.#isMoving) return;
    this.#isMoving = true;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      this.#mustRetry = false;
      const refusal = first.isAborted ? undefined : await first.attempt({ ahead: () => 0, isRefused: false });
      const leftMs = first.until - this.#now();
      if (refusal && !first.isAborted && this.#mayWait(refusal, leftMs)) {
        await this.#sleep(refusal.because === 'probing' ? PROBE_CHECK_MS : Math.min(refusal.waitMs, leftMs));
        continue;
      }
      this.#waiting.splice(this.#waiting.indexOf(first), 1);
      if (refusal) first.refuse(refusal);
      else first.admit();
    }
    this.#isMoving = false;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#mustRetry) return resolve();
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

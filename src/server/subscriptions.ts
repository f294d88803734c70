import type { Delivery } from './event-stream.ts';

/** A subscription that is open. */
export class Subscription implements Delivery {
  readonly #abort = new AbortController();
  readonly #onEnd: () => void;
  cursor: string | undefined;
  isFinal = true;
  /** Replaced when the feed is open. */
  lagOf: () => number = () => 0;
  destroy: () => void = () => {};

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get lag(): number {
    return this.lagOf();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  end(): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    this.#onEnd();
  }
}

/** All subscriptions of a server. */
export class Subscriptions {
  readonly #limit: number;
  readonly #byOwner = new Map<object | string, Set<Subscription>>();
  #isClosed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return [...this.#byOwner.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Opens one for a caller, or for an API key. Undefined if there are too many. */
  open(owner: object | string): Subscription | undefined {
    const all = this.#byOwner.get(owner) ?? new Set();
    if (all.size >= this.#limit || this.#isClosed) return undefined;
    this.#byOwner.set(owner, all);
    const subscription: Subscription = new Subscription(() => {
      all.delete(subscription);
      if (all.size === 0 && this.#byOwner.get(owner) === all) this.#byOwner.delete(owner);
    });
    all.add(subscription);
    return subscription;
  }

  /** Ends all after what they are delivering. Clients see a closed connection and subscribe again. */
  close(): void {
    this.#isClosed = true;
    for (const all of [...this.#byOwner.values()])
      for (const subscription of [...all]) {
        subscription.isFinal = false;
        subscription.end();
      }
  }
}

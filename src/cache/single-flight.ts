import type { SharedCall } from '../freshsales/response-cache.ts';
import type { Priority } from '../freshsales/transport.ts';

/** The outcome of a shared call, for all operations that waited. */
type CallResult<T> =
  | { readonly answer: T }
  /** A call refused before it was sent says nothing about the calls of other operations. */
  | { readonly error: unknown; readonly isSent: boolean };

/** The state of the cache when a call started. */
export interface CallStart {
  readonly at: number;
  readonly order: number;
  readonly position: number;
}

interface ActiveCall<T> {
  readonly result: Promise<CallResult<T>>;
  readonly end: (result: CallResult<T>) => void;
  readonly start: CallStart;
  readonly priority: Priority;
  readonly abort: AbortController;
  isSent: boolean;
  isOver: boolean;
  waiting: number;
}

interface JoinOptions {
  readonly start: CallStart;
  readonly priority: Priority;
  readonly signal: AbortSignal | undefined;
  /** True if a call that started then may be joined. */
  readonly isAcceptable: (start: CallStart) => boolean;
}

/** Priority when calls are scarce. */
const RANK: Readonly<Record<Priority, number>> = { interactive: 0, agent: 1, bulk: 2 };

/** Shares one call between concurrent identical reads. */
export class SingleFlight<T> {
  readonly #active = new Map<string, ActiveCall<T>>();

  /**
   * Joins the active call of that name if it is acceptable. Otherwise starts one. The call is aborted when no operation waits
   * for it any longer.
   */
  async join(
    name: string,
    call: (sharedCall: SharedCall) => Promise<T>,
    { start, priority, signal, isAcceptable }: JoinOptions,
  ): Promise<{ readonly result: CallResult<T>; readonly isOwn: boolean }> {
    signal?.throwIfAborted();
    const known = this.#active.get(name);
    const isSlow = known !== undefined && !known.isSent && RANK[priority] < RANK[known.priority];
    const joins = known !== undefined && !isSlow && !known.abort.signal.aborted && isAcceptable(known.start);
    const sharedCall = joins ? known : this.#start(name, call, { start, priority });
    if (isSlow) void this.#overtake(name, known, sharedCall);
    sharedCall.waiting += 1;
    const leave = () => {
      sharedCall.waiting -= 1;
      if (sharedCall.waiting === 0) sharedCall.abort.abort(signal?.reason);
    };
    return { result: await untilAborted(sharedCall.result, signal, leave), isOwn: !joins };
  }

  /** A call of higher priority does not wait for a queued one. Its answer serves both. */
  async #overtake(name: string, slow: ActiveCall<T>, fast: ActiveCall<T>): Promise<void> {
    const result = await fast.result;
    if (!('answer' in result)) {
      // The slow call is still queued, and can be joined again.
      if (!this.#active.has(name) && !slow.abort.signal.aborted && !slow.isOver) this.#active.set(name, slow);
      return;
    }
    if (slow.isSent) return;
    slow.end(result);
    slow.abort.abort();
  }

  #start(
    name: string,
    call: (sharedCall: SharedCall) => Promise<T>,
    { start, priority }: Pick<JoinOptions, 'start' | 'priority'>,
  ): ActiveCall<T> {
    const abort = new AbortController();
    let end: ActiveCall<T>['end'] = () => {};
    const result = new Promise<CallResult<T>>((resolve) => {
      end = resolve;
    });
    const sharedCall: ActiveCall<T> = { result, end, start, priority, abort, isSent: false, isOver: false, waiting: 0 };
    const sent = () => {
      sharedCall.isSent = true;
    };
    call({ signal: abort.signal, sent }).then(
      (answer) => end({ answer }),
      (error: unknown) => end({ error, isSent: sharedCall.isSent }),
    );
    this.#active.set(name, sharedCall);
    void result.then(() => {
      sharedCall.isOver = true;
      if (this.#active.get(name) === sharedCall) this.#active.delete(name);
    });
    return sharedCall;
  }
}

/** Settles as the promise does. If the signal aborts first, calls `leave` and rejects. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, leave: () => void): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      leave();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

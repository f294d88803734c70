import type { Flight } from '../freshsales/memory.ts';
import type { Lane } from '../freshsales/transport.ts';

/** How a flight ended, for everyone who waited. */
export type FlightResult<T> =
  | { readonly answer: T }
  /** `isSent`: whether the call went out. A refusal before that says nothing about the calls of others. */
  | { readonly error: unknown; readonly isSent: boolean };

/** What was known when a flight began. */
export interface FlightStart {
  readonly at: number;
  readonly order: number;
  readonly position: number;
}

interface ActiveFlight<T> {
  readonly result: Promise<FlightResult<T>>;
  readonly end: (result: FlightResult<T>) => void;
  readonly start: FlightStart;
  readonly lane: Lane;
  readonly abort: AbortController;
  isSent: boolean;
  isOver: boolean;
  waiting: number;
}

export interface JoinOptions {
  readonly start: FlightStart;
  readonly lane: Lane;
  readonly signal: AbortSignal | undefined;
  /** Whether a flight that began then may be joined. */
  readonly isAcceptable: (start: FlightStart) => boolean;
}

/** Who goes first when calls are scarce. */
const RANK: Readonly<Record<Lane, number>> = { interactive: 0, agent: 1, bulk: 2 };

/** Calls in flight, by what they ask. Callers who ask the same meanwhile wait for the same call. */
export class SingleFlight<T> {
  readonly #active = new Map<string, ActiveFlight<T>>();

  /**
   * Joins the flight of that name where it is acceptable, else starts one. A caller who hangs up leaves the others waiting;
   * when the last one has, the call is aborted.
   */
  async join(
    name: string,
    call: (flight: Flight) => Promise<T>,
    { start, lane, signal, isAcceptable }: JoinOptions,
  ): Promise<{ readonly result: FlightResult<T>; readonly isOwn: boolean }> {
    signal?.throwIfAborted();
    const known = this.#active.get(name);
    const isSlow = known !== undefined && !known.isSent && RANK[lane] < RANK[known.lane];
    const joins = known !== undefined && !isSlow && !known.abort.signal.aborted && isAcceptable(known.start);
    const flight = joins ? known : this.#start(name, call, { start, lane });
    if (isSlow) void this.#overtake(name, known, flight);
    flight.waiting += 1;
    const leave = () => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.abort.abort(signal?.reason);
    };
    return { result: await untilAborted(flight.result, signal, leave), isOwn: !joins };
  }

  /** A lane that goes first does not queue with later ones. Its answer serves them, too. */
  async #overtake(name: string, slow: ActiveFlight<T>, fast: ActiveFlight<T>): Promise<void> {
    const result = await fast.result;
    if (!('answer' in result)) {
      // The slow flight is still to come, and may be joined again.
      if (!this.#active.has(name) && !slow.abort.signal.aborted && !slow.isOver) this.#active.set(name, slow);
      return;
    }
    if (slow.isSent) return;
    slow.end(result);
    slow.abort.abort();
  }

  #start(
    name: string,
    call: (flight: Flight) => Promise<T>,
    { start, lane }: Pick<JoinOptions, 'start' | 'lane'>,
  ): ActiveFlight<T> {
    const abort = new AbortController();
    let end: ActiveFlight<T>['end'] = () => {};
    const result = new Promise<FlightResult<T>>((resolve) => {
      end = resolve;
    });
    const flight: ActiveFlight<T> = { result, end, start, lane, abort, isSent: false, isOver: false, waiting: 0 };
    const sent = () => {
      flight.isSent = true;
    };
    call({ signal: abort.signal, sent }).then(
      (answer) => end({ answer }),
      (error: unknown) => end({ error, isSent: flight.isSent }),
    );
    this.#active.set(name, flight);
    void result.then(() => {
      flight.isOver = true;
      if (this.#active.get(name) === flight) this.#active.delete(name);
    });
    return flight;
  }
}

/** The promise, or the signal's reason if that comes first; then `leave` is called. */
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

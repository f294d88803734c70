import type { Flight } from '../freshsales/memory.ts';

/** How a flight ended, for everybody who waited. */
export type Landing<T> =
  | { readonly answer: T }
  /** `sent`: whether the call went out. One that was refused before says nothing about the calls of others. */
  | { readonly error: unknown; readonly sent: boolean };

interface Airborne<T> {
  readonly landing: Promise<Landing<T>>;
  readonly departure: Departure;
  readonly hangUp: AbortController;
  waiting: number;
}

/** What was known when a flight began. */
export interface Departure {
  readonly at: number;
  readonly order: number;
  readonly position: number;
}

export interface Passage<T> {
  readonly landing: Landing<T>;
  readonly departure: Departure;
  /** Whether this caller's own call it was. */
  readonly own: boolean;
}

/** Calls under way, by what they ask. Who asks the same meanwhile waits for the same call. */
export class Flights<T> {
  readonly #airborne = new Map<string, Airborne<T>>();

  /**
   * Takes the flight of that name if there is one and it will do, else starts one. A caller who hangs up leaves the others
   * waiting; when the last has gone, the call is given up.
   */
  async take(
    name: string,
    start: (flight: Flight) => Promise<T>,
    {
      departure,
      signal,
      willDo,
    }: { departure: Departure; signal: AbortSignal | undefined; willDo: (departure: Departure) => boolean },
  ): Promise<Passage<T>> {
    signal?.throwIfAborted();
    const known = this.#airborne.get(name);
    const joins = known !== undefined && !known.hangUp.signal.aborted && willDo(known.departure);
    const flight = joins ? known : this.#start(name, start, departure);
    flight.waiting += 1;
    const leave = () => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.hangUp.abort(signal?.reason);
    };
    const landing = await untilAborted(flight.landing, signal, leave);
    return { landing, departure: flight.departure, own: !joins };
  }

  #start(name: string, start: (flight: Flight) => Promise<T>, departure: Departure): Airborne<T> {
    const hangUp = new AbortController();
    let sent = false;
    const landing = start({
      signal: hangUp.signal,
      sent: () => {
        sent = true;
      },
    }).then(
      (answer): Landing<T> => ({ answer }),
      (error: unknown): Landing<T> => ({ error, sent }),
    );
    const flight: Airborne<T> = { landing, departure, hangUp, waiting: 0 };
    this.#airborne.set(name, flight);
    void landing.then(() => {
      if (this.#airborne.get(name) === flight) this.#airborne.delete(name);
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

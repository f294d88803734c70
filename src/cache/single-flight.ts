import type { Flight } from '../freshsales/memory.ts';
import type { Lane } from '../freshsales/transport.ts';

/** How a flight ended, for everybody who waited. */
export type Landing<T> =
  | { readonly answer: T }
  /** `sent`: whether the call went out. One that was refused before says nothing about the calls of others. */
  | { readonly error: unknown; readonly sent: boolean };

interface Airborne<T> {
  readonly landing: Promise<Landing<T>>;
  readonly land: (landing: Landing<T>) => void;
  readonly departure: Departure;
  readonly lane: Lane;
  readonly hangUp: AbortController;
  isSent: boolean;
  isOver: boolean;
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

/** Whom a caller joins, and on what terms. */
interface Ticket {
  readonly departure: Departure;
  readonly lane: Lane;
  readonly signal: AbortSignal | undefined;
  /** Whether a flight that began then will do. */
  readonly willDo: (departure: Departure) => boolean;
}

/** Who goes first when calls are scarce. */
const RANK: Readonly<Record<Lane, number>> = { interactive: 0, agent: 1, bulk: 2 };

/** Calls under way, by what they ask. Who asks the same meanwhile waits for the same call. */
export class SingleFlight<T> {
  readonly #airborne = new Map<string, Airborne<T>>();

  /**
   * Takes the flight of that name if there is one and it will do, else starts one. A caller who hangs up leaves the others
   * waiting; when the last has gone, the call is given up.
   */
  async take(
    name: string,
    start: (flight: Flight) => Promise<T>,
    { departure, lane, signal, willDo }: Ticket,
  ): Promise<Passage<T>> {
    signal?.throwIfAborted();
    const known = this.#airborne.get(name);
    const isSlow = known !== undefined && !known.isSent && RANK[lane] < RANK[known.lane];
    const joins = known !== undefined && !isSlow && !known.hangUp.signal.aborted && willDo(known.departure);
    const flight = joins ? known : this.#start(name, start, { departure, lane });
    if (isSlow) void this.#overtake(name, known, flight);
    flight.waiting += 1;
    const leave = () => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.hangUp.abort(signal?.reason);
    };
    const landing = await untilAborted(flight.landing, signal, leave);
    return { landing, departure: flight.departure, own: !joins };
  }

  /** Who goes first does not stand in line with those who do not. Once it has the answer, nobody need ask any longer. */
  async #overtake(name: string, slow: Airborne<T>, fast: Airborne<T>): Promise<void> {
    const landing = await fast.landing;
    if (!('answer' in landing)) {
      // The slow one is still to come, and may be joined again.
      if (!this.#airborne.has(name) && !slow.hangUp.signal.aborted && !slow.isOver) this.#airborne.set(name, slow);
      return;
    }
    if (slow.isSent) return;
    slow.land(landing);
    slow.hangUp.abort();
  }

  #start(
    name: string,
    start: (flight: Flight) => Promise<T>,
    { departure, lane }: Pick<Ticket, 'departure' | 'lane'>,
  ): Airborne<T> {
    const hangUp = new AbortController();
    let land: Airborne<T>['land'] = () => {};
    const landing = new Promise<Landing<T>>((resolve) => {
      land = resolve;
    });
    const flight: Airborne<T> = { landing, land, departure, lane, hangUp, isSent: false, isOver: false, waiting: 0 };
    const sent = () => {
      flight.isSent = true;
    };
    start({ signal: hangUp.signal, sent }).then(
      (answer) => land({ answer }),
      (error: unknown) => land({ error, sent: flight.isSent }),
    );
    this.#airborne.set(name, flight);
    void landing.then(() => {
      flight.isOver = true;
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

import type { ExecutionResult } from 'graphql';

/** A subscription that is open. */
export class Subscription {
  readonly #abort = new AbortController();
  /** Cursor of the last result. */
  cursor: string | undefined;
  /** True if the stream ends with `complete` when nothing failed, false if it closes, so that clients subscribe again. */
  isFinal = true;
  /** Replaced when the feed is open. */
  lagOf: () => number = () => 0;
  /** Closes the connection. */
  destroy: () => void = () => {};

  /** Changes that follow. */
  get lag(): number {
    return this.lagOf();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  end(): void {
    this.#abort.abort();
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

  /** Opens one for a caller, or for an API key. Undefined if there are too many. */
  open(owner: object | string): Subscription | undefined {
    const all = this.#byOwner.get(owner) ?? new Set();
    if (all.size >= this.#limit || this.#isClosed) return undefined;
    this.#byOwner.set(owner, all);
    const subscription = new Subscription();
    const remove = () => {
      all.delete(subscription);
      if (all.size === 0 && this.#byOwner.get(owner) === all) this.#byOwner.delete(owner);
    };
    subscription.signal.addEventListener('abort', remove, { once: true });
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

/** The part of a subscription that its stream uses. */
export type Delivery = Pick<Subscription, 'cursor' | 'isFinal' | 'lag' | 'end' | 'destroy'>;

export interface EventStreamTimes {
  /** Time between two signs of life. Proxies close connections that are silent for longer. */
  readonly heartbeatMs: number;
  /** The longest that a client may read nothing while there are changes for it. */
  readonly slowMs: number;
  /** Time for a slow client to read why its stream ends. */
  readonly graceMs: number;
}

const EVENT_STREAM_TIMES: EventStreamTimes = { heartbeatMs: 12_000, slowMs: 30_000, graceMs: 10_000 };

/** The most changes that may wait for a client that reads nothing. */
const MAX_LAG = 1000;

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  // nginx would otherwise hold events back.
  'x-accel-buffering': 'no',
};

/**
 * Sends results as server-sent events, in the distinct connections mode of graphql-sse. A result is made only when the last one
 * was read, so that nothing piles up here. A client that does not read is disconnected, and told its cursor.
 */
export function respondWithEvents(
  results: AsyncIterable<ExecutionResult>,
  delivery: Delivery,
  times: Partial<EventStreamTimes> = {},
): Response {
  const { heartbeatMs, slowMs, graceMs } = { ...EVENT_STREAM_TIMES, ...times };
  const iterator = results[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let timers: NodeJS.Timeout[] = [];
  let blockedAt: number | undefined = performance.now();
  let isOver = false;
  const finish = (controller: ReadableStreamDefaultController<Uint8Array>, ...last: string[]) => {
    if (isOver) return;
    isOver = true;
    for (const timer of timers) clearInterval(timer);
    for (const text of last) controller.enqueue(encoder.encode(text));
    controller.close();
    delivery.end();
  };
  const isTooSlow = () =>
    blockedAt !== undefined && delivery.lag > 0 && (delivery.lag > MAX_LAG || performance.now() - blockedAt > slowMs);
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // Some browsers report a response only after its first bytes.
        controller.enqueue(encoder.encode(HEARTBEAT));
        const beat = () => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(HEARTBEAT));
        };
        const check = () => {
          if (isOver || !isTooSlow()) return;
          finish(controller, toEvent(tooSlow(delivery.cursor), delivery.cursor), COMPLETE);
          setTimeout(() => delivery.destroy(), graceMs).unref();
        };
        timers = [setInterval(beat, heartbeatMs).unref(), setInterval(check, Math.min(1000, slowMs)).unref()];
      },
      async pull(controller) {
        blockedAt = undefined;
        const { done, value } = await iterator.next();
        if (isOver) return;
        if (done) return finish(controller, ...(delivery.isFinal ? [COMPLETE] : []));
        controller.enqueue(encoder.encode(toEvent(value, delivery.cursor)));
        blockedAt = performance.now();
      },
      cancel() {
        isOver = true;
        for (const timer of timers) clearInterval(timer);
        delivery.end();
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(stream, { headers: HEADERS });
}

const HEARTBEAT = ':\n\n';
const COMPLETE = 'event: complete\ndata:\n\n';

/** JSON has no line breaks, which would end the data. */
function toEvent({ data, errors, extensions }: ExecutionResult, id: string | undefined): string {
  const result = { ...(data !== undefined && { data }), ...(errors && { errors }), ...(extensions && { extensions }) };
  return `${id === undefined ? '' : `id: ${id}\n`}event: next\ndata: ${JSON.stringify(result)}\n\n`;
}

const tooSlow = (cursor: string | undefined): ExecutionResult => ({
  errors: [
    {
      message: 'This client reads too slowly. Subscribe again after the cursor in the extensions.',
      extensions: { code: 'SUBSCRIBER_TOO_SLOW', ...(cursor !== undefined && { cursor }) },
    },
  ] as never,
});

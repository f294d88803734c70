import { setTimeout } from 'node:timers/promises';
import type { RecordAnswer } from './answer.ts';
import { FreshsalesError } from './errors.ts';
import type { Product } from './products.ts';
import { createReads, jobCall, type Read, type ReadCall, type Reads, readRequestOf } from './reads.ts';
import type { Identified, Resource, Table } from './resource.ts';
import {
  type Answer,
  type CachedAnswer,
  type FetchAnswer,
  type Known,
  noCache,
  type OperationCache,
  type ResponseCache,
  type Savings,
  type SharedCall,
} from './response-cache.ts';
import type { TimeZone } from './time-zone.ts';
import { type Call, createTransport, isRead, type Meter, type Priority, type TransportOptions } from './transport.ts';
import {
  createWrite,
  type Invalidation,
  toWrittenRecord,
  type Write,
  type WriteRequest,
  type WriteResponse,
} from './writes.ts';

export interface FreshsalesOptions extends TransportOptions {
  readonly product?: Product;
  /** The zone of times without an offset. UTC by default. */
  readonly timeZone?: TimeZone | undefined;
  /** The account ledger, shared by all keys of the account. */
  readonly ledger?: Meter;
  /** Caches this key's responses. Without it every read is a call. */
  readonly cache?: ResponseCache;
  /** Waits for bulk jobs. Replaced by tests. */
  readonly sleep?: Sleep;
}

/** Waits. Rejects when the signal aborts. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Who makes the calls: cancellation, metering and priority. */
export interface RequestScope {
  readonly signal?: AbortSignal | undefined;
  readonly meter?: Meter | undefined;
  /** Receives the number of calls that the cache saved. */
  readonly onCached?: ((call: Call) => void) | undefined;
  /** `agent` by default. */
  readonly priority?: Priority | undefined;
  /** Ignore responses cached before now. */
  readonly fresh?: boolean | undefined;
}

/** The account as one key sees it, for the lifetime of the server. {@link Freshsales.for} opens a session for one operation. */
export interface Freshsales {
  readonly product: Product;
  for(scope: RequestScope): Session;
  /** The body of a response as Freshsales sent it. Costs one call, because it is not cached. */
  body(path: string): Promise<unknown>;
}

/**
 * Freshsales for one operation. A read costs one call unless its response is cached.
 *
 * @throws FreshsalesError from every method that calls Freshsales.
 */
export interface Session extends Reads {
  readonly product: Product;
  /** The zone of times without an offset. */
  readonly timeZone: TimeZone;
  /** Reads a record past the cache. */
  readonly getFresh: Reads['get'];
  /** The cache as this operation uses it. */
  readonly cache: Pick<OperationCache, 'staleSeconds' | 'keepResult' | 'cachedResult'>;
  /** Calls that this operation did not need. */
  readonly savings: Savings;
  /** Responses that are cached, as far as known without waiting. */
  readonly known: Known;
  /** The cached responses that contain a record; see {@link OperationCache.recall}. Free. */
  recall(recordType: Table, id: string, use: (cached: readonly CachedAnswer[]) => boolean): Promise<boolean>;
  /** Invalidates the cache after a change that was not made by {@link Session.write}. */
  invalidate(change: Invalidation): Promise<void>;
  /** The state of a bulk job. Never cached. */
  job(id: string): Promise<unknown>;
  /** The request that a write would send. Fails where the write would fail before its call. Sends nothing. */
  prepare(request: WriteRequest): Promise<WriteRequest>;
  /** Sends a write once; PUT and DELETE once more after a broken connection. Invalidates the cache. */
  write: Write;
  /** The record in the response to a write. */
  toWritten<R extends Identified>(recordType: Resource<R>, reply: WriteResponse): RecordAnswer<R>;
  /** Waits between two checks of a job. Ends early when the client disconnects. */
  pause(ms: number): Promise<void>;
}

/** Sends a call for an operation, shared by all operations that wait for it. */
type Send = (call: Call, sharedCall: SharedCall) => Promise<unknown>;

export function createFreshsales(options: FreshsalesOptions): Freshsales {
  const { product = 'suite', timeZone = 'UTC', ledger, cache: responses = noCache, sleep = sleepFor } = options;
  const transport = createTransport(options);
  return {
    product,
    body: (path) => transport({ method: 'GET', path }, { meters: ledger ? [ledger] : [] }),
    for: ({ signal, meter, priority, fresh, onCached }) => {
      const cache = responses.open({ signal, priority, fresh });
      const arrived = { included: 0 };
      const meters = [meter, ledger].filter((each) => each !== undefined);
      const send: Send = (call, sharedCall) =>
        transport(call, {
          meters: [onSent(sharedCall), ...meters],
          priority,
          signal: sharedCall.signal,
          since: sharedCall.since,
        });
      const readOver =
        (from: OperationCache): Read =>
        async ({ request, call, toAnswer, absent, fresh: isFresh, onCached: onOneCached }) => {
          let asked = false;
          const fetchAnswer: FetchAnswer = (sharedCall) => {
            asked = true;
            return orNone(async () => toAnswer(await send(call, sharedCall)), absent);
          };
          const answer = await from.read(request, fetchAnswer, { fresh: isFresh });
          if (asked) {
            arrived.included += countSideloads(answer);
            return answer;
          }
          onCached?.(call);
          onOneCached?.();
          return answer;
        };
      return {
        product,
        timeZone,
        cache,
        savings: savingsOf(cache, arrived),
        known: knownBy(cache),
        recall: ({ name }, id, use) => cache.recall(name, id, use),
        invalidate: (change) => responses.invalidate(change),
        ...createReads(readOver(cache)),
        getFresh: (...record) =>
          createReads(readOver(responses.open({ signal, priority, fresh: true }))).get(...record),
        job: (id) => transport(jobCall(id), { meters, priority, signal }),
        prepare: async (request) => request,
        write: createWrite({
          send: transport,
          meters,
          priority,
          signal,
          onChange: (change) => responses.invalidate(change),
        }),
        toWritten: toWrittenRecord,
        pause: (ms) => sleep(ms, signal),
      };
    },
  };
}

const savingsOf = (cache: OperationCache, arrived: Pick<Savings, 'included'>): Savings => ({
  get saved() {
    return cache.saved;
  },
  get shared() {
    return cache.shared;
  },
  get included() {
    return arrived.included;
  },
});

/** The cached responses that the planner may use. */
const knownBy = (cache: OperationCache): Known => ({
  isKnown: (call) => cache.peek(readRequestOf(call)) !== undefined,
  mayBeKnown: (call) => {
    if (!isRead(call)) return false;
    const request = readRequestOf(call);
    return cache.hasPath(request) || (request.about !== undefined && cache.hasRecord(request.about));
  },
  list: (path) => cache.peek({ kind: 'list', name: path, include: [], lists: [] })?.[0]?.rows,
});

const countSideloads = (answer: Answer): number =>
  answer.flatMap(({ sideloads }) => Object.values(sideloads)).reduce((sum, rows) => sum + rows.length, 0);

const sleepFor: Sleep = (ms, signal) => setTimeout(ms, undefined, { ...(signal && { signal }) });

/** Reports when the call of a shared read is sent. */
const onSent = ({ sent }: SharedCall): Meter => ({ allow() {}, spend: sent, answered() {} });

/** A missing record is a response, not a failure. */
async function orNone(read: () => Promise<Answer>, absent: ReadCall['absent']): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FreshsalesError && absent?.(error)) return [];
    throw error;
  }
}

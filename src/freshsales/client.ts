import { setTimeout } from 'node:timers/promises';
import type { PageAnswer, RecordAnswer, RowOf } from './answer.ts';
import type { Change } from './change.ts';
import { FreshsalesError } from './errors.ts';
import {
  type Answer,
  type Flight,
  type Known,
  type Memory,
  noMemory,
  type Recollection,
  type Remembered,
} from './memory.ts';
import { createReads, questionOf, type Read, type ReadCall } from './reads.ts';
import type { Identified, Lookup, RecordType, Table } from './resource.ts';
import type { Row } from './rows.ts';
import {
  type Call,
  createTransport,
  isRead,
  type Lane,
  type Meter,
  type Query,
  type TransportOptions,
} from './transport.ts';
import { createWrite, type Order, type Reply, toWrittenRecord, type Write } from './writes.ts';

/** Suite is today's product; Classic is the one before it, which has leads. */
export type Product = 'suite' | 'classic';

export interface FreshsalesOptions extends TransportOptions {
  readonly product?: Product;
  /** The account's ledger, shared by every key of the account. */
  readonly ledger?: Meter;
  /** Remembers this key's answers. Without it every read is a call. */
  readonly memory?: Memory;
  /** How bulk jobs are waited for; replaced where time is simulated. */
  readonly sleep?: Sleep;
}

/** Waits, or rejects when the signal says so. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** For whom calls are made: who may stop them, who counts them, and who goes first. */
export interface RequestScope {
  readonly signal?: AbortSignal | undefined;
  readonly meter?: Meter | undefined;
  /** Told of calls that were not needed, for their answers were known. */
  readonly recalled?: ((call: Call) => void) | undefined;
  /** `agent` unless said otherwise. */
  readonly lane?: Lane | undefined;
  /** Take nothing from memory that was read before now. */
  readonly fresh?: boolean | undefined;
}

export interface FilterRule {
  readonly attribute: string;
  readonly operator: string;
  readonly value: unknown;
}

/** One page of something: where, and which. */
export interface PageCall {
  readonly path: string;
  /** The key around the rows. */
  readonly many: string;
  readonly query?: Query;
  readonly page: number;
  readonly perPage: number;
  readonly include: readonly string[];
  /** A filtered search is asked with rules, in a POST. */
  readonly rules?: readonly FilterRule[];
  /** Ask a filtered search for whole records in place of thin ones. */
  readonly detail?: boolean;
}

/** The account as one key sees it. Lives as long as the server; {@link Freshsales.for} gives what one operation uses. */
export interface Freshsales {
  readonly product: Product;
  for(scope: RequestScope): Session;
}

/** Freshsales, for one operation. Every read costs one call unless its answer is remembered, and throws a FreshsalesError. */
export interface Session {
  readonly product: Product;
  /** What this operation was told from memory. */
  readonly recollection: Pick<Recollection, 'saved' | 'staleSeconds' | 'conclude' | 'conclusion'>;
  /** What need not be asked, as far as it can be told at once. */
  readonly known: Known;
  /** What is remembered of one record; see {@link Recollection.recall}. Free. */
  recall(recordType: Table, id: string, use: (remembered: readonly Remembered[]) => boolean): Promise<boolean>;
  /** Tells whoever remembers answers of a change that came about in another way than by {@link Session.write}. */
  announce(change: Change): Promise<void>;
  /** A record by its id with some of its includes, or null where there is none. */
  get<R extends Identified, I extends string>(
    recordType: RecordType<R, I>,
    id: string,
    include?: readonly NoInfer<I>[],
  ): Promise<RecordAnswer<R> | null>;
  /** One page of a view, a list or a filtered search. */
  page(call: PageCall): Promise<PageAnswer>;
  /** A lookup, whole. */
  lookup<R extends Identified>(lookup: Lookup<R>): Promise<readonly RowOf<R>[]>;
  /** Any other small list that seldom changes: views, field metadata. */
  list(path: string, key: string): Promise<readonly Row[]>;
  /** Rows that hang below one record, or null where the record is not there. */
  below(path: string, key: string, query?: Query): Promise<PageAnswer | null>;
  /** Type-ahead search; a bare array of thin rows. */
  search(query: string, include: readonly string[], perPage: number): Promise<readonly Row[]>;
  /** Exact search by one field: one envelope for each kind asked, each with side-loads of its own. */
  lookUp(query: Query, keys: readonly string[]): Promise<readonly ({ key: string } & PageAnswer)[]>;
  /** How a bulk job stands, as Freshsales answers it; never from memory. */
  job(id: string): Promise<unknown>;
  /** A write as it will be sent. Refused here is what would be refused there before the call. Sends nothing. */
  prepare(order: Order): Promise<Order>;
  /** A write. Sent once; PUT and DELETE once more where the connection broke. What it makes stale is not served again. */
  write: Write;
  /** The record in the answer to a write. */
  toWritten<R extends Identified>(recordType: RecordType<R>, reply: Reply): RecordAnswer<R>;
  /** Between two looks at a job. Ends early when the caller hangs up. */
  pause(ms: number): Promise<void>;
}

/** Sends a call on an operation's errand, as one flight for all who wait for it. */
type Send = (call: Call, flight: Flight) => Promise<unknown>;

export function createFreshsales(options: FreshsalesOptions): Freshsales {
  const { product = 'suite', ledger, memory = noMemory, sleep = sleepFor } = options;
  const transport = createTransport(options);
  return {
    product,
    for: ({ signal, meter, lane, fresh, recalled }) => {
      const recollection = memory.open({ signal, lane, fresh });
      const meters = [meter, ledger].filter((each) => each !== undefined);
      const send: Send = (call, flight) =>
        transport(call, {
          meters: [witness(flight), ...meters],
          lane,
          signal: flight.signal,
          since: flight.since,
        });
      const read: Read = async ({ question, call, toAnswer, absent }) => {
        let asked = false;
        const answer = await recollection.read(question, (flight) => {
          asked = true;
          return orNone(async () => toAnswer(await send(call, flight)), absent);
        });
        if (!asked) recalled?.(call);
        return answer;
      };
      return {
        product,
        recollection,
        known: knownBy(recollection),
        recall: ({ name }, id, use) => recollection.recall(name, id, use),
        announce: (change) => memory.forget(change),
        ...createReads(read),
        job: (id) => transport({ method: 'GET', path: `job_statuses/${id}` }, { meters, lane, signal }),
        prepare: async (order) => order,
        write: createWrite({ send: transport, meters, lane, signal, onChange: (change) => memory.forget(change) }),
        toWritten: toWrittenRecord,
        pause: (ms) => sleep(ms, signal),
      };
    },
  };
}

/** What a plan may know beforehand. */
const knownBy = (recollection: Recollection): Known => ({
  isKnown: (call) => recollection.peek(questionOf(call)) !== undefined,
  mayBeKnown: (call) => {
    if (!isRead(call)) return false;
    const question = questionOf(call);
    return recollection.hears(question) || (question.about !== undefined && recollection.holds(question.about));
  },
  list: (path) => recollection.peek({ kind: 'list', name: path, include: [], lists: [] })?.[0]?.rows,
});

const sleepFor: Sleep = (ms, signal) => setTimeout(ms, undefined, { ...(signal && { signal }) });

/** Tells a flight when its call goes out. */
const witness = ({ sent }: Flight): Meter => ({ allow() {}, spend: sent, learn() {} });

/** A record that is not there is an answer, not a failure. */
async function orNone(read: () => Promise<Answer>, absent: ReadCall['absent']): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FreshsalesError && absent?.(error)) return [];
    throw error;
  }
}

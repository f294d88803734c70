import type { PageAnswer, RecordAnswer, RowOf } from './answer.ts';
import type { Change } from './change.ts';
import type { Known, Recollection, Remembered } from './memory.ts';
import type { Identified, Lookup, RecordType, Table } from './resource.ts';
import type { Row } from './rows.ts';
import type { TimeZone } from './time-zone.ts';
import type { Query } from './transport.ts';
import type { Order, Reply, Write } from './writes.ts';

/** Suite is the current product. Classic is the older one, which has leads. */
export type Product = 'suite' | 'classic';

export interface FilterRule {
  readonly attribute: string;
  readonly operator: string;
  readonly value: unknown;
}

/** One page of a view, list or search. */
export interface PageCall {
  readonly path: string;
  /** The key around the rows. */
  readonly many: string;
  readonly query?: Query;
  readonly page: number;
  readonly perPage: number;
  readonly include: readonly string[];
  /** The rules of a filtered search, sent by POST. */
  readonly rules?: readonly FilterRule[];
  /** Request complete records from a filtered search. */
  readonly detail?: boolean;
}

/**
 * Freshsales for one operation. A read costs one call unless its response is cached.
 *
 * @throws FreshsalesError from every method that calls Freshsales.
 */
export interface Session {
  readonly product: Product;
  /** The zone of times without an offset. */
  readonly timeZone: TimeZone;
  /** What this operation read from the cache. */
  readonly recollection: Pick<Recollection, 'saved' | 'staleSeconds' | 'keepResult' | 'cachedResult'>;
  /** Responses that are cached, as far as known without waiting. */
  readonly known: Known;
  /** The cached responses that contain a record; see {@link Recollection.recall}. Free. */
  recall(recordType: Table, id: string, use: (remembered: readonly Remembered[]) => boolean): Promise<boolean>;
  /** Invalidates the cache after a change that was not made by {@link Session.write}. */
  announce(change: Change): Promise<void>;
  /** A record by id with includes, or null if it does not exist. */
  get<R extends Identified, I extends string>(
    recordType: RecordType<R, I>,
    id: string,
    include?: readonly NoInfer<I>[],
  ): Promise<RecordAnswer<R> | null>;
  /** One page of a view, a list or a filtered search. */
  page(call: PageCall): Promise<PageAnswer>;
  /** A complete lookup. */
  lookup<R extends Identified>(lookup: Lookup<R>): Promise<readonly RowOf<R>[]>;
  /** Another small list that rarely changes: views, field metadata. */
  list(path: string, key: string): Promise<readonly Row[]>;
  /** The rows of a sub-resource, or null if the record does not exist. */
  below(path: string, key: string, query?: Query): Promise<PageAnswer | null>;
  /** Type-ahead search. Returns thin rows. */
  search(query: string, include: readonly string[], perPage: number): Promise<readonly Row[]>;
  /** Exact search by one field. Returns one envelope per record type, each with its side-loads. */
  lookUp(query: Query, keys: readonly string[]): Promise<readonly ({ key: string } & PageAnswer)[]>;
  /** The state of a bulk job. Never cached. */
  job(id: string): Promise<unknown>;
  /** The request that a write would send. Fails where the write would fail before its call. Sends nothing. */
  prepare(order: Order): Promise<Order>;
  /** Sends a write once; PUT and DELETE once more after a broken connection. Invalidates the cache. */
  write: Write;
  /** The record in the response to a write. */
  toWritten<R extends Identified>(recordType: RecordType<R>, reply: Reply): RecordAnswer<R>;
  /** Waits between two checks of a job. Ends early when the client disconnects. */
  pause(ms: number): Promise<void>;
}

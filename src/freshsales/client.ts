import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import {
  envelopeOf,
  type PageAnswer,
  type RecordAnswer,
  type RowOf,
  sideloadsOf,
  toListAnswer,
  toPageAnswer,
  toRecordAnswer,
} from './answer.ts';
import { FreshsalesError } from './errors.ts';
import type { Identified, Lookup, Resource } from './resource.ts';
import { isObject, type Row, toRows } from './rows.ts';
import { type Call, createTransport, type Meter, type Query, type Send, type TransportOptions } from './transport.ts';
import { type Change, createWrite, type Write } from './writes.ts';

/** Suite is today's product; Classic is the one before it, which has leads. */
export type Product = 'suite' | 'classic';

export interface FreshsalesOptions extends TransportOptions {
  readonly product?: Product;
  /** The account's ledger, shared by every key of the account. */
  readonly ledger?: Meter;
  /** How long lookups, views and field lists are kept, in milliseconds. An hour by default; 0 asks each time. */
  readonly listsForMs?: number;
  /** How bulk jobs are waited for; replaced where time is simulated. */
  readonly sleep?: Sleep;
}

/** Waits, or rejects when the signal says so. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** For whom calls are made: who may stop them, and who counts them. */
export interface Errand {
  readonly signal?: AbortSignal | undefined;
  readonly meter?: Meter | undefined;
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
  for(errand: Errand): Session;
}

/** Freshsales, for one operation. Every method costs one call unless it says otherwise, and throws a FreshsalesError. */
export interface Session {
  readonly product: Product;
  /** A record by its id with some of its includes, or null where there is none. */
  get<R extends Identified, I extends string>(
    resource: Resource<R, I>,
    id: string,
    include?: readonly NoInfer<I>[],
  ): Promise<RecordAnswer<R> | null>;
  /** One page of a view, a list or a filtered search. */
  page(call: PageCall): Promise<PageAnswer>;
  /** A lookup, whole. Free once it is known. */
  lookup<R extends Identified>(lookup: Lookup<R>): Promise<readonly RowOf<R>[]>;
  /** Any other small list that seldom changes: views, field metadata. Free once it is known. */
  list(path: string, key: string): Promise<readonly Row[]>;
  /** Rows that hang below one record, or null where the record is not there. */
  below(path: string, key: string, query?: Query): Promise<PageAnswer | null>;
  /** Type-ahead search; a bare array of thin rows. */
  search(query: string, include: readonly string[], perPage: number): Promise<readonly Row[]>;
  /** Exact search by one field: one envelope for each kind asked, each with side-loads of its own. */
  lookUp(query: Query, keys: readonly string[]): Promise<readonly ({ key: string } & PageAnswer)[]>;
  /** Any other address, as it answers; for what is no record and no list. */
  read(path: string): Promise<unknown>;
  /** A write. Sent once; PUT and DELETE once more where the connection broke. */
  write: Write;
  /** Between two looks at a job. Ends early when the caller hangs up. */
  pause(ms: number): Promise<void>;
}

const HOUR = 3_600_000;

export function createFreshsales(options: FreshsalesOptions): Freshsales {
  const { product = 'suite', ledger, listsForMs = HOUR, sleep = sleepFor } = options;
  const send = createTransport(options);
  const lists = createLists(send, listsForMs);
  return {
    product,
    for: ({ signal, meter }) => {
      const meters = [meter, ledger].filter((each) => each !== undefined);
      return {
        ...createSession(
          product,
          (call) => send(call, { meters, signal }),
          (path, key) => lists.read(path, key, meters),
        ),
        write: createWrite({ send, meters, signal, onChange: lists.forget }),
        pause: (ms) => sleep(ms, signal),
      };
    },
  };
}

const sleepFor: Sleep = (ms, signal) => setTimeout(ms, undefined, { ...(signal && { signal }) });

interface Lists {
  read(path: string, key: string, meters: readonly Meter[]): Promise<readonly Row[]>;
  /** A list that is written to, as the lists of contacts are, is read anew. */
  forget(change: Change): void;
}

/** Small lists are shared by all operations of one key. No caller's signal stops them, for others may be waiting. */
function createLists(send: Send, ttl: number): Lists {
  const cache = new LRUCache<string, readonly Row[], { key: string; meters: readonly Meter[] }>({
    max: 200,
    ttl: Math.max(1, ttl),
    fetchMethod: async (path, _stale, { context: { key, meters } }) =>
      toListAnswer(await send({ method: 'GET', path }, { meters }), key),
  });
  return {
    read: async (path, key, meters) => (await cache.fetch(path, { context: { key, meters } })) ?? [],
    forget: ({ path }) => {
      cache.delete(path);
    },
  };
}

function createSession(
  product: Product,
  call: (call: Call) => Promise<unknown>,
  lists: (path: string, key: string) => Promise<readonly Row[]>,
): Omit<Session, 'write' | 'pause'> {
  return {
    product,
    get: <R extends Identified, I extends string>(resource: Resource<R, I>, id: string, include: readonly I[] = []) =>
      orNull(async () => {
        const path = `${resource.path}/${encodeURIComponent(id)}`;
        return toRecordAnswer<R>(await call({ method: 'GET', path, query: included(include) }), resource.one);
      }),
    page: (page) => readPage(call, page),
    lookup: async <R extends Identified>(lookup: Lookup<R>) =>
      (await lists(lookup.list, lookup.many)) as readonly RowOf<R>[],
    list: lists,
    below: (path, key, query = {}) =>
      orNull(async () => toPageAnswer(await call({ method: 'GET', path, query }), key), isMissing),
    search: async (q, include, perPage) => {
      const body = await call({
        method: 'GET',
        path: 'search',
        query: { q, include: include.join(','), per_page: perPage },
      });
      if (!Array.isArray(body))
        throw new FreshsalesError('UPSTREAM_ERROR', 'Freshsales answered a search without a list.');
      return toRows(body);
    },
    lookUp: async (query, keys) => {
      const body = envelopeOf(await call({ method: 'GET', path: 'lookup', query }));
      return keys.map((key) => ({ key, ...lookedUp(body[key], key) }));
    },
    read: (path) => call({ method: 'GET', path }),
  };
}

async function readPage(call: (call: Call) => Promise<unknown>, page: PageCall): Promise<PageAnswer> {
  const { path, many, rules, include, detail } = page;
  const query = { page: page.page, per_page: page.perPage, ...page.query, ...included(include) };
  if (!rules) return toPageAnswer(await call({ method: 'GET', path, query }), many);
  // The include is recorded in the body and attested in the query: both are read, and neither hurts the other.
  const body = { filter_rule: rules, ...included(include), ...(detail && { detail }) };
  return toPageAnswer(await call({ method: 'POST', path, query, body }), many, { mayLack: true });
}

const included = (include: readonly string[]): Query => (include.length > 0 ? { include: include.join(',') } : {});

/** A lookup nests twice: `{contacts: {contacts: […], users: […]}}`; one client reads it flat, so both are taken. */
function lookedUp(value: unknown, key: string): PageAnswer {
  if (Array.isArray(value)) return { rows: toRows(value), sideloads: {}, total: undefined };
  if (!isObject(value)) return { rows: [], sideloads: {}, total: undefined };
  const { [key]: rows, ...rest } = value;
  return { rows: toRows(rows), sideloads: sideloadsOf(rest), total: undefined };
}

const isNoRecord = ({ code }: FreshsalesError): boolean => code === 'NOT_FOUND';

/** An address below a record may be missing because the record is, or because this account has no such address. */
const isMissing = ({ status }: FreshsalesError): boolean => status === 404;

/** A record that is not there is an answer, not a failure. */
async function orNull<T>(read: () => Promise<T>, absent = isNoRecord): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FreshsalesError && absent(error)) return null;
    throw error;
  }
}

import { type RecordAnswer, toRecordAnswer } from './answer.ts';
import type { Change, Reference } from './change.ts';
import { FreshsalesError } from './errors.ts';
import type { Identified, RecordType } from './resource.ts';
import { isObject } from './rows.ts';
import type { Call, Lane, Meter, Query, Send, SendOptions } from './transport.ts';

/** A write, ready to be sent. */
export interface Order {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Below the API root, or with `../` below the UI base. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
  /** Relations that the answer shall bring along (FACTS 4: writes take includes as reads do). */
  readonly include?: readonly string[];
  readonly change: Change;
  /** What the answer adds to that. */
  readonly learn?: (body: unknown) => Learned;
}

/** What the answer to a write tells of what it changed. */
export interface Learned {
  readonly ids: readonly string[];
  readonly touched: readonly Reference[];
}

/** What Freshsales said to a write. */
export interface Reply {
  /** 201 tells a created record from an updated one in the answer to an upsert. */
  readonly status: number;
  readonly body: unknown;
}

/** Sends a write once, and says what is known where it failed. */
export type Write = (order: Order) => Promise<Reply>;

export interface WriteOptions {
  readonly send: Send;
  readonly meters: readonly Meter[];
  /** Looked at before a write goes out; one that is under way is not stopped, for nobody could tell what it did. */
  readonly signal: AbortSignal | undefined;
  readonly lane: Lane | undefined;
  /** Told of each write that may have changed something, before its answer is given. */
  readonly onChange: (change: Change) => Promise<void>;
}

export const createWrite =
  ({ send, meters, lane, signal, onChange }: WriteOptions): Write =>
  async (order) => {
    signal?.throwIfAborted();
    let status = 0;
    const watch: Meter = {
      allow() {},
      spend() {},
      learn(given) {
        status = given;
      },
    };
    try {
      const body = await sendSafely(send, toCall(order), { meters: [watch, ...meters], lane });
      await onChange(learned(order, body));
      return { status, body };
    } catch (error) {
      if (!(error instanceof FreshsalesError)) throw error;
      error.outcome ??= outcomeOf(error, status);
      if (error.outcome === 'UNKNOWN') await onChange(order.change);
      throw error;
    }
  };

function learned({ change, learn }: Order, body: unknown): Change {
  if (!learn) return change;
  const { ids, touched } = learn(body);
  return { ...change, ids: [...new Set([...change.ids, ...ids])], touched: [...change.touched, ...touched] };
}

function toCall({ method, path, query, body, include = [] }: Order): Call {
  const asked = { ...query, ...(include.length > 0 && { include: include.join(',') }) };
  return { method, path, ...(Object.keys(asked).length > 0 && { query: asked }), ...(body && { body }) };
}

/**
 * A POST is sent once. PUT and DELETE say what shall be, not what to do, so that a broken connection is tried once more;
 * not a timeout, after which a caller has waited long enough.
 */
async function sendSafely(send: Send, call: Call, options: SendOptions): Promise<unknown> {
  try {
    return await send(call, options);
  } catch (error) {
    if (call.method === 'POST' || !isBroken(error)) throw error;
    return send(call, options).catch((second: unknown) => {
      if (error.neverArrived) throw second;
      // The first one did it.
      if (call.method === 'DELETE' && isGone(second)) return true;
      throw isAboutContent(second) ? second : doubtful(second);
    });
  }
}

/** What is refused for what it says was refused the first time as well. */
const isAboutContent = (error: unknown): boolean =>
  error instanceof FreshsalesError && (error.code === 'BAD_USER_INPUT' || error.code === 'NOT_FOUND');

/** The second did nothing; of the first, whose answer was lost, that is not known. */
function doubtful(error: unknown): unknown {
  if (error instanceof FreshsalesError) error.outcome = 'UNKNOWN';
  return error;
}

const isBroken = (error: unknown): error is FreshsalesError =>
  error instanceof FreshsalesError && error.code === 'UPSTREAM_ERROR' && error.status === undefined;

const isGone = (error: unknown): boolean => error instanceof FreshsalesError && error.code === 'NOT_FOUND';

/** Whether anything may have been changed. A fault or a garbled answer does not say; a refusal does. */
function outcomeOf({ code, neverArrived, redirectHost }: FreshsalesError, status: number): FreshsalesError['outcome'] {
  if (neverArrived || redirectHost !== undefined) return 'NOT_DONE';
  if (code === 'UPSTREAM_TIMEOUT') return 'UNKNOWN';
  if (code !== 'UPSTREAM_ERROR') return 'NOT_DONE';
  // 405 is how Freshsales says that too many jobs are under way (FACTS 2), 404 without JSON that there is no such address.
  return status === 405 || status === 404 ? 'NOT_DONE' : 'UNKNOWN';
}

/** The record in the answer to a write. */
export function toWrittenRecord<R extends Identified>({ one }: RecordType<R>, { body }: Reply): RecordAnswer<R> {
  const record = isObject(body) ? body[one] : undefined;
  if (!isObject(record) || !isId(record.id)) throw unreadable(one);
  return toRecordAnswer<R>(body, one);
}

/** Digits, as a number or as text. */
export const isId = (value: unknown): boolean => /^\d{1,20}$/.test(String(value));

/** A success that does not show what it did may have done all of it. */
export function unreadable(key: string): FreshsalesError {
  const error = new FreshsalesError('UPSTREAM_ERROR', `Freshsales answered without “${key}”.`);
  error.outcome = 'UNKNOWN';
  return error;
}

/** An id as the wire has it: a number, unless that would round it. */
export const toWireId = (id: string): number | string => {
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : id;
};

import { type RecordAnswer, toRecordAnswer } from './answer.ts';
import { FreshsalesError, reasonsOf } from './errors.ts';
import { isObject } from './json.ts';
import type { Identified, Resource } from './resource.ts';
import type { Call, Meter, Priority, Query, Send, SendOptions } from './transport.ts';

/** A write, ready to be sent. */
export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Relative to the API root, or to the UI base with `../`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
  /** Requested includes. Writes take includes as reads do (FACTS 4). */
  readonly include?: readonly string[];
  readonly change: Invalidation;
  /** Details that the response adds. */
  readonly learn?: (body: unknown) => Learned;
}

/** The part of a change that the response to its write shows. */
export interface Learned {
  readonly ids: readonly string[];
  readonly touched: readonly Reference[];
}

/** The response to a write. */
export interface WriteResponse {
  /** For an upsert, 201 means created. */
  readonly status: number;
  readonly body: unknown;
}

/** Sends a write once. A failure has its outcome. */
export type Write = (request: WriteRequest) => Promise<WriteResponse>;

interface WriteOptions {
  readonly send: Send;
  readonly meters: readonly Meter[];
  /** Checked before a write is sent. A running write is not aborted, because its outcome would be unknown. */
  readonly signal: AbortSignal | undefined;
  readonly priority: Priority | undefined;
  /** Called for each write that may have changed something, before its response is returned. */
  readonly onChange: (change: Invalidation) => Promise<void>;
}

export const createWrite =
  ({ send, meters, priority, signal, onChange }: WriteOptions): Write =>
  async (request) => {
    signal?.throwIfAborted();
    let status = 0;
    const watch: Meter = {
      allow() {},
      spend() {},
      answered(given) {
        status = given;
      },
    };
    try {
      const body = await sendSafely(send, request, { meters: [watch, ...meters], priority });
      refuseFailure(body, status);
      if (request.method === 'DELETE') checkDeleted(body, status);
      await onChange(learned(request, body));
      return { status, body };
    } catch (error) {
      if (!(error instanceof FreshsalesError)) throw error;
      error.outcome ??= outcomeOf(error, status);
      if (error.outcome === 'UNKNOWN') await onChange(request.change);
      throw error;
    }
  };

/** Refuses a response with a status of success that says it did nothing: `false`, `{"success": false}`, `{"errors": […]}`. */
function refuseFailure(body: unknown, status: number): void {
  if (!(isObject(body) ? isFailure(body) : body !== null && FAILED.test(String(body)))) return;
  const { status: _status, result: _result, deleted: _deleted, ...told } = isObject(body) ? body : {};
  const reasons = reasonsOf({ ...told, ...(isObject(told.msg) && { msg: told.msg.message }) });
  const message = 'Freshsales answered that it did not do this.';
  throw new FreshsalesError('BAD_USER_INPUT', message, {
    status,
    reasons: reasons.length > 0 ? reasons : [{ message }],
  });
}

/** A delete answers `true`, a word of success, or nothing. A sentence alone may as well be a refusal, in any language. */
function checkDeleted(body: unknown, status: number): void {
  if (!isObject(body) || !Object.keys(body).every((key) => key === 'message')) return;
  const [reason] = reasonsOf(body);
  if (!reason) return;
  const error = new FreshsalesError('UPSTREAM_ERROR', `Freshsales answered only: “${reason.message}”.`, { status });
  error.outcome = 'UNKNOWN';
  throw error;
}

/** Records and lists of a success have other keys. CPQ documents say `{"msg": {"code": "success"}}`. */
function isFailure(body: Readonly<Record<string, unknown>>): boolean {
  const { success, msg, errors, error, status, result, deleted, code, status_code } = body;
  if (success !== undefined) return FAILED.test(String(success));
  if (isObject(msg) && msg.code !== undefined) return !/^(success|ok|200)$/i.test(String(msg.code));
  if ([status, result, deleted, code, status_code].some((word) => REFUSED.test(String(word)))) return true;
  return reasonsOf({ errors, error }).length > 0;
}

const FAILED = /^(false|0|no|null|fail\w*|error|[45]\d\d)$/i;

/** Words that other keys of a failure have. 0 may be the code of a success. */
const REFUSED = /^(false|fail\w*|error|[45]\d\d)$/i;

function learned({ change, learn }: WriteRequest, body: unknown): Invalidation {
  if (!learn) return change;
  const { ids, touched } = learn(body);
  return { ...change, ids: [...new Set([...change.ids, ...ids])], touched: [...change.touched, ...touched] };
}

function toCall({ method, path, query, body, include = [] }: WriteRequest): Call {
  const asked = { ...query, ...(include.length > 0 && { include: include.join(',') }) };
  return { method, path, ...(Object.keys(asked).length > 0 && { query: asked }), ...(body && { body }) };
}

/**
 * A POST is sent once. A PUT or DELETE that can be repeated is sent once more after a broken connection, but not after a timeout.
 */
async function sendSafely(send: Send, request: WriteRequest, options: SendOptions): Promise<unknown> {
  const call = toCall(request);
  try {
    return await send(call, options);
  } catch (error) {
    if (call.method === 'POST' || !isBroken(error)) throw error;
    if (!error.neverArrived && addsRows(request.body)) throw error;
    return send(call, options).catch((second: unknown) => {
      if (error.neverArrived) throw second;
      if (isNotFound(second)) {
        // The first attempt succeeded.
        if (call.method === 'DELETE') return true;
        // Either the first attempt succeeded, or there was nothing to restore.
        if (request.change.action === 'restore') throw doubtful(error);
      }
      throw isAboutContent(second) ? second : doubtful(second);
    });
  }
}

/** True for a body with nested rows that have no id. Rails adds them again each time. */
function addsRows(body: object = {}): boolean {
  return Object.values(body)
    .filter(isObject)
    .flatMap((record) => Object.entries(record))
    .some(
      ([column, rows]) =>
        (column.endsWith('_attributes') || column === 'product_pricings') &&
        Array.isArray(rows) &&
        rows.some((row) => isObject(row) && row.id === undefined),
    );
}

/** A refusal of the content applies to the first attempt as well. */
const isAboutContent = (error: unknown): boolean =>
  error instanceof FreshsalesError && (error.code === 'BAD_USER_INPUT' || error.code === 'NOT_FOUND');

/** The outcome of the first attempt is unknown. */
function doubtful(error: unknown): unknown {
  if (error instanceof FreshsalesError) error.outcome = 'UNKNOWN';
  return error;
}

const isBroken = (error: unknown): error is FreshsalesError =>
  error instanceof FreshsalesError && error.code === 'UPSTREAM_ERROR' && error.status === undefined;

const isNotFound = (error: unknown): boolean => error instanceof FreshsalesError && error.code === 'NOT_FOUND';

/** The outcome of a failure. Only a refusal proves that nothing was changed. */
function outcomeOf({ code, neverArrived, redirectHost }: FreshsalesError, status: number): FreshsalesError['outcome'] {
  if (neverArrived || redirectHost !== undefined) return 'NOT_DONE';
  if (code === 'UPSTREAM_TIMEOUT') return 'UNKNOWN';
  if (code !== 'UPSTREAM_ERROR') return 'NOT_DONE';
  // A 4xx is a refusal, except for timeouts of a proxy.
  return status >= 400 && status < 500 && status !== 408 && status !== 499 ? 'NOT_DONE' : 'UNKNOWN';
}

/** The row under a key of a response. */
export function rowIn(body: unknown, key: string): Record<string, unknown> | undefined {
  const row = isObject(body) ? body[key] : undefined;
  return isObject(row) ? row : undefined;
}

/** The id of a row. */
export const idIn = (row: unknown): string | undefined =>
  isObject(row) && (typeof row.id === 'string' || typeof row.id === 'number') ? String(row.id) : undefined;

/** The record in the response to a write. */
export function toWrittenRecord<R extends Identified>({ one }: Resource<R>, { body }: WriteResponse): RecordAnswer<R> {
  if (!isId(rowIn(body, one)?.id)) throw unreadable(one);
  return toRecordAnswer<R>(body, one);
}

/** Digits, as a number or as text. */
export const isId = (value: unknown): boolean => /^\d{1,20}$/.test(String(value));

/** A success without details may have done all of it. */
export function unreadable(key: string): FreshsalesError {
  const error = new FreshsalesError('UPSTREAM_ERROR', `Freshsales answered without “${key}”.`);
  error.outcome = 'UNKNOWN';
  return error;
}

/** An id on the wire: a number, unless that would round it. */
export const toWireId = (id: string): number | string => {
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : id;
};

/** The kinds of writes. Bulk ones may take effect after the response. */
export const ACTIONS = [
  'create',
  'update',
  'upsert',
  'delete',
  'restore',
  'forget',
  'bulkUpsert',
  'bulkUpdate',
  'bulkDelete',
  'bulkAssign',
] as const;

export type Action = (typeof ACTIONS)[number];

/** A reference to a record by GraphQL type. The id `*` means all records of the type. */
export interface Reference {
  readonly type: string;
  readonly id: string;
}

/** Records that a write changed, or may have changed. Invalidates caches. */
export interface Invalidation {
  /** GraphQL type name. */
  readonly type: string;
  /** Collection path below the API root. */
  readonly path: string;
  /** The written records. Empty if unknown: any record of the type may have changed. */
  readonly ids: readonly string[];
  /** Other records whose responses embed or count them. */
  readonly touched: readonly Reference[];
  readonly action: Action;
  /** A new record that others may show as related, although it is not known which. */
  readonly mayBeRelated?: true;
}

import type { GraphQLResolveInfo } from 'graphql';
import type { RecordAnswer } from '../freshsales/answer.ts';
import { FreshsalesError, otherRecord } from '../freshsales/errors.ts';
import { isObject } from '../freshsales/json.ts';
import type { Identified } from '../freshsales/resource.ts';
import {
  type Action,
  type Learned,
  type Reference,
  rowIn,
  type WriteRequest,
  type WriteResponse,
} from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import type { FieldCost } from '../records/field-needs.ts';
import { isBinned, keepAnswer, recordStoreOf } from '../records/record-store.ts';
import type { RecordType } from '../records/record-type.ts';
import type { UserError } from '../records/write-report.ts';
import { knownBefore, recordWrite } from './audit-events.ts';
import { notStored } from './not-stored.ts';
import { addChange } from './own-changes.ts';
import { recordPreview } from './preview.ts';
import { beforehand, type Condition, isReadFirst, readFirst } from './read-first.ts';
import { toUserErrors } from './refusal.ts';
import { tagsAfterUpsert } from './tags.ts';
import type { Draft } from './writable.ts';
import { changeOf, type GivenInput, type WriteCall, type WriteFacts } from './write-facts.ts';

/** The outcome of a mutation, as plain data that can be stored and returned again. */
export interface MutationResult {
  readonly userErrors: readonly UserError[];
  /** Refused before any call. */
  readonly isUnsent?: boolean;
  /** The response of Freshsales. None if refused. */
  readonly reply?: WriteResponse;
  /** The record is already as wanted, and was not written. */
  readonly isUnchanged?: boolean;
}

/** Additions of one mutation to the facts of its record type. */
export interface WriteOptions<R, A> {
  /** Checks the draft before it is sent, and may refuse or complete it. May read. */
  readonly check?: WriteStep<(context: Context, draft: Draft, args: A & { id: string }) => Promise<void> | void>;
  readonly reshape?: Reshape<R>;
  /** Looks for values that Freshsales ignored, and may write them in another way. The record is written already. */
  readonly complete?: WriteStep<(context: Context, draft: Draft, reply: WriteResponse) => Promise<Completed>>;
}

/** A step before or after a write. */
interface WriteStep<Run> {
  readonly cost: (input: GivenInput) => readonly FieldCost[];
  readonly run: Run;
}

/** The response with everything that is stored, and an error for each value that is not. */
export type Completed = Required<Pick<MutationResult, 'userErrors' | 'reply'>>;

/** A kind of mutation that returns a record. */
export interface Verb<R, A> extends WriteOptions<R, A> {
  /** The verb before the record type, as in `CreateContactPayload`. */
  readonly prefix: string;
  readonly action: Action;
  readonly description: string;
  readonly call: WriteCall;
  /** Fields that it writes without an argument for them. */
  readonly fields?: readonly string[];
  /** Writes the arguments into the draft. */
  readonly fill: (args: A, draft: Draft) => void;
  readonly body: (draft: Draft) => object;
}

interface ToWrite<R extends Identified, A> {
  readonly facts: WriteFacts<R>;
  readonly verb: Verb<R, A>;
  readonly draft: Draft;
  readonly id: string;
  readonly args: A;
  readonly include: readonly string[];
}

/** Reads what must be read first, sends the write, and looks for values that were not stored. */
export async function writeRecord<R extends Identified, A extends Condition & { id?: string }>(
  context: Context,
  info: GraphQLResolveInfo,
  { facts, verb, draft, id, args, include }: ToWrite<R, A>,
): Promise<MutationResult> {
  const { recordType } = facts;
  const { method, path } = verb.call;
  // Tags that are added or removed may leave nothing to write.
  const mayStay = verb.action === 'update' && Object.keys(draft.columns).length === 0 && draft.tags !== undefined;
  await readFirst.run(context, recordType, { draft, id, condition: args, include: mayStay ? include : [] });
  if (draft.userErrors.length === 0) await beforehand(() => verb.check?.run(context, draft, { ...args, id }));
  const change = changeOf(facts, verb.action, { ids: id === '' || verb.prefix === 'Clone' ? [] : [id], draft });
  const asked = [...new Set([...draft.include, ...include])];
  const sent = await send(context, info, {
    draft,
    order: { method, path: path(id), body: verb.body(draft), include: asked, change, learn: learnFrom(recordType) },
    isUnchanged: mayStay && Object.keys(draft.columns).length === 0,
    calls: 1 + (isReadFirst(draft, args) ? (verb.action === 'upsert' ? 2 : 1) : 0),
  });
  return sent.reply ? storedResult(context, { recordType, verb, draft, reply: sent.reply }) : sent;
}

interface ToComplete {
  readonly recordType: RecordType;
  readonly verb: Pick<Verb<never, never>, 'complete' | 'action'>;
  readonly draft: Draft;
  readonly reply: WriteResponse;
}

/** The result of a write, with an error for each value that was not stored. */
async function storedResult(context: Context, { recordType, verb, draft, reply }: ToComplete): Promise<MutationResult> {
  const completed =
    (await verb.complete?.run(context, draft, reply)) ??
    (verb.action === 'upsert'
      ? await tagsAfterUpsert.run(context, recordType, { draft, reply })
      : { userErrors: [], reply });
  return {
    ...completed,
    userErrors: [...completed.userErrors, ...notStored(context, recordType, draft, completed.reply)],
  };
}

interface ToSend {
  readonly draft: Draft;
  readonly order: WriteRequest;
  /** The record is already as wanted. */
  readonly isUnchanged?: boolean;
  /** Calls that the write and the reads before it cost at least. */
  readonly calls?: number;
}

/**
 * Sends a draft, unless it has problems or only a preview is requested. A refusal is an outcome. Other failures are thrown.
 */
export async function send(
  context: Context,
  info: GraphQLResolveInfo,
  { draft, order: given, isUnchanged = false, calls = 1 }: ToSend,
): Promise<MutationResult> {
  const order = await prepared(context, draft, given);
  if (context.preview) {
    await recordPreview(context, context.preview, info, { draft, order, isUnchanged, calls });
    return { userErrors: draft.userErrors, isUnsent: true };
  }
  if (draft.userErrors.length > 0) return { userErrors: draft.userErrors, isUnsent: true };
  if (isUnchanged) return { userErrors: [], isUnchanged };
  const before = await knownBefore(context, order);
  const note = (outcome: 'done' | 'refused' | 'unknown', reply?: WriteResponse) =>
    recordWrite(context, { draft, order, before, outcome, reply });
  const since = performance.now();
  try {
    const reply = await context.freshsales.write(order);
    note('done', reply);
    await addChange(context, { draft, order, reply, since });
    return { userErrors: [], reply };
  } catch (error) {
    if (error instanceof FreshsalesError) note(error.outcome === 'UNKNOWN' ? 'unknown' : 'refused');
    return { userErrors: userErrorsOf(error, draft) };
  } finally {
    // Rows that this operation has read may be stale now.
    recordStoreOf(context).clear();
  }
}

/**
 * Prepares a request, for a write and for its preview. A reference to a record that the caller cannot see becomes a problem of
 * the draft. A missing grant is thrown.
 */
export async function prepared(context: Context, draft: Draft, order: WriteRequest): Promise<WriteRequest> {
  if (draft.userErrors.length > 0) return order;
  try {
    return await context.freshsales.prepare(order);
  } catch (error) {
    if (error instanceof FreshsalesError) error.outcome ??= 'NOT_DONE';
    draft.userErrors.push(...userErrorsOf(error, draft));
    recordWrite(context, { draft, order, before: undefined, outcome: 'unseen' });
    return order;
  }
}

/** Converts a refusal to problems. Rethrows other failures. */
export function userErrorsOf(error: unknown, draft: Draft): UserError[] {
  if (!(error instanceof FreshsalesError)) throw error;
  if (error.code === 'BAD_USER_INPUT')
    return toUserErrors(error.reasons, {
      columns: { ...draft.identifier, ...draft.columns },
      paths: draft.paths,
      customPaths: draft.customPaths,
      isCopy: draft.isCopy,
    });
  if (error.code !== 'NOT_FOUND') throw withUncertainty(error);
  const message = error.reasons[0]?.message ?? 'The record does not exist, or the API key may not see it.';
  return [{ field: draft.paths.get(error.column ?? 'id') ?? null, message, code: 'NOT_FOUND' }];
}

/** Adds the outcome of a failed write to its message, and how to find out. */
export function withUncertainty(error: FreshsalesError): FreshsalesError {
  if (error.outcome === 'UNKNOWN') error.message += UNCERTAIN;
  return error;
}

const UNCERTAIN =
  ' The outcome is unknown, and it was not retried. Read the record, or look it up by a unique value, before you send this again.';

/**
 * Adds the record of an outcome to the record store. Null if there is none. Relations count as known if the response contains
 * them, not if they were requested: some writes may ignore includes, and a response repeated under an idempotency key may
 * have been requested with others.
 */
export function keepWritten<R extends Identified>(
  context: Context,
  recordType: RecordType<R>,
  { reply }: MutationResult,
  { reshape = (answer) => answer, known, expected }: KeepOptions<R> = {},
): string | null {
  if (!reply) return null;
  // Some writes return only success. The record is read if selected.
  if (known !== undefined && isWordOfSuccess(reply)) return known;
  const answer = reshape(readRecord(context, recordType, reply), reply);
  if (expected !== undefined && answer.row.id !== expected)
    throw withUncertainty(Object.assign(otherRecord(), { outcome: 'UNKNOWN' as const }));
  keepAnswer(context, recordType, answer, []);
  // A record in the recycle bin cannot be read by its id. Its response is all that is known.
  if (isBinned(answer.row)) recordStoreOf(context).markRead(recordType, answer.row.id);
  return answer.row.id;
}

interface KeepOptions<R> {
  readonly reshape?: Reshape<R> | undefined;
  /** The id of the record, if the response may lack the record. */
  readonly known?: string | undefined;
  /** The id of the record, if it existed before. */
  readonly expected?: string | undefined;
}

/** `true`, `{"success": "200"}`, or nothing at all. */
const isWordOfSuccess = ({ body }: WriteResponse): boolean =>
  body === null || body === true || (isObject(body) && body.success !== undefined);

function readRecord<R extends Identified>(
  context: Context,
  recordType: RecordType<R>,
  reply: WriteResponse,
): RecordAnswer<R> {
  try {
    return context.freshsales.toWritten(recordType, reply);
  } catch (error) {
    throw error instanceof FreshsalesError ? withUncertainty(error) : error;
  }
}

/** Removes values that are not yet correct in the response. */
export type Reshape<R> = (answer: RecordAnswer<R>, reply: WriteResponse) => RecordAnswer<R>;

/** The record in the response to a write, and its parents. */
const learnFrom =
  (recordType: RecordType) =>
  (body: unknown): Learned => {
    const row = rowIn(body, recordType.one);
    if (!row) return { ids: [], touched: [] };
    const listed = (cell: unknown, type: string): Reference[] =>
      Array.isArray(cell) ? cell.map((item) => ({ type, id: String(isObject(item) ? item.id : item) })) : [];
    const targets = Array.isArray(row.targetables) ? row.targetables.filter(isObject) : [];
    return {
      ids: [String(row.id)],
      touched: [
        ...targets.map(({ type, id }) => ({ type: String(type), id: String(id) })),
        ...listed(row.sales_accounts, 'SalesAccount'),
        ...listed(row.contact_ids, 'Contact'),
        ...(row.sales_account_id ? [{ type: 'SalesAccount', id: String(row.sales_account_id) }] : []),
      ],
    };
  };

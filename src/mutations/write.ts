import type { GraphQLResolveInfo } from 'graphql';
import type { RecordAnswer } from '../freshsales/answer.ts';
import type { Reference } from '../freshsales/change.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified } from '../freshsales/resource.ts';
import { isObject } from '../freshsales/rows.ts';
import type { Learned, Order, Reply } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import { keepAnswer } from '../records/read-records.ts';
import { recordStoreOf } from '../records/record-store.ts';
import type { RecordType } from '../records/record-type.ts';
import { knownBefore, recordWrite } from './audit-events.ts';
import type { Draft, Problem } from './draft.ts';
import { recordPreview } from './preview.ts';
import { toProblems } from './refusal.ts';

/** What came of a mutation, as plain data: it may be kept, and given again in another operation. */
export interface Outcome {
  readonly problems: readonly Problem[];
  /** It was refused here, before any call. */
  readonly isUnsent?: boolean;
  /** What Freshsales answered; none where it was refused. */
  readonly reply?: Reply;
}

/**
 * Sends what a draft came to, unless something is wrong with it already, or only a preview is wanted. A refusal is an
 * outcome; other failures are thrown.
 */
export async function send(
  context: Context,
  info: GraphQLResolveInfo,
  { draft, order: given }: { draft: Draft; order: Order },
): Promise<Outcome> {
  const order = await prepared(context, draft, given);
  if (context.preview) {
    await recordPreview(context, context.preview, info, { draft, order });
    return { problems: draft.problems, isUnsent: true };
  }
  if (draft.problems.length > 0) return { problems: draft.problems, isUnsent: true };
  const before = await knownBefore(context, order);
  const note = (outcome: 'done' | 'refused' | 'unknown', reply?: Reply) =>
    recordWrite(context, { draft, order, before, outcome, reply });
  try {
    const reply = await context.freshsales.write(order);
    note('done', reply);
    return { problems: [], reply };
  } catch (error) {
    if (error instanceof FreshsalesError) note(error.outcome === 'UNKNOWN' ? 'unknown' : 'refused');
    return { problems: problemsOf(error, draft) };
  } finally {
    // Whatever this operation knew may be otherwise now.
    recordStoreOf(context).clear();
  }
}

/**
 * An order as it will be sent, for a write and for its preview alike. What it names and is not there for this caller becomes a
 * problem of the draft; what is not granted is thrown.
 */
export async function prepared(context: Context, draft: Draft, order: Order): Promise<Order> {
  if (draft.problems.length > 0) return order;
  try {
    return await context.freshsales.prepare(order);
  } catch (error) {
    if (error instanceof FreshsalesError) error.outcome ??= 'NOT_DONE';
    draft.problems.push(...problemsOf(error, draft));
    if (!context.preview) recordWrite(context, { draft, order, before: undefined, outcome: 'unseen' });
    return order;
  }
}

/** A refusal as problems; every other failure stays one. */
export function problemsOf(error: unknown, draft: Draft): Problem[] {
  if (!(error instanceof FreshsalesError)) throw error;
  if (error.code === 'BAD_USER_INPUT')
    return toProblems(error.messages, { columns: { ...draft.identifier, ...draft.columns }, paths: draft.paths });
  if (error.code !== 'NOT_FOUND') throw toldApart(error);
  const message = error.messages[0] ?? 'The record does not exist, or the API key may not see it.';
  return [{ field: draft.paths.get(error.column ?? 'id') ?? null, message, code: 'NOT_FOUND' }];
}

/** Says of a write that failed whether it may have been done, and how to find out. */
export function toldApart(error: FreshsalesError): FreshsalesError {
  if (error.outcome === 'UNKNOWN') error.message += UNCERTAIN;
  return error;
}

const UNCERTAIN =
  ' The outcome is unknown, and it was not retried. Read the record, or look it up by a unique value, before you send this again.';

/**
 * The record of an outcome, kept for the resolvers below. Null where there is none. Relations are known where the answer
 * shows them, not where it was asked to: not every write is known to take includes, and an answer given again under an
 * idempotency key may have been asked for others.
 */
export function settle<R extends Identified>(
  context: Context,
  recordType: RecordType<R>,
  { reply }: Outcome,
  { reshape = (answer) => answer, known }: Settling<R> = {},
): string | null {
  if (!reply) return null;
  // Some writes answer that they were done and no more; the record is read where it is wanted.
  if (known !== undefined && isWordOfSuccess(reply)) return known;
  const answer = reshape(readRecord(context, recordType, reply), reply);
  keepAnswer(context, recordType, answer, []);
  return answer.row.id;
}

interface Settling<R> {
  readonly reshape?: Reshape<R> | undefined;
  /** The id of the record, where the answer may do without the record itself. */
  readonly known?: string | undefined;
}

/** `true`, `{"success": "200"}`, or nothing at all. */
const isWordOfSuccess = ({ body }: Reply): boolean =>
  body === null || body === true || (isObject(body) && body.success !== undefined);

function readRecord<R extends Identified>(context: Context, recordType: RecordType<R>, reply: Reply): RecordAnswer<R> {
  try {
    return context.freshsales.toWritten(recordType, reply);
  } catch (error) {
    throw error instanceof FreshsalesError ? toldApart(error) : error;
  }
}

/** Takes out of an answer what is known not to be true in it yet. */
export type Reshape<R> = (answer: RecordAnswer<R>, reply: Reply) => RecordAnswer<R>;

/** Which record an answer to a write has, and the other records that it says it belongs to. */
export const learnFrom =
  (recordType: RecordType) =>
  (body: unknown): Learned => {
    const row = isObject(body) ? body[recordType.one] : undefined;
    if (!isObject(row)) return { ids: [], touched: [] };
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

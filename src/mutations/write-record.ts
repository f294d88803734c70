import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import type { Action, WriteResponse } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import type { FieldCost } from '../records/field-needs.ts';
import type { RecordType } from '../records/record-type.ts';
import { notStored } from './not-stored.ts';
import { beforehand, type Condition, isReadFirst, readFirst } from './read-first.ts';
import { tagsAfterUpsert } from './tags.ts';
import type { Draft } from './writable.ts';
import { learnFrom, type MutationResult, type Reshape, send } from './write.ts';
import { changeOf, type GivenInput, type WriteCall, type WriteFacts } from './write-facts.ts';

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

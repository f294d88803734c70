import type { InputRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified } from '../freshsales/resource.ts';
import type { Action, Order, Reply } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import type { Charge } from '../records/field-needs.ts';
import { includesToAsk } from '../records/needs.ts';
import { builder } from '../schema/builder.ts';
import { requireCustomFields } from './custom-input.ts';
import { once } from './idempotency.ts';
import { notStored, refuseUnknownFields } from './not-stored.ts';
import { lowerFirst, payloadNeeds, recordPayload, type Written, withCreated } from './payload.ts';
import type { Identifier, RecordInput } from './record-input.ts';
import type { Draft } from './writable.ts';
import { keepWritten, learnFrom, type MutationResult, type Reshape, send } from './write.ts';
import { changeOf, draftOf, idArgs, oneRecord, type WriteFacts, writePrice } from './write-facts.ts';

/** Arguments of a mutation with an input. */
interface InputArgs<V> {
  readonly id?: string;
  readonly input: V;
}

const inputArgs = <V extends object>(ref: InputRef<V>, description: string) =>
  builder.args((t) => ({ input: t.field({ type: ref, required: true, description }) }));

/** Creates a record. */
export const createMutation = <R extends Identified, V extends object>(
  facts: WriteFacts<R>,
  input: RecordInput<V>,
  description: string,
  options: WriteOptions<R, InputArgs<V>> = {},
) => ({
  ...recordMutation<R, InputArgs<V>>(facts, {
    ...options,
    prefix: 'Create',
    action: 'create',
    description,
    call: `POST /${facts.recordType.path}`,
    fill: (args, draft) => {
      input.write(args.input, ['input'], draft);
      requireCustomFields(['input'], draft);
    },
    order: ({ columns }) => ({
      method: 'POST',
      path: facts.recordType.path,
      body: { [facts.recordType.one]: columns },
    }),
  }),
  args: inputArgs(input.ref, 'The fields of the record.'),
});

/** Updates a record. */
export const updateMutation = <R extends Identified, V extends object>(
  facts: WriteFacts<R>,
  input: RecordInput<V>,
  description: string,
  options: WriteOptions<R, InputArgs<V> & { id: string }> = {},
) => ({
  ...recordMutation<R, InputArgs<V> & { id: string }>(facts, {
    ...options,
    prefix: 'Update',
    action: 'update',
    description: `${description} Omitted fields are left unchanged; null clears a field.`,
    call: `PUT /${facts.recordType.path}/{id}`,
    fill: (args, draft) => {
      input.write(args.input, ['input'], draft);
      if (Object.keys(draft.columns).length === 0 && draft.userErrors.length === 0)
        draft.refuse(['input'], 'Provide at least one field.', 'REQUIRED');
    },
    order: ({ columns }, id) => ({
      method: 'PUT',
      path: `${facts.recordType.path}/${id}`,
      body: { [facts.recordType.one]: columns },
    }),
  }),
  args: { ...idArgs(facts.recordType.name), ...inputArgs(input.ref, 'The fields to change.') },
});

interface CloneArgs<V> {
  readonly id: string;
  readonly input?: V | null | undefined;
}

/** Clones a record, with overrides. */
export const cloneMutation = <R extends Identified, V extends object>(
  facts: WriteFacts<R>,
  input: RecordInput<V>,
  description: string,
  options: WriteOptions<R, CloneArgs<V>> = {},
) => ({
  ...recordMutation<R, CloneArgs<V>>(facts, {
    ...options,
    prefix: 'Clone',
    action: 'create',
    description,
    call: `POST /${facts.recordType.path}/{id}/clone`,
    fill: (args, draft) => {
      draft.isCopy = true;
      // Without an input too, so that a refusal can name the column.
      input.write(args.input ?? ({} as V), ['input'], draft);
    },
    order: ({ columns }, id) => ({
      method: 'POST',
      path: `${facts.recordType.path}/${id}/clone`,
      body: { [facts.recordType.one]: columns },
    }),
  }),
  args: {
    ...idArgs(facts.recordType.name),
    ...builder.args((t) => ({
      input: t.field({
        type: input.ref,
        description: 'Overrides for the copy. Unique fields must be changed.',
      }),
    })),
  },
});

interface UpsertArgs<B, V> {
  readonly id?: string;
  readonly by: B;
  readonly input: V;
}

/** Updates the record with an identifier, or creates it. */
export function upsertMutation<R extends Identified, B extends object, V extends object>(
  facts: WriteFacts<R>,
  { by, input, description, ...options }: UpsertOf<R, B, V>,
) {
  const { name, path, one } = facts.recordType;
  const mutation = recordMutation<R, UpsertArgs<B, V>>(facts, {
    ...options,
    prefix: 'Upsert',
    action: 'upsert',
    description: `${description} Omitted fields are left unchanged; null clears a field.`,
    call: `POST /${path}/upsert`,
    fill: (args, draft) => {
      input.write(args.input, ['input'], draft);
      by.write(args.by, draft);
    },
    order: ({ columns, identifier }) => ({
      method: 'POST',
      path: `${path}/upsert`,
      body: { unique_identifier: identifier, [one]: columns },
    }),
  });
  withCreated(mutation.type);
  return {
    ...mutation,
    args: {
      ...builder.args((t) => ({
        by: t.field({
          type: by.ref,
          required: true,
          description: `Identifies the ${name}. Provide exactly one field.`,
        }),
      })),
      ...inputArgs(input.ref, 'The fields of the record, used to create or to update it.'),
    },
  };
}

interface UpsertOf<R extends Identified, B extends object, V extends object> extends WriteOptions<R, UpsertArgs<B, V>> {
  readonly by: Identifier<B>;
  readonly input: RecordInput<V>;
  readonly description: string;
}

/** Restores a record from the recycle bin. */
export const restoreMutation = <R extends Identified>(
  facts: WriteFacts<R>,
  description: string,
  { path = facts.recordType.path, reshape }: { path?: string; reshape?: Reshape<R> } = {},
) => ({
  ...recordMutation<R, { id: string }>(facts, {
    prefix: 'Restore',
    action: 'restore',
    description,
    call: `PUT /${path.replace(/^\.\.\//, '')}/{id}/restore`,
    fill: () => {},
    order: (_draft, id) => ({ method: 'PUT', path: `${path}/${id}/restore`, body: {} }),
    ...(reshape && { reshape }),
  }),
  args: idArgs(facts.recordType.name),
});

const SUMS = ['open_deals_amount', 'open_deals_count', 'won_deals_amount', 'won_deals_count'];

/** An upsert returns null for all sums over deals (QUIRKS 11). They are read if selected. */
export const withoutSums: Reshape<Identified> = ({ row, sideloads }) => {
  const kept = Object.entries(row).filter(([column, cell]) => !(SUMS.includes(column) && cell === null));
  return { row: { ...Object.fromEntries(kept), id: row.id, partial: true }, sideloads };
};

/** Additions of one mutation to the facts of its record type. */
export interface WriteOptions<R, A> {
  /** Checks the draft before it is sent, and may refuse or complete it. May read. */
  readonly check?: (context: Context, draft: Draft, args: A & { id: string }) => Promise<void> | void;
  /** The cost of the check. */
  readonly checkPrice?: (input: Readonly<Record<string, unknown>>) => readonly Charge[];
  readonly reshape?: Reshape<R>;
  /** Looks for values that Freshsales ignored, and may write them in another way. The record is written already. */
  readonly complete?: (context: Context, draft: Draft, reply: Reply) => Promise<Completed>;
}

/** The response with everything that is stored, and an error for each value that is not. */
export type Completed = Required<Pick<MutationResult, 'userErrors' | 'reply'>>;

/** A kind of mutation that returns a record. */
interface Verb<R, A> extends WriteOptions<R, A> {
  /** The verb before the record type, as in `CreateContactPayload`. */
  readonly prefix: string;
  readonly action: Action;
  readonly description: string;
  /** The call as a template. */
  readonly call: string;
  /** Writes the arguments into the draft. */
  readonly fill: (args: A, draft: Draft) => void;
  /** The request. */
  readonly order: (draft: Draft, id: string) => Omit<Order, 'change' | 'learn'>;
}

/** Options of a mutation field that writes and returns one record. The caller adds the arguments. */
export function recordMutation<R extends Identified, A extends { id?: string }>(
  facts: WriteFacts<R>,
  verb: Verb<R, A>,
) {
  const { recordType, type, loader } = facts;
  const name = `${verb.prefix}${recordType.name}`;
  const stored = async (reply: Reply, context: Context, draft: Draft): Promise<MutationResult> => {
    const completed = (await verb.complete?.(context, draft, reply)) ?? { userErrors: [], reply };
    return {
      ...completed,
      userErrors: [...completed.userErrors, ...notStored(context, recordType, draft, completed.reply)],
    };
  };
  return {
    type: recordPayload(name, lowerFirst(recordType.name), type, loader),
    semanticNonNull: true,
    description: `${verb.description} Costs one call.`,
    extensions: writePrice({
      type: recordType.name,
      action: verb.action,
      records: oneRecord,
      call: verb.call,
      reads: recordType.path,
      more: verb.checkPrice,
    }),
    resolve: async (_root: object, args: A, context: Context, info: GraphQLResolveInfo): Promise<Written> => {
      const { draft, id } = draftOf(facts, context, info, args.id);
      verb.fill(args, draft);
      const needs = payloadNeeds(context, info, { payload: `${name}Payload`, type: recordType.name });
      const include = includesToAsk(needs);
      const outcome = await once(context, info, args, async () => {
        refuseUnknownFields(context, recordType, draft);
        if (draft.userErrors.length === 0) await beforehand(() => verb.check?.(context, draft, { ...args, id }));
        const order = verb.order(draft, id);
        const change = changeOf(facts, verb.action, { ids: id === '' || verb.prefix === 'Clone' ? [] : [id], draft });
        const asked = [...new Set([...draft.include, ...include])];
        const sent = await send(context, info, {
          draft,
          order: { ...order, include: asked, change, learn: learnFrom(recordType) },
        });
        return sent.reply ? stored(sent.reply, context, draft) : sent;
      });
      const written = keepWritten(context, recordType, outcome, {
        reshape: verb.reshape,
        // Restoring a product returns only a success message.
        known: verb.action === 'restore' ? id : undefined,
      });
      return { id: written, userErrors: outcome.userErrors, created: createdBy(outcome) };
    },
  };
}

/** A failed read before the write has the outcome NOT_DONE. */
async function beforehand(check: () => Promise<void> | void): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (error instanceof FreshsalesError) error.outcome ??= 'NOT_DONE';
    throw error;
  }
}

/** 201 means created (FACTS 7). */
const createdBy = ({ reply }: MutationResult): boolean | null => (reply ? reply.status === 201 : null);

import type { InputRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { includesToAsk } from '../records/record-type.ts';
import { builder } from '../schema/builder.ts';
import { requireCustomFields } from './custom-input.ts';
import { once } from './idempotency.ts';
import { refuseUnknownFields } from './not-stored.ts';
import { lowerFirst, payloadNeeds, recordPayload, type Written, withCreated } from './payload.ts';
import { type Condition, conditionArgs, isReadFirst, readFirst } from './read-first.ts';
import type { Identifier, RecordInput } from './record-input.ts';
import { tagsAfterUpsert } from './tags.ts';
import type { Draft } from './writable.ts';
import { keepWritten, type MutationResult, type Reshape, type Verb, type WriteOptions, writeRecord } from './write.ts';
import {
  type DraftContext,
  draftOf,
  idArgs,
  oneRecord,
  updateCall,
  type WriteFacts,
  writeCost,
  writtenBy,
} from './write-facts.ts';

/** Arguments of a mutation with an input. */
interface InputArgs<V> extends Condition {
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
  prefix = 'Create',
) => ({
  ...recordMutation<R, InputArgs<V>>(facts, {
    ...options,
    prefix,
    action: 'create',
    description,
    call: { method: 'POST', path: () => facts.recordType.path },
    fill: (args, draft) => {
      input.write(args.input, ['input'], draft);
      requireCustomFields(['input'], draft);
    },
    body: ({ columns }) => ({ [facts.recordType.one]: columns }),
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
    call: updateCall(facts.recordType),
    fill: (args, draft) => {
      input.write(args.input, ['input'], draft);
      if (Object.keys(draft.columns).length === 0 && !draft.tags && draft.userErrors.length === 0)
        draft.refuse(['input'], 'Provide at least one field.', 'REQUIRED');
    },
    body: ({ columns }) => ({ [facts.recordType.one]: columns }),
  }),
  args: {
    ...idArgs(facts.recordType.name),
    ...inputArgs(input.ref, 'The fields to change.'),
    ...conditionArgs(facts.recordType),
  },
});

interface CloneArgs<V> extends Condition {
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
    call: { method: 'POST', path: (id) => `${facts.recordType.path}/${id}/clone` },
    fill: (args, draft) => {
      draft.isCopy = true;
      // Without an input too, so that a refusal can name the column.
      input.write(args.input ?? ({} as V), ['input'], draft);
    },
    body: ({ columns }) => ({ [facts.recordType.one]: columns }),
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

interface UpsertArgs<B, V> extends Condition {
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
    call: { method: 'POST', path: () => `${path}/upsert` },
    fill: (args, draft) => {
      input.write(args.input, ['input'], draft);
      by.write(args.by, draft);
    },
    body: ({ columns, identifier }) => ({ unique_identifier: identifier, [one]: columns }),
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
  ...recordMutation<R, Condition & { id: string }>(facts, {
    prefix: 'Restore',
    action: 'restore',
    description,
    call: { method: 'PUT', path: (id) => `${path}/${id}/restore` },
    fill: () => {},
    body: () => ({}),
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

/** Options of a mutation field that writes and returns one record. The caller adds the arguments. */
export function recordMutation<R extends Identified, A extends Condition & { id?: string }>(
  facts: WriteFacts<R>,
  verb: Verb<R, A>,
) {
  const { recordType, type } = facts;
  const { name } = recordType;
  const { call, action, check, complete } = verb;
  const cost = writeCost({
    call,
    drafting: drafting(facts, verb),
    reads: recordType.path,
    first: (args) => [
      ...readFirst.cost(recordType, args),
      ...(action === 'upsert' ? tagsAfterUpsert.cost(recordType, args) : []),
    ],
    steps: (input) => [...(check?.cost(input) ?? []), ...(complete?.cost(input) ?? [])],
    replacedLinks: action === 'update' ? facts.replacedLinks : undefined,
  });
  return {
    type: recordPayload(payloadOf(verb, facts), lowerFirst(name), type),
    semanticNonNull: true,
    description: `${verb.description} Costs one call.`,
    ...writtenBy({ cost, run: writing(facts, verb) }, { type: name, action, records: oneRecord, fields: verb.fields }),
  };
}

const payloadOf = ({ prefix }: { prefix: string }, { recordType }: { recordType: { name: string } }): string =>
  `${prefix}${recordType.name}`;

/** Writes the arguments into a draft, and reads the id. */
const drafting =
  <R extends Identified, A extends { id?: string }>(facts: WriteFacts<R>, verb: Verb<R, A>) =>
  (args: A, context: DraftContext, info: Pick<GraphQLResolveInfo, 'schema'>): { draft: Draft; id: string } => {
    const { draft, id } = draftOf(facts, context, info, args.id);
    verb.fill(args, draft);
    refuseUnknownFields(context, facts.recordType, draft);
    return { draft, id };
  };

const writing =
  <R extends Identified, A extends Condition & { id?: string }>(facts: WriteFacts<R>, verb: Verb<R, A>) =>
  async (_root: object, args: A, context: Context, info: GraphQLResolveInfo): Promise<Written> => {
    const { recordType } = facts;
    const { draft, id } = drafting(facts, verb)(args, context, info);
    const payload = `${payloadOf(verb, facts)}Payload`;
    const needs = payloadNeeds(context, info, { payload, type: recordType.name });
    const attempt = (): Promise<MutationResult> =>
      writeRecord(context, info, { facts, verb, draft, id, args, include: includesToAsk(needs) });
    const isInTurn = id !== '' && (isReadFirst(draft, args) || 'tags' in draft.columns);
    const outcome = await once(context, info, args, () =>
      isInTurn ? context.exclusive.run(`${recordType.name} ${id}`, attempt) : attempt(),
    );
    if (outcome.isUnchanged) return { id, userErrors: [] };
    const written = keepWritten(context, recordType, outcome, {
      reshape: verb.reshape,
      // Restoring a product returns only a success message.
      known: verb.action === 'restore' ? id : undefined,
      expected: verb.action === 'update' || verb.action === 'restore' ? id : undefined,
    });
    return { id: written, userErrors: outcome.userErrors, created: createdBy(outcome) };
  };

/** 201 means created (FACTS 7). */
const createdBy = ({ reply }: MutationResult): boolean | null => (reply ? reply.status === 201 : null);

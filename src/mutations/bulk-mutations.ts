import type { InputFieldMap } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { bulkOverIds, type IdsResult, ROWS_PER_JOB } from '../freshsales/bulk.ts';
import type { Identified } from '../freshsales/resource.ts';
import { type Action, toWireId, type WriteRequest } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import { recordStoreOf } from '../records/record-store.ts';
import type { AuditedWrite } from '../records/write-report.ts';
import { builder } from '../schema/builder.ts';
import type { Progress } from '../stores/once.ts';
import { bulkWrittenBy, everyOf, partsOf } from './bulk.ts';
import { BulkIdsPayload, type BulkIdsResult } from './bulk-types.ts';
import { once } from './idempotency.ts';
import { refuseUnknownFields } from './not-stored.ts';
import { addBulkChanges } from './own-changes.ts';
import { recordPreview } from './preview.ts';
import type { RecordInput } from './record-input.ts';
import { refersTo } from './refers-to.ts';
import { refuseTagChanges } from './tags.ts';
import { type Draft, idAt, ref } from './writable.ts';
import { prepared, userErrorsOf } from './write.ts';
import { type DraftContext, draftOf, type WriteFacts } from './write-facts.ts';

interface OrderOverIds<A> {
  readonly action: Action;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly description: string;
  /** Writes the arguments other than ids into the draft. */
  readonly fill?: (args: A, draft: Draft) => void;
  /** The request for some of the ids. */
  readonly body: (ids: readonly (number | string)[], draft: Draft, args: A) => object;
}

/** A bulk operation on any number of records, 100 per call. */
function overIds<R extends Identified, A extends object, F extends InputFieldMap>(
  facts: WriteFacts<R>,
  order: OrderOverIds<A>,
  args: F,
) {
  const { name } = facts.recordType;
  const { action, method, path, description } = order;
  const run = (
    _root: object,
    given: A & { ids: string[] },
    context: Context,
    info: GraphQLResolveInfo,
  ): Promise<BulkIdsResult> => {
    const work = (progress: Progress<BulkIdsResult>) => changeIds(facts, context, info, { order, given, progress });
    return context.finish(() => once(context, info, given, work, { isUnfinished: hasUnsentIds }));
  };
  return {
    type: BulkIdsPayload,
    semanticNonNull: true,
    description: `${description} One call per ${ROWS_PER_JOB} records.`,
    args: {
      ...builder.args((t) => ({
        ids: t.idList({
          required: true,
          description: `Freshsales ids or global ids of ${name} records.`,
          ...refersTo(name),
        }),
      })),
      ...args,
    },
    ...bulkWrittenBy(run, {
      type: name,
      action,
      call: { method, path: () => path },
      arg: 'ids',
      checks: 0,
      drafting: draftingIds(facts, order),
    }),
  };
}

const hasUnsentIds = ({ notSent }: BulkIdsResult): boolean => notSent.length > 0;

interface IdsToChange<A> {
  readonly order: OrderOverIds<A>;
  readonly given: A & { ids: string[] };
  readonly progress: Progress<BulkIdsResult>;
}

/** Writes the arguments into a draft, and reads the ids. */
const draftingIds =
  <R extends Identified, A>(facts: WriteFacts<R>, { fill }: OrderOverIds<A>) =>
  (given: A & { ids: string[] }, context: DraftContext, info: Pick<GraphQLResolveInfo, 'schema'>) => {
    const { draft } = draftOf(facts, context, info);
    const ids = readIds(facts.recordType.name, given.ids, draft);
    fill?.(given, draft);
    refuseUnknownFields(context, facts.recordType, draft);
    return { draft, ids };
  };

/** Checks all ids, and sends those that an earlier attempt has not sent. */
async function changeIds<R extends Identified, A extends object>(
  facts: WriteFacts<R>,
  context: Context,
  info: GraphQLResolveInfo,
  { order, given, progress }: IdsToChange<A>,
): Promise<BulkIdsResult> {
  const { recordType } = facts;
  const { action, method, path, body } = order;
  const { draft, ids } = draftingIds(facts, order)(given, context, info);
  const nothing = { type: recordType.name, accepted: [], notSent: [], unknown: [], messages: [] };
  const orderOf = (part: readonly string[]): WriteRequest => ({
    method,
    path,
    body: body(part.map(toWireId), draft, given),
    change: { type: recordType.name, path: recordType.path, ids: part, touched: everyOf(facts), action },
  });
  await prepared(context, draft, orderOf(ids));
  if (context.preview) {
    const order = orderOf(ids.slice(0, ROWS_PER_JOB));
    await recordPreview(context, context.preview, info, { draft, order, calls: partsOf(ids) });
  }
  if (draft.userErrors.length > 0 || context.preview)
    return { ...nothing, userErrors: draft.userErrors, isUnsent: true };
  const { last } = progress;
  const noted = last?.isAudited ? last : undefined;
  const note = (noted: readonly string[], outcome: AuditedWrite['outcome'], before: readonly string[] = []) => {
    const id = noted.slice(before.length);
    if (id.length > 0) context.auditTrail.writes.push({ type: recordType.name, action, id, outcome });
  };
  const since = performance.now();
  try {
    const save = (done: IdsResult) => progress.save({ ...done, type: recordType.name, userErrors: [] });
    const result = await bulkOverIds(context.freshsales, ids, orderOf, { last, save });
    note(result.accepted, 'done', noted?.accepted);
    const changed = result.accepted.filter((id) => !noted?.accepted.includes(id));
    await addBulkChanges(context, { type: recordType.name, action, ids: changed, since });
    note(result.unknown, 'unknown', noted?.unknown);
    return { ...result, type: recordType.name, userErrors: [], isAudited: true };
  } catch (error) {
    note(ids, 'refused');
    return { ...nothing, userErrors: userErrorsOf(error, draft) };
  } finally {
    recordStoreOf(context).clear();
  }
}

/** The ids without duplicates, and the problems of all of them. */
function readIds(type: string, given: readonly string[], draft: Draft): string[] {
  if (given.length === 0) draft.refuse(['ids'], 'Provide at least one id.', 'REQUIRED');
  const read = given.map((id, index) => idAt(type, id, { path: ['ids', String(index)], draft }));
  return [...new Set(read.flatMap((id) => id ?? []))];
}

const destroys = <R extends Identified>({ recordType }: WriteFacts<R>, description: string) =>
  ({ action: 'bulkDelete', method: 'POST', path: `${recordType.path}/bulk_destroy`, description }) as const;

/** Deletes many records. */
export const bulkDeletes = <R extends Identified>(facts: WriteFacts<R>, description: string) =>
  overIds(facts, { ...destroys(facts, description), body: (ids) => ({ selected_ids: ids }) }, {});

const associatedArgs = builder.args((t) => ({
  deleteAssociatedContactsAndDeals: t.boolean({
    required: true,
    defaultValue: false,
    description: 'True to delete their contacts and deals as well.',
  }),
}));

/** Deletes many accounts, optionally with their contacts and deals (FACTS 8). */
export const bulkDeletesAccounts = <R extends Identified>(facts: WriteFacts<R>, description: string) =>
  overIds(
    facts,
    {
      ...destroys(facts, description),
      body: (ids, _draft, args: { deleteAssociatedContactsAndDeals: boolean }) => ({
        selected_ids: ids,
        ...(args.deleteAssociatedContactsAndDeals && { delete_associated_contacts_deals: true }),
      }),
    },
    associatedArgs,
  );

const owner = ref('User', 'owner_id', 'The new owner.');

/** Assigns many records to an owner. */
export const assignsOwner = <R extends Identified>(facts: WriteFacts<R>, description: string) =>
  overIds(
    facts,
    {
      action: 'bulkAssign',
      method: 'POST',
      path: `${facts.recordType.path}/bulk_assign_owner`,
      description,
      fill: (args: { ownerId: string }, draft) => owner.write(args.ownerId, { path: ['ownerId'], draft }),
      body: (ids, { columns }) => ({ selected_ids: ids, owner_id: columns.owner_id }),
    },
    builder.args((t) => ({ ownerId: t.id({ required: true, description: owner.description, ...refersTo('User') }) })),
  );

/** Applies the same change to many records (FACTS 7). */
export const bulkUpdates = <R extends Identified, V extends object>(
  facts: WriteFacts<R>,
  input: RecordInput<V>,
  description: string,
) =>
  overIds(
    facts,
    {
      action: 'bulkUpdate',
      method: 'PUT',
      path: `${facts.recordType.path}/bulk_update`,
      description: `${description} Omitted fields are left unchanged; null clears a field.`,
      fill: (args: { input: V }, draft) => {
        input.write(args.input, ['input'], draft);
        refuseTagChanges(draft);
        if (Object.keys(draft.columns).length === 0 && draft.userErrors.length === 0)
          draft.refuse(['input'], 'Provide at least one field.', 'REQUIRED');
      },
      body: (ids, { columns }) => ({ [facts.recordType.one]: columns, ids }),
    },
    builder.args((t) => ({
      input: t.field({
        type: input.ref,
        required: true,
        description: 'The fields to change, applied to every record.',
      }),
    })),
  );

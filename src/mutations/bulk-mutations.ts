import type { Identified } from '../freshsales/resource.ts';
import { builder } from '../schema/builder.ts';
import { overIds } from './bulk.ts';
import type { RecordInput } from './record-input.ts';
import { refersTo } from './refers-to.ts';
import { ref } from './writable.ts';
import type { WriteFacts } from './write-facts.ts';

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

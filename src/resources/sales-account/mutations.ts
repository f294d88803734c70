import { bulkUpserts } from '../../mutations/bulk.ts';
import { bulkDeletesAccounts } from '../../mutations/bulk-mutations.ts';
import { deleteWithMutation, forgetMutation } from '../../mutations/delete-mutations.ts';
import type { Condition } from '../../mutations/read-first.ts';
import {
  cloneMutation,
  createMutation,
  updateMutation,
  upsertMutation,
  withoutSums,
} from '../../mutations/record-mutations.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import {
  CreateSalesAccountInput,
  SalesAccountIdentifier,
  salesAccountIdentifiers,
  UpdateSalesAccountInput,
} from './inputs.ts';
import { type SalesAccountRecord, salesAccountType } from './record.ts';
import { SalesAccount } from './type.ts';

const salesAccountFacts: WriteFacts<SalesAccountRecord> = {
  recordType: salesAccountType,
  type: SalesAccount,
  dependentTypes: ['Contact', 'Deal'],
  // Answers that contain an account are stale once it changes. Only a delete removes links of contacts and deals.
  affectingColumns: [],
};

const deleteArgs = builder.args((t) => ({
  deleteAssociatedContactsAndDeals: t.boolean({
    required: true,
    defaultValue: false,
    description: 'True to delete its contacts and deals as well.',
  }),
}));

interface DeleteSalesAccountArgs extends Condition {
  readonly id: string;
  readonly deleteAssociatedContactsAndDeals: boolean;
}

builder.mutationFields((t) => ({
  createSalesAccount: t.field(createMutation(salesAccountFacts, CreateSalesAccountInput, 'Creates a sales account.')),
  updateSalesAccount: t.field(updateMutation(salesAccountFacts, UpdateSalesAccountInput, 'Updates a sales account.')),
  upsertSalesAccount: t.field(
    upsertMutation(salesAccountFacts, {
      by: SalesAccountIdentifier,
      input: UpdateSalesAccountInput,
      description: 'Updates the sales account with this name or id, or creates one.',
      reshape: withoutSums,
    }),
  ),
  cloneSalesAccount: t.field(
    cloneMutation(
      salesAccountFacts,
      UpdateSalesAccountInput,
      'Copies a sales account. If names must be unique, the copy needs another one.',
    ),
  ),
  deleteSalesAccount: t.field(
    deleteWithMutation<SalesAccountRecord, DeleteSalesAccountArgs, typeof deleteArgs>(
      salesAccountFacts,
      'Deletes a sales account. It stays in the recycle bin for 90 days, but its links to deals and child accounts are removed permanently.',
      {
        args: deleteArgs,
        query: ({ deleteAssociatedContactsAndDeals }) =>
          deleteAssociatedContactsAndDeals ? { delete_associated_contacts_deals: 'true' } : {},
      },
    ),
  ),
  forgetSalesAccount: t.field(forgetMutation(salesAccountFacts, 'Permanently deletes a sales account.')),
}));

builder.mutationFields((t) => ({
  bulkUpsertSalesAccounts: t.field(
    bulkUpserts(salesAccountFacts, {
      by: salesAccountIdentifiers,
      input: UpdateSalesAccountInput,
      description: 'Creates or updates many sales accounts.',
    }),
  ),
  bulkDeleteSalesAccounts: t.field(
    bulkDeletesAccounts(salesAccountFacts, 'Deletes many sales accounts. They stay in the recycle bin for 90 days.'),
  ),
}));

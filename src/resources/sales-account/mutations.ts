import { deleteWithMutation, forgetMutation } from '../../mutations/delete-mutations.ts';
import { identifier, recordInput } from '../../mutations/record-input.ts';
import {
  cloneMutation,
  createMutation,
  updateMutation,
  upsertMutation,
  withoutSums,
} from '../../mutations/record-mutations.ts';
import { amount, customFields, ref, refs, text, texts, whole } from '../../mutations/writable.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { type SalesAccountRecord, salesAccountType } from './record.ts';
import { loadSalesAccount, SalesAccount } from './type.ts';

const writable = {
  name: text('name', 'Name. Must be unique among sales accounts.', { needed: true }),
  phone: text('phone', 'Phone number.'),
  website: text('website', 'Website.'),
  address: text('address', 'Street address.'),
  city: text('city', 'City.'),
  state: text('state', 'State or region.'),
  zipcode: text('zipcode', 'Postal code.'),
  country: text('country', 'Country.'),
  numberOfEmployees: whole('number_of_employees', 'Number of employees: the lower end of a range, such as 11 or 51.'),
  annualRevenue: amount('annual_revenue', 'Annual revenue.'),
  facebook: text('facebook', 'Facebook handle.'),
  twitter: text('twitter', 'Twitter handle.'),
  linkedin: text('linkedin', 'LinkedIn handle.'),
  tags: texts('tags', 'Tags. Replaces the whole set.'),
  ownerId: ref('User', 'owner_id', 'Owner.'),
  teamUserIds: refs(
    'User',
    'team_user_ids',
    'Other users on the team, in addition to the owner. Replaces the whole set.',
  ),
  parentId: ref('SalesAccount', 'parent_sales_account_id', 'Parent account.'),
  territoryId: ref('Territory', 'territory_id', 'Territory.'),
  industryTypeId: ref('IndustryType', 'industry_type_id', 'Industry.'),
  businessTypeId: ref('BusinessType', 'business_type_id', 'Business type.'),
  customFields,
};

const CreateSalesAccountInput = recordInput('CreateSalesAccountInput', writable, {
  description: 'Fields of a new sales account.',
  required: ['name'],
});

export const UpdateSalesAccountInput = recordInput('UpdateSalesAccountInput', writable, {
  description: 'Fields of a sales account to change. Omitted fields are left unchanged; null clears a field.',
});

const SalesAccountIdentifier = identifier('SalesAccount', {
  name: text('name', 'Name.'),
  id: ref('SalesAccount', 'id', 'The sales account.'),
});

export const salesAccountFacts: WriteFacts<SalesAccountRecord> = {
  recordType: salesAccountType,
  type: SalesAccount,
  loader: loadSalesAccount,
  ripples: ['Contact', 'Deal'],
  // Answers that contain an account are stale once it changes. Only a delete removes links of contacts and deals.
  rippling: [],
};

const deleteArgs = builder.args((t) => ({
  deleteAssociatedContactsAndDeals: t.boolean({
    required: true,
    defaultValue: false,
    description: 'True to delete its contacts and deals as well.',
  }),
}));

interface DeleteSalesAccountArgs {
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

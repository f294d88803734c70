import { builder } from '../../graph/builder.ts';
import { deletesWith, forgets } from '../../graph/gone.ts';
import { identifier } from '../../graph/identifier.ts';
import { clones, creates, updates, upserts } from '../../graph/mutations.ts';
import { recordInput } from '../../graph/record-input.ts';
import { withoutSums } from '../../graph/sums.ts';
import { amount, customFields, ref, refs, text, texts, whole } from '../../graph/writable.ts';
import type { WriteFacts } from '../../graph/write-facts.ts';
import { type SalesAccountRecord, salesAccountResource } from './resource.ts';
import { loadSalesAccount, SalesAccount } from './type.ts';

const writable = {
  name: text('name', 'What the company is called. No two accounts may have the same name.', { needed: true }),
  phone: text('phone', 'Telephone.'),
  website: text('website', 'Address on the web.'),
  address: text('address', 'Street and number.'),
  city: text('city', 'City.'),
  state: text('state', 'State or region.'),
  zipcode: text('zipcode', 'Postal code.'),
  country: text('country', 'Country.'),
  numberOfEmployees: whole(
    'number_of_employees',
    'How many people work there: the lower end of a range, such as 11 or 51.',
  ),
  annualRevenue: amount('annual_revenue', 'What it turns over in a year.'),
  facebook: text('facebook', 'Facebook handle.'),
  twitter: text('twitter', 'Twitter handle.'),
  linkedin: text('linkedin', 'LinkedIn handle.'),
  tags: texts('tags', 'Tags; the whole set.'),
  ownerId: ref('User', 'owner_id', 'Who looks after it.'),
  teamUserIds: refs('User', 'team_user_ids', 'Who works on it beside the owner; the whole set.'),
  parentId: ref('SalesAccount', 'parent_sales_account_id', 'The company it belongs to.'),
  territoryId: ref('Territory', 'territory_id', 'The territory it is in.'),
  industryTypeId: ref('IndustryType', 'industry_type_id', 'Its industry.'),
  businessTypeId: ref('BusinessType', 'business_type_id', 'What it is to us.'),
  customFields,
};

const CreateSalesAccountInput = recordInput('CreateSalesAccountInput', writable, {
  description: 'A new account.',
  required: ['name'],
});

export const UpdateSalesAccountInput = recordInput('UpdateSalesAccountInput', writable, {
  description: 'What shall be otherwise about an account. A field left out is left alone; null clears it.',
});

const SalesAccountIdentifier = identifier('SalesAccount', {
  name: text('name', 'Its name.'),
  id: ref('SalesAccount', 'id', 'The account itself.'),
});

export const salesAccountFacts: WriteFacts<SalesAccountRecord> = {
  resource: salesAccountResource,
  type: SalesAccount,
  loader: loadSalesAccount,
  ripples: ['Contact', 'Deal'],
  // Names and sites come along with contacts and deals, and are forgotten with the account; links are cut by deleting only.
  rippling: [],
};

const deleteArgs = builder.args((t) => ({
  deleteAssociatedContactsAndDeals: t.boolean({
    required: true,
    defaultValue: false,
    description: 'Whether its contacts and deals are deleted with it.',
  }),
}));

interface DeleteSalesAccountArgs {
  readonly id: string;
  readonly deleteAssociatedContactsAndDeals: boolean;
}

builder.mutationFields((t) => ({
  createSalesAccount: t.field(creates(salesAccountFacts, CreateSalesAccountInput, 'Enters an account.')),
  updateSalesAccount: t.field(updates(salesAccountFacts, UpdateSalesAccountInput, 'Changes an account.')),
  upsertSalesAccount: t.field(
    upserts(salesAccountFacts, {
      by: SalesAccountIdentifier,
      input: UpdateSalesAccountInput,
      description: 'Changes the account that has this name or id, or enters one.',
      reshape: withoutSums,
    }),
  ),
  cloneSalesAccount: t.field(
    clones(
      salesAccountFacts,
      UpdateSalesAccountInput,
      'Copies an account. Where names are unique the copy needs another.',
    ),
  ),
  deleteSalesAccount: t.field(
    deletesWith<SalesAccountRecord, DeleteSalesAccountArgs, typeof deleteArgs>(
      salesAccountFacts,
      'Deletes an account. It goes to the recycle bin for 90 days, but its links to deals and to accounts below it are cut for good.',
      {
        args: deleteArgs,
        query: ({ deleteAssociatedContactsAndDeals }) =>
          deleteAssociatedContactsAndDeals ? { delete_associated_contacts_deals: 'true' } : {},
      },
    ),
  ),
  forgetSalesAccount: t.field(forgets(salesAccountFacts, 'Erases an account.')),
}));

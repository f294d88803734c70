import { identifier, recordInput } from '../../mutations/record-input.ts';
import { tagChanges } from '../../mutations/tags.ts';
import { amount, customFields, phone, ref, refs, text, texts, whole } from '../../mutations/writable.ts';
import { idField, recordFilter, textField, timeFields } from '../../schema/typed-filter.ts';
import { addressInputs } from '../common-fields.ts';

const writable = {
  name: text('name', 'Name. Must be unique among sales accounts.', { needed: true }),
  phone: phone('phone', 'Phone number.'),
  website: text('website', 'Website.'),
  ...addressInputs,
  numberOfEmployees: whole('number_of_employees', 'Number of employees: the lower end of a range, such as 11 or 51.'),
  annualRevenue: amount('annual_revenue', 'Annual revenue.'),
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

export const CreateSalesAccountInput = recordInput('CreateSalesAccountInput', writable, {
  description: 'Fields of a new sales account.',
  required: ['name'],
});

export const UpdateSalesAccountInput = recordInput(
  'UpdateSalesAccountInput',
  { ...writable, ...tagChanges },
  { description: 'Fields of a sales account to change. Omitted fields are left unchanged; null clears a field.' },
);

export const salesAccountIdentifiers = {
  name: text('name', 'Name.'),
  id: ref('SalesAccount', 'id', 'The sales account.'),
};

export const SalesAccountIdentifier = identifier('SalesAccount', salesAccountIdentifiers);

export const SalesAccountFilter = recordFilter('SalesAccountFilter', {
  name: textField('name', 'Name.'),
  website: textField('website', 'Website.'),
  city: textField('city', 'City.'),
  country: textField('country', 'Country.'),
  ownerId: idField('User', 'owner_id', 'Owner.'),
  industryTypeId: idField('IndustryType', 'industry_type_id', 'Industry.'),
  ...timeFields,
});

import { BusinessType, IndustryType, Territory } from '../../lookups/accounts.ts';
import { User, withTeam } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { recordList } from '../../schema/connection.ts';
import { createdTime, idList, stringList, updatedTime, withCustomFields } from '../../schema/fields.ts';
import { nodeType } from '../../schema/node.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { allViews, byId, filtered, listed, ofView, ownedBy } from '../../schema/root.ts';
import { viewType } from '../../schema/views.ts';
import { appointments } from '../appointment/type.ts';
import { contacts } from '../contact/type.ts';
import { deals } from '../deal/type.ts';
import { notes } from '../note/type.ts';
import { tasksOf } from '../task/type.ts';
import { SalesAccountFilter } from './inputs.ts';
import { salesAccountType } from './record.ts';

export const SalesAccount = nodeType(salesAccountType, 'A company.');
withTeam(SalesAccount);
withCustomFields(SalesAccount);

/** Lists of sales accounts. */
export const salesAccounts = recordList(SalesAccount, {
  description: 'Fields that sales accounts can be sorted by.',
  values: {
    OPEN_DEALS_AMOUNT: { value: 'open_deals_amount', description: 'Total amount of open deals.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
    LAST_CONTACTED: { value: 'last_contacted', description: 'Time of last contact.' },
  },
});

builder.objectFields(SalesAccount, (t) => ({
  name: t.exposeString('name', { semanticNonNull: true, description: 'Name of the company. Unique in the account.' }),
  phone: t.exposeString('phone', { description: 'Phone number.' }),
  website: t.exposeString('website', { description: 'Website.' }),
  address: t.exposeString('address', { description: 'Street address.' }),
  city: t.exposeString('city', { description: 'City.' }),
  state: t.exposeString('state', { description: 'State or region.' }),
  zipcode: t.exposeString('zipcode', { description: 'Postal code.' }),
  country: t.exposeString('country', { description: 'Country.' }),
  numberOfEmployees: t.exposeInt('number_of_employees', {
    description: 'Number of employees, as the lower end of a range: 1, 11, 51, 201, 501, 1001, 5001 or 10001.',
  }),
  annualRevenue: t.expose('annual_revenue', { type: 'Decimal', description: 'Annual revenue, in the base currency.' }),
}));

builder.objectFields(SalesAccount, (t) => ({
  facebook: t.exposeString('facebook', { description: 'Facebook handle.' }),
  twitter: t.exposeString('twitter', { description: 'Twitter handle.' }),
  linkedin: t.exposeString('linkedin', { description: 'LinkedIn handle.' }),
  avatar: t.exposeString('avatar', { description: 'URL of the picture.' }),
  openDealsAmount: t.expose('open_deals_amount', {
    type: 'Decimal',
    description: 'Total amount of open deals, in the base currency.',
  }),
  openDealsCount: t.exposeInt('open_deals_count', { description: 'Number of open deals.' }),
  wonDealsAmount: t.expose('won_deals_amount', {
    type: 'Decimal',
    description: 'Total amount of won deals, in the base currency.',
  }),
  wonDealsCount: t.exposeInt('won_deals_count', { description: 'Number of won deals.' }),
  lastContactedAt: t.expose('last_contacted', { type: 'DateTime', description: 'Time of last contact.' }),
  lastContactedMode: t.exposeString('last_contacted_mode', {
    description: 'Channel of the last contact. The wording comes from Freshsales and varies.',
  }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'Sales activity type of the last contact.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'Time of last contact through a sales activity.',
  }),
  lastAssignedAt: t.expose('last_assigned_at', {
    type: 'DateTime',
    description: 'Time of the last owner assignment.',
  }),
}));

builder.objectFields(SalesAccount, (t) => ({
  recentNote: t.exposeString('recent_note', { description: 'Text of the latest note.' }),
  completedSalesSequences: t.stringList(stringList('completed_sales_sequences', 'Completed sales sequences.')),
  activeSalesSequences: t.stringList(stringList('active_sales_sequences', 'Active sales sequences.')),
  webFormIds: t.field(idList('web_form_ids', 'Ids of the web forms submitted.')),
  recordTypeId: t.exposeID('record_type_id', {
    description: 'Id of the record type, if the account uses several.',
  }),
  isDeleted: t.exposeBoolean('is_deleted', { description: 'True if the record is in the recycle bin.' }),
  hasConnections: t.exposeBoolean('has_connections', {
    description: 'True if colleagues are connected to the company. Not sent by every endpoint.',
  }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
  tags: t.stringList(stringList('tags', 'Tags.')),
}));

builder.objectFields(SalesAccount, (t) => ({
  owner: t.field(toOne(salesAccountType, 'owner', User, 'The user who owns the record.')),
  creator: t.field(toOne(salesAccountType, 'creater', User, 'The user who created the record.')),
  updater: t.field(toOne(salesAccountType, 'updater', User, 'The user who last updated the record.')),
  territory: t.field(toOne(salesAccountType, 'territory', Territory, 'Territory.')),
  industryType: t.field(toOne(salesAccountType, 'industry_type', IndustryType, 'Industry.')),
  businessType: t.field(toOne(salesAccountType, 'business_type', BusinessType, 'Business type.')),
  parent: t.field(toOne(salesAccountType, 'parent_sales_account', SalesAccount, 'Parent account.')),
  children: t.field(toMany(salesAccountType, 'child_sales_accounts', salesAccounts, 'Child accounts.')),
  contacts: t.field(toMany(salesAccountType, 'contacts', contacts, 'Contacts of the sales account.')),
  deals: t.field(toMany(salesAccountType, 'deals', deals, 'Deals of the sales account.')),
  tasks: t.field(tasksOf(salesAccountType)),
  appointments: t.field(toMany(salesAccountType, 'appointments', appointments, 'Appointments.')),
  notes: t.field(toMany(salesAccountType, 'notes', notes, 'Notes.')),
}));

builder.objectField(User, 'salesAccounts', (t) =>
  t.field(ownedBy(salesAccounts, 'Sales accounts that the user owns.')),
);

const SalesAccountView = viewType(salesAccountType);

builder.objectField(SalesAccountView, 'salesAccounts', (t) =>
  t.field(ofView(salesAccounts, 'The sales accounts in the view.')),
);

builder.queryFields((t) => ({
  salesAccount: t.field(byId(SalesAccount, 'The sales account with this id.')),
  salesAccounts: t.field(
    listed(salesAccounts, SalesAccountFilter, 'Sales accounts in a saved view, or those that match a filter.'),
  ),
  salesAccountViews: t.field(allViews(salesAccountType, SalesAccountView)),
  filterSalesAccounts: t.field(filtered(salesAccounts, 'Sales accounts that match all rules (filtered search).')),
}));

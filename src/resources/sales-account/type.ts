import { BusinessType, IndustryType, Territory } from '../../lookups/contacts.ts';
import { User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { recordList } from '../../schema/connection.ts';
import { withCustomFields } from '../../schema/fields.ts';
import {
  filterField,
  listField,
  ownedField,
  recordField,
  viewRecordsField,
  viewsField,
} from '../../schema/list-fields.ts';
import { nodeType } from '../../schema/node.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { viewType } from '../../schema/views.ts';
import { appointments } from '../appointment/type.ts';
import { withAddress, withDealSums, withHistory, withLastContact, withUsers } from '../common-fields.ts';
import { contacts } from '../contact/type.ts';
import { deals } from '../deal/type.ts';
import { notes } from '../note/type.ts';
import { tasksOf } from '../task/type.ts';
import { SalesAccountFilter } from './inputs.ts';
import { salesAccountType } from './record.ts';

export const SalesAccount = nodeType(salesAccountType, 'A company.');
withAddress(SalesAccount);
withDealSums(SalesAccount);
withLastContact(SalesAccount);
withHistory(SalesAccount);
withUsers(SalesAccount);
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
  numberOfEmployees: t.exposeInt('number_of_employees', {
    description: 'Number of employees, as the lower end of a range: 1, 11, 51, 201, 501, 1001, 5001 or 10001.',
  }),
  annualRevenue: t.expose('annual_revenue', { type: 'Decimal', description: 'Annual revenue, in the base currency.' }),
  recordTypeId: t.exposeID('record_type_id', {
    description: 'Id of the record type, if the account uses several.',
  }),
  hasConnections: t.exposeBoolean('has_connections', {
    description: 'True if colleagues are connected to the company. Not sent by every endpoint.',
  }),
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
  t.field(ownedField(salesAccounts, 'Sales accounts that the user owns.')),
);

const SalesAccountView = viewType(salesAccountType);

builder.objectField(SalesAccountView, 'salesAccounts', (t) =>
  t.field(viewRecordsField(salesAccounts, 'The sales accounts in the view.')),
);

builder.queryFields((t) => ({
  salesAccount: t.field(recordField(SalesAccount, 'The sales account with this id.')),
  salesAccounts: t.field(
    listField(salesAccounts, SalesAccountFilter, 'Sales accounts in a saved view, or those that match a filter.'),
  ),
  salesAccountViews: t.field(viewsField(salesAccountType, SalesAccountView)),
  filterSalesAccounts: t.field(filterField(salesAccounts, 'Sales accounts that match all rules (filtered search).')),
}));

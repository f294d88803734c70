import {
  BusinessType,
  IndustryType,
  loadBusinessType,
  loadIndustryType,
  loadTerritory,
  Territory,
} from '../../lookups/accounts.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { joinedByTarget } from '../../queries/record.ts';
import type { JoinByTarget } from '../../records/strategies/join-by-target.ts';
import { subResource } from '../../records/strategies/sub-resource.ts';
import { builder } from '../../schema/builder.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { appointmentType } from '../appointment/record.ts';
import { appointments } from '../appointment/type.ts';
import { contactType } from '../contact/record.ts';
import { contacts } from '../contact/type.ts';
import { dealType } from '../deal/record.ts';
import { deals } from '../deal/type.ts';
import { notes, notesBelow } from '../note/type.ts';
import { taskType } from '../task/record.ts';
import { tasks } from '../task/type.ts';
import { salesAccountType } from './record.ts';
import { loadSalesAccount, SalesAccount, salesAccounts } from './type.ts';

/** Deals are searched by sales account (BATCHING 4, Q6), and return it with the include. */
const dealsByAccount: JoinByTarget = {
  child: dealType,
  by: 'sales_account',
  attribute: 'sales_account_id',
  parentsOf: ({ sales_account_id: id }) => (id === undefined ? undefined : typeof id === 'string' ? [id] : []),
};

builder.objectFields(SalesAccount, (t) => ({
  owner: t.field(toOne(salesAccountType, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(salesAccountType, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(salesAccountType, 'updater', User, loadUser, 'The user who last updated the record.')),
  territory: t.field(toOne(salesAccountType, 'territory', Territory, loadTerritory, 'Territory.')),
  industryType: t.field(toOne(salesAccountType, 'industry_type', IndustryType, loadIndustryType, 'Industry.')),
  businessType: t.field(toOne(salesAccountType, 'business_type', BusinessType, loadBusinessType, 'Business type.')),
  parent: t.field(toOne(salesAccountType, 'parent_sales_account', SalesAccount, loadSalesAccount, 'Parent account.')),
  children: t.field(toMany(salesAccountType, 'child_sales_accounts', salesAccounts, 'Child accounts.')),
  contacts: t.field(
    toMany(salesAccountType, 'contacts', contacts, 'Contacts of the sales account.', {
      fallback: subResource(salesAccountType, contactType, ['api', 'ui']),
    }),
  ),
  deals: t.field(toMany(salesAccountType, 'deals', deals, 'Deals of the sales account.', { joined: dealsByAccount })),
  tasks: t.field(
    toMany(salesAccountType, 'tasks', tasks, 'Tasks.', {
      joined: joinedByTarget(taskType),
    }),
  ),
  appointments: t.field(
    toMany(salesAccountType, 'appointments', appointments, 'Appointments.', {
      joined: joinedByTarget(appointmentType),
    }),
  ),
  notes: t.field(
    toMany(salesAccountType, 'notes', notes, 'Notes. May cost one call per sales account.', {
      fallback: notesBelow(salesAccountType),
      doubtful: true,
    }),
  ),
}));

import { below } from '../../graph/below.ts';
import { builder } from '../../graph/builder.ts';
import type { Joined } from '../../graph/joined.ts';
import { toMany, toOne } from '../../graph/relation.ts';
import { joinedByTarget } from '../../queries/record.ts';
import { appointmentResource } from '../appointment/resource.ts';
import { appointments } from '../appointment/type.ts';
import { BusinessType, loadBusinessType } from '../business-type/type.ts';
import { contactResource } from '../contact/resource.ts';
import { contacts } from '../contact/type.ts';
import { dealResource } from '../deal/resource.ts';
import { deals } from '../deal/type.ts';
import { IndustryType, loadIndustryType } from '../industry-type/type.ts';
import { notes, notesBelow } from '../note/type.ts';
import { taskResource } from '../task/resource.ts';
import { tasks } from '../task/type.ts';
import { loadTerritory, Territory } from '../territory/type.ts';
import { loadUser, User } from '../user/type.ts';
import { salesAccountResource } from './resource.ts';
import { loadSalesAccount, SalesAccount, salesAccounts } from './type.ts';

/** Deals are found by the account they are made with (BATCHING 4, Q6), and say which it is with the include. */
const dealsByAccount: Joined = {
  child: dealResource,
  by: 'sales_account',
  attribute: 'sales_account_id',
  parentsOf: ({ sales_account_id: id }) => (id === undefined ? undefined : typeof id === 'string' ? [id] : []),
};

builder.objectFields(SalesAccount, (t) => ({
  owner: t.field(toOne(salesAccountResource, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(salesAccountResource, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(salesAccountResource, 'updater', User, loadUser, 'The user who last updated the record.')),
  territory: t.field(toOne(salesAccountResource, 'territory', Territory, loadTerritory, 'Territory.')),
  industryType: t.field(toOne(salesAccountResource, 'industry_type', IndustryType, loadIndustryType, 'Industry.')),
  businessType: t.field(toOne(salesAccountResource, 'business_type', BusinessType, loadBusinessType, 'Business type.')),
  parent: t.field(
    toOne(salesAccountResource, 'parent_sales_account', SalesAccount, loadSalesAccount, 'Parent account.'),
  ),
  children: t.field(toMany(salesAccountResource, 'child_sales_accounts', salesAccounts, 'Child accounts.')),
  contacts: t.field(
    toMany(salesAccountResource, 'contacts', contacts, 'Contacts of the sales account.', {
      fallback: below(salesAccountResource, contactResource, ['api', 'ui']),
    }),
  ),
  deals: t.field(
    toMany(salesAccountResource, 'deals', deals, 'Deals of the sales account.', { joined: dealsByAccount }),
  ),
  tasks: t.field(
    toMany(salesAccountResource, 'tasks', tasks, 'Tasks.', {
      joined: joinedByTarget(taskResource),
    }),
  ),
  appointments: t.field(
    toMany(salesAccountResource, 'appointments', appointments, 'Appointments.', {
      joined: joinedByTarget(appointmentResource),
    }),
  ),
  notes: t.field(
    toMany(salesAccountResource, 'notes', notes, 'Notes. May cost one call per sales account.', {
      fallback: notesBelow(salesAccountResource),
      doubtful: true,
    }),
  ),
}));

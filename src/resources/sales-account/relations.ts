import {
  BusinessType,
  IndustryType,
  loadBusinessType,
  loadIndustryType,
  loadTerritory,
  Territory,
} from '../../lookups/accounts.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { appointments } from '../appointment/type.ts';
import { contacts } from '../contact/type.ts';
import { deals } from '../deal/type.ts';
import { notes } from '../note/type.ts';
import { tasks } from '../task/type.ts';
import { salesAccountType } from './record.ts';
import { loadSalesAccount, SalesAccount, salesAccounts } from './type.ts';

builder.objectFields(SalesAccount, (t) => ({
  owner: t.field(toOne(salesAccountType, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(salesAccountType, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(salesAccountType, 'updater', User, loadUser, 'The user who last updated the record.')),
  territory: t.field(toOne(salesAccountType, 'territory', Territory, loadTerritory, 'Territory.')),
  industryType: t.field(toOne(salesAccountType, 'industry_type', IndustryType, loadIndustryType, 'Industry.')),
  businessType: t.field(toOne(salesAccountType, 'business_type', BusinessType, loadBusinessType, 'Business type.')),
  parent: t.field(toOne(salesAccountType, 'parent_sales_account', SalesAccount, loadSalesAccount, 'Parent account.')),
  children: t.field(toMany(salesAccountType, 'child_sales_accounts', salesAccounts, 'Child accounts.')),
  contacts: t.field(toMany(salesAccountType, 'contacts', contacts, 'Contacts of the sales account.')),
  deals: t.field(toMany(salesAccountType, 'deals', deals, 'Deals of the sales account.')),
  tasks: t.field(toMany(salesAccountType, 'tasks', tasks, 'Tasks.')),
  appointments: t.field(toMany(salesAccountType, 'appointments', appointments, 'Appointments.')),
  notes: t.field(toMany(salesAccountType, 'notes', notes, 'Notes. May cost one call per sales account.')),
}));

import type { Row } from '../../freshsales/answer.ts';
import { jsonObject, listOf, nullable, type RecordOf } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { batchSearch } from '../../records/strategies/batch-search.ts';
import { include } from '../../records/strategies/include.ts';
import { joinByTarget, joinRelations } from '../../records/strategies/join-by-target.ts';
import { listScan } from '../../records/strategies/list-scan.ts';
import { readOne } from '../../records/strategies/read-one.ts';
import { subResource } from '../../records/strategies/sub-resource.ts';

const columns = {
  name: '',
  address: nullable<string>(),
  city: nullable<string>(),
  state: nullable<string>(),
  zipcode: nullable<string>(),
  country: nullable<string>(),
  number_of_employees: nullable<number>(),
  annual_revenue: nullable<number>(),
  website: nullable<string>(),
  owner_id: nullable<string>(),
  phone: nullable<string>(),
  open_deals_amount: nullable<string>(),
  open_deals_count: nullable<number>(),
  won_deals_amount: nullable<string>(),
  won_deals_count: nullable<number>(),
  last_contacted: nullable<string>(),
  last_contacted_mode: nullable<string>(),
  facebook: nullable<string>(),
  twitter: nullable<string>(),
  linkedin: nullable<string>(),
  custom_field: jsonObject(),
  created_at: '',
  updated_at: '',
  avatar: nullable<string>(),
  parent_sales_account_id: nullable<string>(),
  recent_note: nullable<string>(),
  last_contacted_via_sales_activity: nullable<string>(),
  last_contacted_sales_activity_mode: nullable<string>(),
  completed_sales_sequences: nullable<string>(),
  active_sales_sequences: nullable<string>(),
  last_assigned_at: nullable<string>(),
  is_deleted: false,
  team_user_ids: nullable<string[]>(),
  web_form_ids: nullable<string>(),
  tags: listOf<string>(),
};

const included = {
  has_connections: false,
  record_type_id: '',
  deal_ids: nullable<string[]>(),
  creater_id: nullable<string>(),
  updater_id: nullable<string>(),
  territory_id: nullable<string>(),
  industry_type_id: nullable<string>(),
  business_type_id: nullable<string>(),
  task_ids: nullable<string[]>(),
  appointment_ids: nullable<string[]>(),
  contact_ids: nullable<string[]>(),
  child_sales_account_ids: nullable<string[]>(),
  note_ids: nullable<string[]>(),
};

export interface SalesAccountRecord extends RecordOf<typeof columns, typeof included> {}

const accountOf = ({ sales_account_id: id }: Row): string[] | undefined =>
  id === undefined ? undefined : typeof id === 'string' ? [id] : [];

const blank: Required<SalesAccountRecord> = { id: '', ...columns, ...included };

export const salesAccountType = defineRecordType({
  name: 'SalesAccount',
  path: 'sales_accounts',
  one: 'sales_account',
  many: 'sales_accounts',
  aliases: ['parent_sales_accounts', 'child_sales_accounts'],
  includes: {
    owner: { id: 'owner_id', key: 'users' },
    creater: { id: 'creater_id', key: 'users' },
    updater: { id: 'updater_id', key: 'users' },
    territory: { id: 'territory_id', key: 'territories' },
    industry_type: { id: 'industry_type_id', key: 'industry_types' },
    business_type: { id: 'business_type_id', key: 'business_types' },
    parent_sales_account: { id: 'parent_sales_account_id', key: 'parent_sales_accounts' },
    child_sales_accounts: { ids: 'child_sales_account_ids', key: 'child_sales_accounts' },
    contacts: { ids: 'contact_ids', key: 'contacts' },
    deals: { ids: 'deal_ids', key: 'deals' },
    tasks: { ids: 'task_ids', key: 'tasks' },
    appointments: { ids: 'appointment_ids', key: 'appointments' },
    notes: { ids: 'note_ids', key: 'notes' },
  },
  sideloadColumns: [
    'name',
    'avatar',
    'website',
    'open_deals_amount',
    'open_deals_count',
    'won_deals_amount',
    'won_deals_count',
    'last_contacted',
  ],
  grant: 'salesAccounts',
  fetch: [
    // Notes are read at the address of each account.
    batchSearch({ column: 'name', attribute: 'name', without: ['notes'] }),
    joinRelations(),
    listScan(),
    readOne(),
  ],
  relations: {
    contacts: [include(), subResource('Contact', ['api', 'ui'])],
    // Deals are found by the account they are made with (BATCHING 4, Q6), and say which it is with the include.
    deals: [
      include(),
      joinByTarget('Deal', { by: 'sales_account', attribute: 'sales_account_id', parentsOf: accountOf }),
    ],
    tasks: [include(), joinByTarget('Task')],
    appointments: [include(), joinByTarget('Appointment')],
    // Only the UI base is known to have the notes of accounts (FACTS 8 and 14).
    notes: [include({ doubtful: true }), subResource('Note', ['ui', 'api'], ['creater'])],
  },
  hasViews: true,
  hasTypedFields: true,
  included,
  blank,
});

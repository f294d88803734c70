import type { Row } from '../../freshsales/answer.ts';
import type { Identified, JsonObject } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { batchSearch } from '../../records/strategies/batch-search.ts';
import { include } from '../../records/strategies/include.ts';
import { joinByTarget, joinRelations } from '../../records/strategies/join-by-target.ts';
import { listScan } from '../../records/strategies/list-scan.ts';
import { readOne } from '../../records/strategies/read-one.ts';
import { subResource } from '../../records/strategies/sub-resource.ts';

export interface SalesAccountRecord extends Identified {
  name: string;
  address: string | null;
  city: string | null;
  state: string | null;
  zipcode: string | null;
  country: string | null;
  number_of_employees: number | null;
  annual_revenue: number | null;
  website: string | null;
  owner_id: string | null;
  phone: string | null;
  open_deals_amount: string | null;
  open_deals_count: number | null;
  won_deals_amount: string | null;
  won_deals_count: number | null;
  last_contacted: string | null;
  last_contacted_mode: string | null;
  facebook: string | null;
  twitter: string | null;
  linkedin: string | null;
  custom_field: JsonObject;
  created_at: string;
  updated_at: string;
  avatar: string | null;
  parent_sales_account_id: string | null;
  recent_note: string | null;
  last_contacted_via_sales_activity: string | null;
  last_contacted_sales_activity_mode: string | null;
  completed_sales_sequences: string | null;
  active_sales_sequences: string | null;
  last_assigned_at: string | null;
  is_deleted: boolean;
  team_user_ids: string[] | null;
  web_form_ids: string | null;
  tags: string[];
  has_connections?: boolean;
  record_type_id?: string;
  deal_ids?: string[] | null;
  creater_id?: string | null;
  updater_id?: string | null;
  territory_id?: string | null;
  industry_type_id?: string | null;
  business_type_id?: string | null;
  task_ids?: string[] | null;
  appointment_ids?: string[] | null;
  contact_ids?: string[] | null;
  child_sales_account_ids?: string[] | null;
  note_ids?: string[] | null;
}

const accountOf = ({ sales_account_id: id }: Row): string[] | undefined =>
  id === undefined ? undefined : typeof id === 'string' ? [id] : [];

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
  mini: [
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
  blank: (): Required<SalesAccountRecord> => ({
    id: '',
    name: '',
    address: null,
    city: null,
    state: null,
    zipcode: null,
    country: null,
    number_of_employees: null,
    annual_revenue: null,
    website: null,
    owner_id: null,
    phone: null,
    open_deals_amount: null,
    open_deals_count: null,
    won_deals_amount: null,
    won_deals_count: null,
    last_contacted: null,
    last_contacted_mode: null,
    facebook: null,
    twitter: null,
    linkedin: null,
    custom_field: {},
    created_at: '',
    updated_at: '',
    avatar: null,
    parent_sales_account_id: null,
    recent_note: null,
    last_contacted_via_sales_activity: null,
    last_contacted_sales_activity_mode: null,
    completed_sales_sequences: null,
    active_sales_sequences: null,
    last_assigned_at: null,
    is_deleted: false,
    team_user_ids: null,
    web_form_ids: null,
    tags: [],
    has_connections: false,
    record_type_id: '',
    deal_ids: null,
    creater_id: null,
    updater_id: null,
    territory_id: null,
    industry_type_id: null,
    business_type_id: null,
    task_ids: null,
    appointment_ids: null,
    contact_ids: null,
    child_sales_account_ids: null,
    note_ids: null,
  }),
});

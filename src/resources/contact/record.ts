import type { Row } from '../../freshsales/answer.ts';
import {
  type ContactPoint,
  type Identified,
  jsonObject,
  listOf,
  nullable,
  type RecordOf,
} from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { batchSearch } from '../../records/strategies/batch-search.ts';
import { include } from '../../records/strategies/include.ts';
import { joinByTarget, joinRelations } from '../../records/strategies/join-by-target.ts';
import { listScan } from '../../records/strategies/list-scan.ts';
import { readOne } from '../../records/strategies/read-one.ts';
import { subResource } from '../../records/strategies/sub-resource.ts';

/** A sales account embedded in a contact: a few columns and `is_primary`. */
export interface ContactSalesAccount extends Identified {
  name: string;
  is_primary: boolean;
  avatar?: string | null;
  website?: string | null;
  partial?: boolean;
}

const columns = {
  first_name: nullable<string>(),
  last_name: nullable<string>(),
  display_name: '',
  avatar: nullable<string>(),
  job_title: nullable<string>(),
  city: nullable<string>(),
  state: nullable<string>(),
  zipcode: nullable<string>(),
  country: nullable<string>(),
  email: nullable<string>(),
  emails: listOf<ContactPoint>(),
  time_zone: nullable<string>(),
  work_number: nullable<string>(),
  mobile_number: nullable<string>(),
  address: nullable<string>(),
  last_seen: nullable<string>(),
  lead_score: 0,
  last_contacted: nullable<string>(),
  open_deals_amount: nullable<string>(),
  won_deals_amount: nullable<string>(),
  last_contacted_sales_activity_mode: nullable<string>(),
  custom_field: jsonObject(),
  created_at: '',
  updated_at: '',
  keyword: nullable<string>(),
  medium: nullable<string>(),
  last_contacted_mode: nullable<string>(),
  recent_note: nullable<string>(),
  won_deals_count: nullable<number>(),
  last_contacted_via_sales_activity: nullable<string>(),
  completed_sales_sequences: nullable<string>(),
  active_sales_sequences: nullable<string>(),
  web_form_ids: nullable<string>(),
  open_deals_count: nullable<number>(),
  last_assigned_at: nullable<string>(),
  facebook: nullable<string>(),
  twitter: nullable<string>(),
  linkedin: nullable<string>(),
  is_deleted: false,
  team_user_ids: nullable<string[]>(),
  external_id: nullable<string>(),
  work_email: nullable<string>(),
  subscription_status: 0,
  subscription_types: nullable<string>(),
  unsubscription_reason: nullable<string>(),
  other_unsubscription_reason: nullable<string>(),
  customer_fit: 0,
  whatsapp_subscription_status: 0,
  sms_subscription_status: 0,
  last_seen_chat: nullable<string>(),
  first_seen_chat: nullable<string>(),
  locale: nullable<string>(),
  total_sessions: nullable<number>(),
  system_tags: listOf<string>(),
  first_campaign: nullable<string>(),
  first_medium: nullable<string>(),
  first_source: nullable<string>(),
  last_campaign: nullable<string>(),
  last_medium: nullable<string>(),
  last_source: nullable<string>(),
  latest_campaign: nullable<string>(),
  latest_medium: nullable<string>(),
  latest_source: nullable<string>(),
  mcr_id: nullable<string>(),
  phone_numbers: listOf<ContactPoint>(),
  tags: listOf<string>(),
};

const included = {
  sales_accounts: listOf<ContactSalesAccount>(),
  record_type_id: '',
  has_duplicates: false,
  duplicates_searched_today: false,
  has_connections: false,
  connections_searched_today: false,
  contact_status_id: nullable<string>(),
  sales_account_id: nullable<string>(),
  owner_id: nullable<string>(),
  creater_id: nullable<string>(),
  updater_id: nullable<string>(),
  campaign_id: nullable<string>(),
  lead_source_id: nullable<string>(),
  territory_id: nullable<string>(),
  lifecycle_stage_id: nullable<string>(),
  lost_reason_id: nullable<string>(),
  task_ids: nullable<string[]>(),
  appointment_ids: nullable<string[]>(),
  note_ids: nullable<string[]>(),
  deal_ids: nullable<string[]>(),
  list_ids: nullable<string[]>(),
  stage_updated_time: nullable<string>(),
  do_not_disturb: nullable<boolean>(),
  has_authority: nullable<boolean>(),
  department: nullable<string>(),
  lead_quality: nullable<string>(),
  email_status: nullable<string>(),
  last_contacted_via_chat: nullable<string>(),
};

export interface ContactRecord extends RecordOf<typeof columns, typeof included> {}

const contactsOf = ({ contact_ids }: Row): string[] | undefined =>
  Array.isArray(contact_ids) ? contact_ids.map(String) : undefined;

const blank: Required<ContactRecord> = { id: '', ...columns, ...included };

export const contactType = defineRecordType({
  name: 'Contact',
  path: 'contacts',
  one: 'contact',
  many: 'contacts',
  includes: {
    owner: { id: 'owner_id', key: 'users' },
    creater: { id: 'creater_id', key: 'users' },
    updater: { id: 'updater_id', key: 'users' },
    sales_accounts: { embedded: 'sales_accounts' },
    sales_account: { id: 'sales_account_id', key: 'sales_accounts' },
    contact_status: { id: 'contact_status_id', key: 'contact_status' },
    lifecycle_stage: { id: 'lifecycle_stage_id', key: 'lifecycle_stages' },
    source: { id: 'lead_source_id', key: 'lead_source' },
    campaign: { id: 'campaign_id', key: 'campaigns' },
    territory: { id: 'territory_id', key: 'territories' },
    deals: { ids: 'deal_ids', key: 'deals' },
    tasks: { ids: 'task_ids', key: 'tasks' },
    appointments: { ids: 'appointment_ids', key: 'appointments' },
    notes: { ids: 'note_ids', key: 'notes' },
    lists: { ids: 'list_ids', key: 'lists' },
  },
  sideloadColumns: ['first_name', 'last_name', 'display_name', 'avatar', 'email'],
  grant: 'contacts',
  fetch: [batchSearch({ column: 'email', attribute: 'contact_email.email' }), joinRelations(), listScan(), readOne()],
  relations: {
    // A deal says whose it is, with the include.
    deals: [include(), joinByTarget('Deal', { by: 'contacts', parentsOf: contactsOf })],
    tasks: [include(), joinByTarget('Task')],
    appointments: [include(), joinByTarget('Appointment')],
    notes: [include(), subResource('Note', ['api', 'ui'], ['creater'])],
  },
  hasViews: true,
  hasTypedFields: true,
  included,
  blank,
});

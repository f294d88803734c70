import type { Row } from '../../freshsales/answer.ts';
import type { ContactPoint, Identified, JsonObject } from '../../freshsales/resource.ts';
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

/** Optional (`?`) columns are present only with an include. */
export interface ContactRecord extends Identified {
  first_name: string | null;
  last_name: string | null;
  display_name: string;
  avatar: string | null;
  job_title: string | null;
  city: string | null;
  state: string | null;
  zipcode: string | null;
  country: string | null;
  email: string | null;
  emails: ContactPoint[];
  time_zone: string | null;
  work_number: string | null;
  mobile_number: string | null;
  address: string | null;
  last_seen: string | null;
  lead_score: number;
  last_contacted: string | null;
  open_deals_amount: string | null;
  won_deals_amount: string | null;
  last_contacted_sales_activity_mode: string | null;
  custom_field: JsonObject;
  created_at: string;
  updated_at: string;
  keyword: string | null;
  medium: string | null;
  last_contacted_mode: string | null;
  recent_note: string | null;
  won_deals_count: number | null;
  last_contacted_via_sales_activity: string | null;
  completed_sales_sequences: string | null;
  active_sales_sequences: string | null;
  web_form_ids: string | null;
  open_deals_count: number | null;
  last_assigned_at: string | null;
  facebook: string | null;
  twitter: string | null;
  linkedin: string | null;
  is_deleted: boolean;
  team_user_ids: string[] | null;
  external_id: string | null;
  work_email: string | null;
  subscription_status: number;
  subscription_types: string | null;
  unsubscription_reason: string | null;
  other_unsubscription_reason: string | null;
  customer_fit: number;
  whatsapp_subscription_status: number;
  sms_subscription_status: number;
  last_seen_chat: string | null;
  first_seen_chat: string | null;
  locale: string | null;
  total_sessions: number | null;
  system_tags: string[];
  first_campaign: string | null;
  first_medium: string | null;
  first_source: string | null;
  last_campaign: string | null;
  last_medium: string | null;
  last_source: string | null;
  latest_campaign: string | null;
  latest_medium: string | null;
  latest_source: string | null;
  mcr_id: string | null;
  phone_numbers: ContactPoint[];
  tags: string[];
  sales_accounts?: ContactSalesAccount[];
  record_type_id?: string;
  has_duplicates?: boolean;
  duplicates_searched_today?: boolean;
  has_connections?: boolean;
  connections_searched_today?: boolean;
  contact_status_id?: string | null;
  sales_account_id?: string | null;
  owner_id?: string | null;
  creater_id?: string | null;
  updater_id?: string | null;
  campaign_id?: string | null;
  lead_source_id?: string | null;
  territory_id?: string | null;
  lifecycle_stage_id?: string | null;
  lost_reason_id?: string | null;
  task_ids?: string[] | null;
  appointment_ids?: string[] | null;
  note_ids?: string[] | null;
  deal_ids?: string[] | null;
  list_ids?: string[] | null;
  stage_updated_time?: string | null;
  do_not_disturb?: boolean | null;
  has_authority?: boolean | null;
  department?: string | null;
  lead_quality?: string | null;
  email_status?: string | null;
  last_contacted_via_chat?: string | null;
}

const blank: Required<ContactRecord> = {
  id: '',
  first_name: null,
  last_name: null,
  display_name: '',
  avatar: null,
  job_title: null,
  city: null,
  state: null,
  zipcode: null,
  country: null,
  email: null,
  emails: [],
  time_zone: null,
  work_number: null,
  mobile_number: null,
  address: null,
  last_seen: null,
  lead_score: 0,
  last_contacted: null,
  open_deals_amount: null,
  won_deals_amount: null,
  last_contacted_sales_activity_mode: null,
  custom_field: {},
  created_at: '',
  updated_at: '',
  keyword: null,
  medium: null,
  last_contacted_mode: null,
  recent_note: null,
  won_deals_count: null,
  last_contacted_via_sales_activity: null,
  completed_sales_sequences: null,
  active_sales_sequences: null,
  web_form_ids: null,
  open_deals_count: null,
  last_assigned_at: null,
  facebook: null,
  twitter: null,
  linkedin: null,
  is_deleted: false,
  team_user_ids: null,
  external_id: null,
  work_email: null,
  subscription_status: 0,
  subscription_types: null,
  unsubscription_reason: null,
  other_unsubscription_reason: null,
  customer_fit: 0,
  whatsapp_subscription_status: 0,
  sms_subscription_status: 0,
  last_seen_chat: null,
  first_seen_chat: null,
  locale: null,
  total_sessions: null,
  system_tags: [],
  first_campaign: null,
  first_medium: null,
  first_source: null,
  last_campaign: null,
  last_medium: null,
  last_source: null,
  latest_campaign: null,
  latest_medium: null,
  latest_source: null,
  mcr_id: null,
  phone_numbers: [],
  tags: [],
  sales_accounts: [],
  record_type_id: '',
  has_duplicates: false,
  duplicates_searched_today: false,
  has_connections: false,
  connections_searched_today: false,
  contact_status_id: null,
  sales_account_id: null,
  owner_id: null,
  creater_id: null,
  updater_id: null,
  campaign_id: null,
  lead_source_id: null,
  territory_id: null,
  lifecycle_stage_id: null,
  lost_reason_id: null,
  task_ids: null,
  appointment_ids: null,
  note_ids: null,
  deal_ids: null,
  list_ids: null,
  stage_updated_time: null,
  do_not_disturb: null,
  has_authority: null,
  department: null,
  lead_quality: null,
  email_status: null,
  last_contacted_via_chat: null,
};

const contactsOf = ({ contact_ids }: Row): string[] | undefined =>
  Array.isArray(contact_ids) ? contact_ids.map(String) : undefined;

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
  mini: ['first_name', 'last_name', 'display_name', 'avatar', 'email'],
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
  blank: () => structuredClone(blank),
});

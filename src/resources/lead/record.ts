import type { ContactPoint, Identified, Json, JsonObject } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { batchSearch } from '../../records/strategies/batch-search.ts';
import { include } from '../../records/strategies/include.ts';
import { joinByTarget, joinRelations } from '../../records/strategies/join-by-target.ts';
import { readOne } from '../../records/strategies/read-one.ts';
import { subResource } from '../../records/strategies/sub-resource.ts';

/** The company nested in a lead. */
export interface LeadCompany {
  name: string | null;
  [column: string]: Json;
}

/** Freshsales Classic only. */
export interface LeadRecord extends Identified {
  job_title: string | null;
  department: string | null;
  email: string | null;
  work_number: string | null;
  mobile_number: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zipcode: string | null;
  country: string | null;
  time_zone: string | null;
  do_not_disturb: boolean | null;
  display_name: string | null;
  avatar: string | null;
  keyword: string | null;
  medium: string | null;
  last_seen: string | null;
  last_contacted: string | null;
  lead_score: number | null;
  lead_quality: string | null;
  stage_updated_time: string | null;
  first_name: string | null;
  last_name: string | null;
  company: LeadCompany | null;
  deal: JsonObject | null;
  custom_field: JsonObject;
  created_at: string;
  updated_at: string;
  last_contacted_sales_activity_mode: string | null;
  has_authority: boolean | null;
  email_status: string | null;
  last_contacted_mode: string | null;
  recent_note: string | null;
  last_contacted_via_chat: string | null;
  last_contacted_via_sales_activity: string | null;
  completed_sales_sequences: string | null;
  active_sales_sequences: string | null;
  web_form_ids: string | null;
  facebook: string | null;
  twitter: string | null;
  linkedin: string | null;
  emails: ContactPoint[];
  last_assigned_at: string | null;
  tags: string[];
  is_deleted: boolean | null;
  team_user_ids: string[] | null;
  phone_numbers: ContactPoint[];
  appointment_ids?: string[] | null;
  owner_id?: string | null;
  lead_stage_id?: string | null;
  lead_reason_id?: string | null;
  lead_source_id?: string | null;
  campaign_id?: string | null;
  territory_id?: string | null;
  creater_id?: string | null;
  updater_id?: string | null;
  task_ids?: string[] | null;
  note_ids?: string[] | null;
}

const blank: Required<LeadRecord> = {
  id: '',
  job_title: null,
  department: null,
  email: null,
  work_number: null,
  mobile_number: null,
  address: null,
  city: null,
  state: null,
  zipcode: null,
  country: null,
  time_zone: null,
  do_not_disturb: null,
  display_name: null,
  avatar: null,
  keyword: null,
  medium: null,
  last_seen: null,
  last_contacted: null,
  lead_score: null,
  lead_quality: null,
  stage_updated_time: null,
  first_name: null,
  last_name: null,
  company: null,
  deal: null,
  custom_field: {},
  created_at: '',
  updated_at: '',
  last_contacted_sales_activity_mode: null,
  has_authority: null,
  email_status: null,
  last_contacted_mode: null,
  recent_note: null,
  last_contacted_via_chat: null,
  last_contacted_via_sales_activity: null,
  completed_sales_sequences: null,
  active_sales_sequences: null,
  web_form_ids: null,
  facebook: null,
  twitter: null,
  linkedin: null,
  emails: [],
  last_assigned_at: null,
  tags: [],
  is_deleted: null,
  team_user_ids: null,
  phone_numbers: [],
  appointment_ids: null,
  owner_id: null,
  lead_stage_id: null,
  lead_reason_id: null,
  lead_source_id: null,
  campaign_id: null,
  territory_id: null,
  creater_id: null,
  updater_id: null,
  task_ids: null,
  note_ids: null,
};

export const leadType = defineRecordType({
  name: 'Lead',
  path: 'leads',
  one: 'lead',
  many: 'leads',
  includes: {
    owner: { id: 'owner_id', key: 'users' },
    creater: { id: 'creater_id', key: 'users' },
    updater: { id: 'updater_id', key: 'users' },
    lead_stage: { id: 'lead_stage_id', key: 'lead_stages' },
    lead_reason: { id: 'lead_reason_id', key: 'lead_reasons' },
    source: { id: 'lead_source_id', key: 'lead_source' },
    campaign: { id: 'campaign_id', key: 'campaigns' },
    territory: { id: 'territory_id', key: 'territories' },
    tasks: { ids: 'task_ids', key: 'tasks' },
    appointments: { ids: 'appointment_ids', key: 'appointments' },
    notes: { ids: 'note_ids', key: 'notes' },
  },
  grant: 'leads',
  fetch: [batchSearch({ column: 'email', attribute: 'lead_email.email' }), joinRelations(), readOne()],
  relations: {
    tasks: [include(), joinByTarget('Task')],
    appointments: [include(), joinByTarget('Appointment')],
    notes: [include(), subResource('Note', ['api', 'ui'], ['creater'])],
  },
  hasViews: true,
  product: 'classic',
  blank: () => structuredClone(blank),
});

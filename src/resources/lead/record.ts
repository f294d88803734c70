import {
  type ContactPoint,
  type Json,
  type JsonObject,
  jsonObject,
  listOf,
  nullable,
  type RecordOf,
} from '../../freshsales/resource.ts';
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

const columns = {
  job_title: nullable<string>(),
  department: nullable<string>(),
  email: nullable<string>(),
  work_number: nullable<string>(),
  mobile_number: nullable<string>(),
  address: nullable<string>(),
  city: nullable<string>(),
  state: nullable<string>(),
  zipcode: nullable<string>(),
  country: nullable<string>(),
  time_zone: nullable<string>(),
  do_not_disturb: nullable<boolean>(),
  display_name: nullable<string>(),
  avatar: nullable<string>(),
  keyword: nullable<string>(),
  medium: nullable<string>(),
  last_seen: nullable<string>(),
  last_contacted: nullable<string>(),
  lead_score: nullable<number>(),
  lead_quality: nullable<string>(),
  stage_updated_time: nullable<string>(),
  first_name: nullable<string>(),
  last_name: nullable<string>(),
  company: nullable<LeadCompany>(),
  deal: nullable<JsonObject>(),
  custom_field: jsonObject(),
  created_at: '',
  updated_at: '',
  last_contacted_sales_activity_mode: nullable<string>(),
  has_authority: nullable<boolean>(),
  email_status: nullable<string>(),
  last_contacted_mode: nullable<string>(),
  recent_note: nullable<string>(),
  last_contacted_via_chat: nullable<string>(),
  last_contacted_via_sales_activity: nullable<string>(),
  completed_sales_sequences: nullable<string>(),
  active_sales_sequences: nullable<string>(),
  web_form_ids: nullable<string>(),
  facebook: nullable<string>(),
  twitter: nullable<string>(),
  linkedin: nullable<string>(),
  emails: listOf<ContactPoint>(),
  last_assigned_at: nullable<string>(),
  tags: listOf<string>(),
  is_deleted: nullable<boolean>(),
  team_user_ids: nullable<string[]>(),
  phone_numbers: listOf<ContactPoint>(),
};

const included = {
  appointment_ids: nullable<string[]>(),
  owner_id: nullable<string>(),
  lead_stage_id: nullable<string>(),
  lead_reason_id: nullable<string>(),
  lead_source_id: nullable<string>(),
  campaign_id: nullable<string>(),
  territory_id: nullable<string>(),
  creater_id: nullable<string>(),
  updater_id: nullable<string>(),
  task_ids: nullable<string[]>(),
  note_ids: nullable<string[]>(),
};

/** Freshsales Classic only. */
export interface LeadRecord extends RecordOf<typeof columns, typeof included> {}

const blank: Required<LeadRecord> = { id: '', ...columns, ...included };

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
  included,
  blank,
});

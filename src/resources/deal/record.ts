import { isRow, type Row } from '../../freshsales/answer.ts';
import {
  type Identified,
  type JsonObject,
  jsonObject,
  listOf,
  nullable,
  type RecordOf,
} from '../../freshsales/resource.ts';
import { defineRecordType, type RecordType } from '../../records/record-type.ts';
import { batchSearch } from '../../records/strategies/batch-search.ts';
import { include } from '../../records/strategies/include.ts';
import { joinByTarget, joinRelations } from '../../records/strategies/join-by-target.ts';
import { listScan } from '../../records/strategies/list-scan.ts';
import { readOne } from '../../records/strategies/read-one.ts';
import { subResource } from '../../records/strategies/sub-resource.ts';

/** A product on a deal. The product is `id` in writes and `product_id` in reads. */
export interface DealProductLine extends Identified {
  product_id: string;
  name: string | null;
  quantity: number | null;
  unit_price: number | null;
  setup_fee: number | null;
  discount: number | null;
  discount_type: number | null;
  currency_code: string | null;
  billing_type: string | null;
  billing_cycle: number | null;
  pricing_type: number | null;
  category: string | null;
}

const columns = {
  name: '',
  amount: '',
  base_currency_amount: '',
  expected_close: nullable<string>(),
  closed_date: nullable<string>(),
  stage_updated_time: '',
  custom_field: jsonObject(),
  probability: nullable<number>(),
  updated_at: '',
  created_at: '',
  deal_pipeline_id: '',
  deal_stage_id: '',
  age: 0,
  recent_note: nullable<string>(),
  completed_sales_sequences: nullable<string>(),
  active_sales_sequences: nullable<string>(),
  web_form_id: nullable<string>(),
  upcoming_activities_time: nullable<string>(),
  last_assigned_at: nullable<string>(),
  last_contacted_sales_activity_mode: nullable<string>(),
  last_contacted_via_sales_activity: nullable<string>(),
  expected_deal_value: '',
  is_deleted: false,
  team_user_ids: nullable<string[]>(),
  avatar: nullable<string>(),
  forecast_category: nullable<number>(),
  deal_prediction: nullable<number>(),
  deal_prediction_last_updated_at: nullable<string>(),
  freddy_forecast_metrics: nullable<JsonObject>(),
  last_deal_prediction: nullable<number>(),
  has_products: false,
  rotten_days: nullable<number>(),
  tags: listOf<string>(),
};

const included = {
  products: listOf<DealProductLine>(),
  deal_type_id: nullable<string>(),
  deal_payment_status_id: nullable<string>(),
  deal_reason_id: nullable<string>(),
  creater_id: nullable<string>(),
  updater_id: nullable<string>(),
  sales_activity_ids: nullable<string[]>(),
  owner_id: nullable<string>(),
  lead_source_id: nullable<string>(),
  territory_id: nullable<string>(),
  currency_id: nullable<string>(),
  sales_account_id: nullable<string>(),
  contact_ids: nullable<string[]>(),
  campaign_id: nullable<string>(),
  deal_product_id: nullable<string>(),
  task_ids: nullable<string[]>(),
  appointment_ids: nullable<string[]>(),
  note_ids: nullable<string[]>(),
};

export interface DealRecord extends RecordOf<typeof columns, typeof included> {}

/** A deal is made with the account that brings it along, or likely with one of the contact's. */
function accountsOf({ name }: RecordType, { id, sales_accounts: accounts }: Row): readonly string[] {
  if (name === 'SalesAccount') return [id];
  return Array.isArray(accounts) ? accounts.filter(isRow).map((account) => account.id) : [];
}

const blank: Required<DealRecord> = { id: '', ...columns, ...included };

export const dealType = defineRecordType({
  name: 'Deal',
  path: 'deals',
  one: 'deal',
  many: 'deals',
  includes: {
    owner: { id: 'owner_id', key: 'users' },
    creater: { id: 'creater_id', key: 'users' },
    updater: { id: 'updater_id', key: 'users' },
    sales_account: { id: 'sales_account_id', key: 'sales_accounts' },
    contacts: { ids: 'contact_ids', key: 'contacts' },
    deal_stage: { id: 'deal_stage_id', key: 'deal_stages' },
    deal_pipeline: { id: 'deal_pipeline_id', key: 'deal_pipelines' },
    deal_type: { id: 'deal_type_id', key: 'deal_types' },
    deal_reason: { id: 'deal_reason_id', key: 'deal_reasons' },
    deal_payment_status: { id: 'deal_payment_status_id', key: 'deal_payment_statuses' },
    deal_product: { id: 'deal_product_id', key: 'deal_products' },
    currency: { id: 'currency_id', key: 'currencies' },
    source: { id: 'lead_source_id', key: 'lead_sources' },
    campaign: { id: 'campaign_id', key: 'campaigns' },
    territory: { id: 'territory_id', key: 'territories' },
    products: { embedded: 'products' },
    tasks: { ids: 'task_ids', key: 'tasks' },
    appointments: { ids: 'appointment_ids', key: 'appointments' },
    notes: { ids: 'note_ids', key: 'notes' },
    sales_activities: { ids: 'sales_activity_ids', key: 'sales_activities' },
  },
  sideloadColumns: [
    'name',
    'amount',
    'base_currency_amount',
    'expected_close',
    'closed_date',
    'stage_updated_time',
    'custom_field',
    'probability',
    'updated_at',
    'created_at',
    'age',
    'last_contacted_sales_activity_mode',
    'last_contacted_via_sales_activity',
    'expected_deal_value',
    'rotten_days',
    'owner_id',
    'creater_id',
    'updater_id',
    'lead_source_id',
    'contact_ids',
    'sales_account_id',
    'deal_pipeline_id',
    'deal_stage_id',
    'deal_type_id',
    'deal_reason_id',
    'campaign_id',
    'deal_payment_status_id',
    'deal_product_id',
    'territory_id',
    'currency_id',
  ],
  grant: 'deals',
  fetch: [
    batchSearch({
      column: 'sales_account_id',
      attribute: 'sales_account_id',
      shared: true,
      by: 'sales_account',
      searchValuesFrom: accountsOf,
    }),
    joinRelations(),
    listScan(),
    readOne(),
  ],
  relations: {
    tasks: [include(), joinByTarget('Task'), subResource('Task', ['ui'])],
    appointments: [include(), joinByTarget('Appointment'), subResource('Appointment', ['ui'])],
    notes: [include(), subResource('Note', ['api', 'ui'], ['creater'])],
  },
  hasViews: true,
  hasTypedFields: true,
  included,
  blank,
});

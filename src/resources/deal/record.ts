import { isRow, type Row } from '../../freshsales/answer.ts';
import type { Identified, JsonObject } from '../../freshsales/resource.ts';
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

/** Optional (`?`) columns are present only with an include. */
export interface DealRecord extends Identified {
  name: string;
  amount: string;
  base_currency_amount: string;
  expected_close: string | null;
  closed_date: string | null;
  stage_updated_time: string;
  custom_field: JsonObject;
  probability: number | null;
  updated_at: string;
  created_at: string;
  deal_pipeline_id: string;
  deal_stage_id: string;
  age: number;
  recent_note: string | null;
  completed_sales_sequences: string | null;
  active_sales_sequences: string | null;
  web_form_id: string | null;
  upcoming_activities_time: string | null;
  last_assigned_at: string | null;
  last_contacted_sales_activity_mode: string | null;
  last_contacted_via_sales_activity: string | null;
  expected_deal_value: string;
  is_deleted: boolean;
  team_user_ids: string[] | null;
  avatar: string | null;
  forecast_category: number | null;
  deal_prediction: number | null;
  deal_prediction_last_updated_at: string | null;
  freddy_forecast_metrics: JsonObject | null;
  last_deal_prediction: number | null;
  has_products: boolean;
  rotten_days: number | null;
  tags: string[];
  products?: DealProductLine[];
  deal_type_id?: string | null;
  deal_payment_status_id?: string | null;
  deal_reason_id?: string | null;
  creater_id?: string | null;
  updater_id?: string | null;
  sales_activity_ids?: string[] | null;
  owner_id?: string | null;
  lead_source_id?: string | null;
  territory_id?: string | null;
  currency_id?: string | null;
  sales_account_id?: string | null;
  contact_ids?: string[] | null;
  campaign_id?: string | null;
  deal_product_id?: string | null;
  task_ids?: string[] | null;
  appointment_ids?: string[] | null;
  note_ids?: string[] | null;
}

const blank: Required<DealRecord> = {
  id: '',
  name: '',
  amount: '',
  base_currency_amount: '',
  expected_close: null,
  closed_date: null,
  stage_updated_time: '',
  custom_field: {},
  probability: null,
  updated_at: '',
  created_at: '',
  deal_pipeline_id: '',
  deal_stage_id: '',
  age: 0,
  recent_note: null,
  completed_sales_sequences: null,
  active_sales_sequences: null,
  web_form_id: null,
  upcoming_activities_time: null,
  last_assigned_at: null,
  last_contacted_sales_activity_mode: null,
  last_contacted_via_sales_activity: null,
  expected_deal_value: '',
  is_deleted: false,
  team_user_ids: null,
  avatar: null,
  forecast_category: null,
  deal_prediction: null,
  deal_prediction_last_updated_at: null,
  freddy_forecast_metrics: null,
  last_deal_prediction: null,
  has_products: false,
  rotten_days: null,
  tags: [],
  products: [],
  deal_type_id: null,
  deal_payment_status_id: null,
  deal_reason_id: null,
  creater_id: null,
  updater_id: null,
  sales_activity_ids: null,
  owner_id: null,
  lead_source_id: null,
  territory_id: null,
  currency_id: null,
  sales_account_id: null,
  contact_ids: null,
  campaign_id: null,
  deal_product_id: null,
  task_ids: null,
  appointment_ids: null,
  note_ids: null,
};

/** A deal is made with the account that brings it along, or likely with one of the contact's. */
function accountsOf({ name }: RecordType, { id, sales_accounts: accounts }: Row): readonly string[] {
  if (name === 'SalesAccount') return [id];
  return Array.isArray(accounts) ? accounts.filter(isRow).map((account) => account.id) : [];
}

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
  mini: [
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
      hintsFrom: accountsOf,
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
  blank: () => structuredClone(blank),
});

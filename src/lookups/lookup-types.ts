import { defineLookup, type Identified, type Lookup, listOf, nullable, type RecordOf } from '../freshsales/resource.ts';

// Wire facts of every lookup. Each exported constant is one lookup; lookups/index.ts lists them all.

interface SelectorOptions extends Partial<Pick<Lookup, 'list' | 'paged' | 'aliases' | 'sideloadColumns'>> {}

/** A lookup that is read at `selector/` and its key, unless `options` has another path. */
function selector<Columns extends object, Included extends object = object>(
  name: string,
  many: string,
  columns: Columns,
  { included, ...options }: SelectorOptions & { readonly included?: Included } = {},
) {
  type Row = RecordOf<Columns, Included>;
  return defineLookup<Row>({
    name,
    many,
    list: `selector/${many}`,
    blank: { id: '', ...columns, ...included } as Required<Row>,
    ...options,
  });
}

const named = { name: '', position: nullable<number>() };

const dealStage = {
  ...named,
  forecast_type: nullable<string>(),
  probability: nullable<number>(),
  deal_pipeline_id: nullable<string>(),
  choice_type: nullable<number>(),
  updated_at: nullable<string>(),
};

export interface DealStageRecord extends RecordOf<typeof dealStage> {}

export const businessTypeLookup = selector('BusinessType', 'business_types', named);
export const campaignLookup = selector('Campaign', 'campaigns', named);
export const contactListLookup = selector('ContactList', 'lists', { name: '' }, { list: 'lists', paged: true });
export const contactStatusLookup = selector(
  'ContactStatus',
  'contact_statuses',
  { ...named, forecast_type: nullable<string>(), lifecycle_stage_id: nullable<string>() },
  { aliases: ['contact_status'], sideloadColumns: ['name', 'position'] },
);
export const currencyLookup = selector('Currency', 'currencies', {
  currency_code: '',
  is_active: nullable<boolean>(),
  exchange_rate: nullable<string>(),
  currency_type: nullable<number>(),
  schedule_info: nullable<string>(),
});
export const dealPaymentStatusLookup = selector('DealPaymentStatus', 'deal_payment_statuses', named);
export const dealPipelineLookup = selector(
  'DealPipeline',
  'deal_pipelines',
  {
    ...named,
    is_default: nullable<boolean>(),
    rotting_days: nullable<number>(),
    aggregated_field: nullable<string>(),
  },
  {
    included: { deal_stages: listOf<Identified>() },
    sideloadColumns: ['name', 'position', 'is_default', 'rotting_days'],
  },
);
export const dealProductLookup = selector('DealProduct', 'deal_products', named);
export const dealReasonLookup = selector('DealReason', 'deal_reasons', named);
export const dealStageLookup = selector('DealStage', 'deal_stages', dealStage);
export const dealTypeLookup = selector('DealType', 'deal_types', named);
export const industryTypeLookup = selector('IndustryType', 'industry_types', named);
export const leadReasonLookup = selector('LeadReason', 'lead_reasons', named);
export const leadSourceLookup = selector('LeadSource', 'lead_sources', named, { aliases: ['lead_source'] });
export const leadStageLookup = selector('LeadStage', 'lead_stages', named);
export const lifecycleStageLookup = selector(
  'LifecycleStage',
  'lifecycle_stages',
  { ...named, disabled: false, default: false, type: nullable<string>(), contact_status_ids: listOf<string>() },
  { aliases: ['lifecycle_stage'] },
);
export const salesActivityOutcomeLookup = selector(
  'SalesActivityOutcome',
  'sales_activity_outcomes',
  { ...named, sales_activity_type_id: nullable<string>() },
  { aliases: ['outcomes'] },
);
export const salesActivityTypeLookup = selector('SalesActivityType', 'sales_activity_types', {
  ...named,
  internal_name: nullable<string>(),
  show_in_conversation: false,
  is_default: nullable<boolean>(),
  is_checkedin: false,
  is_checkedin_mandatory: false,
  is_outcome_mandatory: false,
});
export const taskTypeLookup = selector(
  'TaskType',
  'sales_activity_entity_types',
  { ...named, sales_activity_type_id: nullable<string>(), sales_activity_type_name: nullable<string>() },
  { aliases: ['task_types'] },
);
export const territoryLookup = selector('Territory', 'territories', named);
export const userLookup = selector(
  'User',
  'users',
  {
    display_name: '',
    email: nullable<string>(),
    is_active: nullable<boolean>(),
    work_number: nullable<string>(),
    mobile_number: nullable<string>(),
  },
  {
    included: { avatar: nullable<string>() },
    list: 'selector/owners',
    sideloadColumns: ['display_name', 'email', 'is_active', 'work_number', 'mobile_number'],
  },
);

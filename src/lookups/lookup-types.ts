// Wire facts of every lookup. Each exported constant is one lookup; lookups/index.ts lists them all.
import { defineLookup, type Identified, type Lookup } from '../freshsales/resource.ts';

/** A row of a lookup that has a name and a place in its list, and nothing else. */
export interface NamedRecord extends Identified {
  name: string;
  position: number | null;
}

export interface ContactStatusRecord extends NamedRecord {
  forecast_type: string | null;
  lifecycle_stage_id: string | null;
}

export interface CurrencyRecord extends Identified {
  currency_code: string;
  is_active: boolean | null;
  exchange_rate: string | null;
  currency_type: number | null;
  schedule_info: string | null;
}

export interface DealPipelineRecord extends NamedRecord {
  is_default: boolean | null;
  rotting_days: number | null;
  aggregated_field: string | null;
  deal_stages?: Identified[];
}

export interface DealStageRecord extends NamedRecord {
  forecast_type: string | null;
  probability: number | null;
  deal_pipeline_id: string | null;
  choice_type: number | null;
  updated_at: string | null;
}

export interface LifecycleStageRecord extends NamedRecord {
  disabled: boolean;
  default: boolean;
  type: string | null;
  contact_status_ids: string[];
}

export interface SalesActivityOutcomeRecord extends NamedRecord {
  sales_activity_type_id: string | null;
}

export interface SalesActivityTypeRecord extends NamedRecord {
  internal_name: string | null;
  show_in_conversation: boolean;
  is_default: boolean | null;
  is_checkedin: boolean;
  is_checkedin_mandatory: boolean;
  is_outcome_mandatory: boolean;
}

export interface TaskTypeRecord extends NamedRecord {
  sales_activity_type_id: string | null;
  sales_activity_type_name: string | null;
}

/** A user of the account. */
export interface UserRecord extends Identified {
  display_name: string;
  email: string | null;
  is_active: boolean;
  work_number: string | null;
  mobile_number: string | null;
  avatar?: string | null;
}

/** A list of contacts that users maintain. */
export interface ContactListRecord extends Identified {
  name: string;
}

/** Every column but the id, with nothing filled in. */
type Blank<R> = Omit<Required<R>, 'id'>;

const named: Blank<NamedRecord> = { name: '', position: null };

/** A lookup under `selector/`, whose path and key are the same word unless said otherwise. */
const selector = <R extends Identified>(
  name: string,
  many: string,
  blank: Blank<R>,
  more: Partial<Pick<Lookup<R>, 'list' | 'paged' | 'aliases' | 'mini'>> = {},
): Lookup<R> =>
  defineLookup<R>({
    name,
    many,
    list: `selector/${many}`,
    blank: () => structuredClone({ id: '', ...blank }) as Required<R>,
    ...more,
  });

export const businessTypeLookup = selector<NamedRecord>('BusinessType', 'business_types', named);
export const campaignLookup = selector<NamedRecord>('Campaign', 'campaigns', named);
export const contactListLookup = selector<ContactListRecord>(
  'ContactList',
  'lists',
  { name: '' },
  { list: 'lists', paged: true },
);
export const contactStatusLookup = selector<ContactStatusRecord>(
  'ContactStatus',
  'contact_statuses',
  { ...named, forecast_type: null, lifecycle_stage_id: null },
  { aliases: ['contact_status'], mini: ['name', 'position'] },
);
export const currencyLookup = selector<CurrencyRecord>('Currency', 'currencies', {
  currency_code: '',
  is_active: null,
  exchange_rate: null,
  currency_type: null,
  schedule_info: null,
});
export const dealPaymentStatusLookup = selector<NamedRecord>('DealPaymentStatus', 'deal_payment_statuses', named);
export const dealPipelineLookup = selector<DealPipelineRecord>(
  'DealPipeline',
  'deal_pipelines',
  { ...named, is_default: null, rotting_days: null, aggregated_field: null, deal_stages: [] },
  { mini: ['name', 'position', 'is_default', 'rotting_days'] },
);
export const dealProductLookup = selector<NamedRecord>('DealProduct', 'deal_products', named);
export const dealReasonLookup = selector<NamedRecord>('DealReason', 'deal_reasons', named);
export const dealStageLookup = selector<DealStageRecord>('DealStage', 'deal_stages', {
  ...named,
  forecast_type: null,
  probability: null,
  deal_pipeline_id: null,
  choice_type: null,
  updated_at: null,
});
export const dealTypeLookup = selector<NamedRecord>('DealType', 'deal_types', named);
export const industryTypeLookup = selector<NamedRecord>('IndustryType', 'industry_types', named);
export const leadReasonLookup = selector<NamedRecord>('LeadReason', 'lead_reasons', named);
export const leadSourceLookup = selector<NamedRecord>('LeadSource', 'lead_sources', named, {
  aliases: ['lead_source'],
});
export const leadStageLookup = selector<NamedRecord>('LeadStage', 'lead_stages', named);
export const lifecycleStageLookup = selector<LifecycleStageRecord>(
  'LifecycleStage',
  'lifecycle_stages',
  { ...named, disabled: false, default: false, type: null, contact_status_ids: [] },
  { aliases: ['lifecycle_stage'] },
);
export const salesActivityOutcomeLookup = selector<SalesActivityOutcomeRecord>(
  'SalesActivityOutcome',
  'sales_activity_outcomes',
  { ...named, sales_activity_type_id: null },
  { aliases: ['outcomes'] },
);
export const salesActivityTypeLookup = selector<SalesActivityTypeRecord>('SalesActivityType', 'sales_activity_types', {
  ...named,
  internal_name: null,
  show_in_conversation: false,
  is_default: null,
  is_checkedin: false,
  is_checkedin_mandatory: false,
  is_outcome_mandatory: false,
});
export const taskTypeLookup = selector<TaskTypeRecord>(
  'TaskType',
  'sales_activity_entity_types',
  { ...named, sales_activity_type_id: null, sales_activity_type_name: null },
  { aliases: ['task_types'] },
);
export const territoryLookup = selector<NamedRecord>('Territory', 'territories', named);
export const userLookup = selector<UserRecord>(
  'User',
  'users',
  { display_name: '', email: null, is_active: false, work_number: null, mobile_number: null, avatar: null },
  { list: 'selector/owners', mini: ['display_name', 'email', 'is_active', 'work_number', 'mobile_number'] },
);

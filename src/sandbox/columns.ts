import { columnOf, isEmbedded, type RecordType } from '../freshsales/resource.ts';
import type { Product } from './account.ts';

/** Columns that an include names and that are sent without it all the same. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  SalesAccount: ['owner_id', 'parent_sales_account_id'],
  Deal: ['deal_pipeline_id', 'deal_stage_id'],
  Task: ['owner_id', 'creater_id', 'updater_id'],
  Appointment: ['creater_id'],
  Note: ['creater_id'],
  SalesActivity: ['owner_id', 'creater_id', 'updater_id', 'targetables'],
};

/** Gone from the current product. */
const CLASSIC_ONLY: Readonly<Record<string, readonly string[]>> = {
  Contact: ['do_not_disturb', 'has_authority', 'department', 'lead_quality', 'email_status', 'last_contacted_via_chat'],
};

/** Not yet there in the older product. */
const SUITE_ONLY: Readonly<Record<string, readonly string[]>> = {
  Contact: [
    'external_id work_email subscription_status subscription_types unsubscription_reason other_unsubscription_reason',
    'customer_fit whatsapp_subscription_status sms_subscription_status last_seen_chat first_seen_chat locale',
    'total_sessions system_tags first_campaign first_medium first_source last_campaign last_medium last_source',
    'latest_campaign latest_medium latest_source mcr_id phone_numbers',
  ].flatMap((line) => line.split(' ')),
  SalesAccount: ['open_deals_count', 'won_deals_count', 'is_deleted', 'team_user_ids', 'web_form_ids'],
  Deal: [
    'avatar fc_widget_collaboration forecast_category deal_prediction deal_prediction_last_updated_at',
    'freddy_forecast_metrics last_deal_prediction has_products',
  ].flatMap((line) => line.split(' ')),
  Task: ['targetables'],
  Appointment: ['targetables'],
};

/** In some recordings only; the sandbox leaves them out of bare records. */
const SELDOM: Readonly<Record<string, readonly string[]>> = {
  Contact: [
    'record_type_id has_duplicates duplicates_searched_today has_connections connections_searched_today',
    'lost_reason_id stage_updated_time',
  ].flatMap((line) => line.split(' ')),
  SalesAccount: ['has_connections', 'record_type_id'],
  Appointment: ['note_id'],
  Note: ['targetable'],
};

/** Sent, and worth nothing to a client of the records, so that the descriptors leave them out: after which column they stand. */
const BESIDES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Contact: { won_deals_amount: ['links'] },
  SalesAccount: { linkedin: ['links'] },
  Deal: { age: ['links'], upcoming_activities_time: ['collaboration'], avatar: ['fc_widget_collaboration'] },
  Lead: { deal: ['links'] },
};

/** The same for Classic, where it differs. */
const CLASSIC_BESIDES: typeof BESIDES = {
  SalesAccount: { recent_note: ['last_contacted_via_chat'], linkedin: ['links'] },
  Deal: { age: ['links'], upcoming_activities_time: ['collaboration'], expected_deal_value: ['deal_freddy_metrics'] },
};

/** The columns of the descriptor that a bare record does not have. */
const hidden = (recordType: RecordType, product: Product): Set<string> => {
  const { name } = recordType;
  const always = ALWAYS[name] ?? [];
  const included = Object.values(recordType.includes).map((include) =>
    isEmbedded(include) ? include.embedded : columnOf(include),
  );
  const otherProduct = (product === 'suite' ? CLASSIC_ONLY : SUITE_ONLY)[name] ?? [];
  return new Set([...included.filter((column) => !always.includes(column)), ...otherProduct, ...(SELDOM[name] ?? [])]);
};

/** Worked out once, since a page asks for every row. */
const kept = new Map<string, readonly string[]>();

/** The columns of a record as it comes without any include, in the order of the recordings. */
export function bareColumns(recordType: RecordType, product: Product): readonly string[] {
  const key = `${product}:${recordType.name}`;
  const known = kept.get(key);
  if (known) return known;
  const out = hidden(recordType, product);
  const besides =
    (product === 'classic' ? CLASSIC_BESIDES[recordType.name] : undefined) ?? BESIDES[recordType.name] ?? {};
  const columns = Object.keys(recordType.blank())
    .flatMap((column) => [column, ...(besides[column] ?? [])])
    .filter((column) => !out.has(column));
  kept.set(key, columns);
  return columns;
}

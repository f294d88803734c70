import { loaderFor } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { connectionType } from '../../schema/connection.ts';
import { withCustomFields } from '../../schema/custom-fields.ts';
import { Node, withIds } from '../../schema/node.ts';
import { stringList } from '../../schema/string-list.ts';
import { type DealRecord, dealType } from './record.ts';

export const loadDeal = loaderFor(dealType);

export const Deal = builder.objectRef<DealRecord>('Deal');

Deal.implement({
  description: 'A sales opportunity that moves through the stages of a pipeline.',
  interfaces: [Node],
});
withIds(Deal);
withCustomFields(Deal);

export const DealConnection = connectionType('Deal', Deal);

/** Types and loader of a to-many relation. */
export const deals = { type: Deal, connection: DealConnection, loader: loadDeal };

builder.objectFields(Deal, (t) => ({
  name: t.exposeString('name', { nullable: false, description: 'Name of the deal. Not unique.' }),
  amount: t.expose('amount', { type: 'Decimal', description: 'Amount in the currency of the deal.' }),
  baseCurrencyAmount: t.expose('base_currency_amount', {
    type: 'Decimal',
    description: 'Amount in the base currency.',
  }),
  expectedDealValue: t.expose('expected_deal_value', {
    type: 'Decimal',
    description: 'Expected deal value: amount multiplied by probability.',
  }),
  probability: t.exposeInt('probability', {
    description: 'Probability of winning the deal, in percent. Set by the stage.',
  }),
  age: t.exposeInt('age', { description: 'Age in days. Negative if the creation date is in the future.' }),
  expectedCloseOn: t.expose('expected_close', { type: 'Date', description: 'Expected close date.' }),
  closedOn: t.expose('closed_date', { type: 'Date', description: 'Date on which the deal was won or lost.' }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'Time of the last stage change.' }),
  rottenDays: t.exposeInt('rotten_days', {
    description: 'Number of days the deal has been rotten. Null if it is not rotten.',
  }),
}));

builder.objectFields(Deal, (t) => ({
  forecastCategory: t.exposeInt('forecast_category', { description: 'Forecast category: 1 committed, 2 best case.' }),
  dealPrediction: t.exposeInt('deal_prediction', { description: 'Forecast calculated by Freshsales.' }),
  dealPredictionLastUpdatedAt: t.expose('deal_prediction_last_updated_at', {
    type: 'DateTime',
    description: 'Time of the last forecast.',
  }),
  lastDealPrediction: t.exposeInt('last_deal_prediction', { description: 'Previous forecast.' }),
  freddyForecastMetrics: t.expose('freddy_forecast_metrics', {
    type: 'JSON',
    description: 'Metrics behind the forecast, as returned by Freshsales.',
  }),
  hasProducts: t.exposeBoolean('has_products', {
    description: 'True if the deal has products. May still be false right after products are added.',
  }),
  upcomingActivitiesAt: t.expose('upcoming_activities_time', {
    type: 'DateTime',
    description: 'Time of the next activity.',
  }),
  lastAssignedAt: t.expose('last_assigned_at', {
    type: 'DateTime',
    description: 'Time of the last owner assignment.',
  }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'Sales activity type of the last contact about the deal.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'Time of the last contact about the deal through a sales activity.',
  }),
}));

builder.objectFields(Deal, (t) => ({
  recentNote: t.exposeString('recent_note', { description: 'Text of the latest note.' }),
  completedSalesSequences: t.exposeString('completed_sales_sequences', {
    description: 'Completed sales sequences.',
  }),
  activeSalesSequences: t.exposeString('active_sales_sequences', { description: 'Active sales sequences.' }),
  webFormId: t.exposeString('web_form_id', { description: 'Id of the web form the deal came from.' }),
  avatar: t.exposeString('avatar', { description: 'URL of the picture.' }),
  isDeleted: t.exposeBoolean('is_deleted', { description: 'True if the record is in the recycle bin.' }),
  teamUserIds: t.stringList(
    stringList('team_user_ids', 'Ids of the other users on the team, in addition to the owner.'),
  ),
  createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'Time of creation.' }),
  updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'Time of the last update.' }),
  tags: t.stringList(stringList('tags', 'Tags.')),
}));

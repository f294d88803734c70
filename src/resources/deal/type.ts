import type { Resource } from '../../freshsales/resource.ts';
import type { Row } from '../../freshsales/rows.ts';
import { builder } from '../../graph/builder.ts';
import { connectionType } from '../../graph/connection.ts';
import { withCustomFields } from '../../graph/custom-fields.ts';
import { isRow } from '../../graph/entries.ts';
import { recordLoader } from '../../graph/loader.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { stringList } from '../../graph/string-list.ts';
import { type DealRecord, dealResource } from './resource.ts';

export const loadDeal = recordLoader(dealResource, {
  column: 'sales_account_id',
  attribute: 'sales_account_id',
  shared: true,
  by: 'sales_account',
  hintsFrom: accountsOf,
});

/** A deal is made with the account that brings it along, or likely with one of the contact's. */
function accountsOf({ name }: Resource, { id, sales_accounts: accounts }: Row): readonly string[] {
  if (name === 'SalesAccount') return [id];
  return Array.isArray(accounts) ? accounts.filter(isRow).map((account) => account.id) : [];
}

export const Deal = builder.objectRef<DealRecord>('Deal');

Deal.implement({
  description: 'A possible sale, on its way through the stages of a pipeline.',
  interfaces: [Node],
});
nodeType(Deal, loadDeal);
withCustomFields(Deal);

export const DealConnection = connectionType('Deal', Deal);

/** What a relation to several deals leads to. */
export const deals = { type: Deal, connection: DealConnection, loader: loadDeal };

builder.objectFields(Deal, (t) => ({
  name: t.exposeString('name', { nullable: false, description: 'What the deal is called; not unique.' }),
  amount: t.expose('amount', { type: 'Decimal', description: 'What it is worth, in its own currency.' }),
  baseCurrencyAmount: t.expose('base_currency_amount', {
    type: 'Decimal',
    description: 'What it is worth, in the base currency.',
  }),
  expectedDealValue: t.expose('expected_deal_value', {
    type: 'Decimal',
    description: 'Its amount times its probability.',
  }),
  probability: t.exposeInt('probability', { description: 'How likely it is won, in per cent. Follows the stage.' }),
  age: t.exposeInt('age', { description: 'Days since it was entered; negative where it was entered for the future.' }),
  expectedCloseOn: t.expose('expected_close', { type: 'Date', description: 'The day it should be won by.' }),
  closedOn: t.expose('closed_date', { type: 'Date', description: 'The day it was won or lost.' }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'When it came to its stage.' }),
  rottenDays: t.exposeInt('rotten_days', {
    description: 'For how many days it has been rotten; null where it is not.',
  }),
}));

builder.objectFields(Deal, (t) => ({
  forecastCategory: t.exposeInt('forecast_category', { description: '1 committed, 2 best case.' }),
  dealPrediction: t.exposeInt('deal_prediction', { description: 'Freshsales’ own forecast of it.' }),
  dealPredictionLastUpdatedAt: t.expose('deal_prediction_last_updated_at', {
    type: 'DateTime',
    description: 'When that forecast was last made.',
  }),
  lastDealPrediction: t.exposeInt('last_deal_prediction', { description: 'The forecast before.' }),
  freddyForecastMetrics: t.expose('freddy_forecast_metrics', {
    type: 'JSON',
    description: 'What the forecast rests on, as Freshsales sends it.',
  }),
  hasProducts: t.exposeBoolean('has_products', {
    description: 'Whether it has products; stays false right after they are added.',
  }),
  upcomingActivitiesAt: t.expose('upcoming_activities_time', {
    type: 'DateTime',
    description: 'When its next activity is due.',
  }),
  lastAssignedAt: t.expose('last_assigned_at', {
    type: 'DateTime',
    description: 'When it was last given to an owner.',
  }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'By which kind of sales activity somebody was last contacted about it.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'When somebody was last contacted about it by a sales activity.',
  }),
}));

builder.objectFields(Deal, (t) => ({
  recentNote: t.exposeString('recent_note', { description: 'The text of the latest note.' }),
  completedSalesSequences: t.exposeString('completed_sales_sequences', {
    description: 'Sales sequences it has been through.',
  }),
  activeSalesSequences: t.exposeString('active_sales_sequences', { description: 'Sales sequences it is in.' }),
  webFormId: t.exposeString('web_form_id', { description: 'The web form it came by.' }),
  avatar: t.exposeString('avatar', { description: 'Where its picture is.' }),
  isDeleted: t.exposeBoolean('is_deleted', { description: 'Whether it is in the recycle bin.' }),
  teamUserIds: t.stringList(stringList('team_user_ids', 'The ids of the users who work on it beside the owner.')),
  createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When it was entered.' }),
  updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When it was last changed.' }),
  tags: t.stringList(stringList('tags', 'Tags.')),
}));

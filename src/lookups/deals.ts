import { isRow } from '../freshsales/answer.ts';
import { isTrue } from '../freshsales/values.ts';
import { onlyIf } from '../records/field-needs.ts';
import { wholeLookup } from '../records/loader.ts';
import { builder } from '../schema/builder.ts';
import { loadAllRelated } from '../schema/node.ts';
import { toOneBy } from '../schema/relation.ts';
import { lookupType, namedLookupType } from './lookup-type.ts';
import {
  currencyLookup,
  dealPaymentStatusLookup,
  dealPipelineLookup,
  dealProductLookup,
  dealReasonLookup,
  dealStageLookup,
  dealTypeLookup,
} from './lookup-types.ts';

export const DealType = namedLookupType(dealTypeLookup, {
  description: 'A deal type, such as New Business.',
  query: 'dealTypes',
  queryDescription: 'The deal types.',
});

export const DealReason = namedLookupType(dealReasonLookup, {
  description: 'A lost reason of deals.',
  query: 'dealReasons',
  queryDescription: 'The lost reasons of deals.',
});

export const DealProduct = namedLookupType(dealProductLookup, {
  description: 'An entry of the legacy product list of deals. Not part of the product catalog.',
  query: 'dealProducts',
  queryDescription: 'The legacy product list of deals.',
});

export const DealPaymentStatus = namedLookupType(dealPaymentStatusLookup, {
  description: 'A payment status of deals.',
  query: 'dealPaymentStatuses',
  queryDescription: 'The payment statuses of deals.',
});

export const Currency = lookupType(currencyLookup, {
  description: 'A currency available for deals.',
  query: 'currencies',
  queryDescription: 'The currencies.',
});

builder.objectFields(Currency, (t) => ({
  code: t.exposeString('currency_code', { semanticNonNull: true, description: 'ISO 4217 currency code, such as USD.' }),
  isActive: t.exposeBoolean('is_active', { description: 'True if new deals can use the currency.' }),
  exchangeRate: t.expose('exchange_rate', {
    type: 'Decimal',
    description: 'Value of one unit in the base currency.',
  }),
  currencyType: t.exposeInt('currency_type', { description: 'Internal type in Freshsales. 1 is the base currency.' }),
  scheduleInfo: t.exposeString('schedule_info', {
    description: 'Schedule for updating the exchange rate. Null if it is not updated automatically.',
  }),
}));

export const DealStage = namedLookupType(dealStageLookup, {
  description: 'A stage of a deal pipeline, such as New, Won or Lost.',
  query: 'dealStages',
  queryDescription: 'The stages of all pipelines, in account order.',
});

builder.objectFields(DealStage, (t) => ({
  forecastType: t.exposeString('forecast_type', { description: 'Forecast type: Open, Closed Won or Closed Lost.' }),
  probability: t.exposeInt('probability', {
    description: 'Probability of winning a deal in this stage, in percent.',
  }),
  choiceType: t.exposeInt('choice_type', {
    description: 'Internal type in Freshsales: 5 for the first stage, 2 for other open stages, 4 for closed stages.',
  }),
  updatedAt: t.expose('updated_at', { type: 'DateTime', description: 'Time of the last update.' }),
  pipeline: t.field(toOneBy(dealStageLookup, 'deal_pipeline_id', DealPipeline, 'The pipeline of the stage.')),
}));

export const DealPipeline = namedLookupType(dealPipelineLookup, {
  description: 'A deal pipeline: an ordered set of stages.',
  query: 'dealPipelines',
  queryDescription: 'The deal pipelines.',
});

const allStages = onlyIf(wholeLookup(dealStageLookup), 'only if a pipeline lacks its stages');

builder.objectFields(DealPipeline, (t) => ({
  isDefault: t.exposeBoolean('is_default', { description: 'True for the default pipeline of new deals.' }),
  rottingDays: t.exposeInt('rotting_days', {
    description: 'Number of days without activity after which a deal is rotten.',
  }),
  aggregatedField: t.exposeString('aggregated_field', {
    description: 'Deal column whose total is shown for each stage.',
  }),
  stages: t.field({
    extensions: { freshsales: { fetch: allStages } },
    type: [DealStage],
    semanticNonNull: true,
    description:
      'Stages in order. Usually included in the list of pipelines. Otherwise costs one call; cached for an hour.',
    resolve: async ({ id, deal_stages }, _args, context, info) => {
      const within = stagesWithin(deal_stages);
      if (within) return loadAllRelated(context, info, DealStage, within);
      const stages = await allStages.run(context);
      return stages.filter((stage) => stage.deal_pipeline_id === id);
    },
  }),
}));

/** The ids of the stages inside a pipeline, without deleted ones. */
const stagesWithin = (cell: unknown): string[] | undefined =>
  Array.isArray(cell) && cell.every(isRow)
    ? cell.filter((stage) => !isTrue(stage.is_deleted)).map(({ id }) => id)
    : undefined;

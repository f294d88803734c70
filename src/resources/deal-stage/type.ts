import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { toOneBy } from '../../schema/relation.ts';
import { DealPipeline, loadDealPipeline } from '../deal-pipeline/type.ts';
import { type DealStageRecord, dealStageLookup } from './record.ts';

export const loadDealStage = lookupLoader(dealStageLookup);

export const DealStage = builder.objectRef<DealStageRecord>('DealStage');

DealStage.implement({
  description: 'A stage of a deal pipeline, such as New, Won or Lost.',
  interfaces: [Node],
  fields: (t) => ({
    forecastType: t.exposeString('forecast_type', { description: 'Forecast type: Open, Closed Won or Closed Lost.' }),
    probability: t.exposeInt('probability', {
      description: 'Probability of winning a deal in this stage, in percent.',
    }),
    choiceType: t.exposeInt('choice_type', {
      description: 'Internal type in Freshsales: 5 for the first stage, 2 for other open stages, 4 for closed stages.',
    }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', description: 'Time of the last update.' }),
    pipeline: t.field(
      toOneBy(dealStageLookup, 'deal_pipeline_id', DealPipeline, loadDealPipeline, 'The pipeline of the stage.'),
    ),
  }),
});
namedFields(DealStage);
nodeType(DealStage, loadDealStage);

builder.queryField('dealStages', (t) =>
  t.field(wholeList(DealStage, dealStageLookup, 'The stages of all pipelines, in account order.')),
);

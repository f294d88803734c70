import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { toOneBy } from '../../graph/relation.ts';
import { DealPipeline, loadDealPipeline } from '../deal-pipeline/type.ts';
import { type DealStageRecord, dealStageLookup } from './resource.ts';

export const loadDealStage = lookupLoader(dealStageLookup);

export const DealStage = builder.objectRef<DealStageRecord>('DealStage');

DealStage.implement({
  description: 'A step of a pipeline, from New to Won or Lost.',
  interfaces: [Node],
  fields: (t) => ({
    forecastType: t.exposeString('forecast_type', { description: 'Open, Closed Won or Closed Lost.' }),
    probability: t.exposeInt('probability', { description: 'How likely a deal at this stage is won, in per cent.' }),
    choiceType: t.exposeInt('choice_type', {
      description: 'Freshsales’ own mark: 5 for the first stage, 2 for other open ones, 4 for closed ones.',
    }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', description: 'When the stage was last changed.' }),
    pipeline: t.field(
      toOneBy(dealStageLookup, 'deal_pipeline_id', DealPipeline, loadDealPipeline, 'The pipeline it belongs to.'),
    ),
  }),
});
namedFields(DealStage);
nodeType(DealStage, loadDealStage);

builder.queryField('dealStages', (t) =>
  t.field(wholeList(DealStage, dealStageLookup, 'The stages of all pipelines, in the order of the account.')),
);

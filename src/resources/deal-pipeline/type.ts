import { builder } from '../../graph/builder.ts';
import { lookupLoader, readList } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { priceOnce } from '../../graph/price.ts';
import { dealStageLookup } from '../deal-stage/resource.ts';
import { DealStage } from '../deal-stage/type.ts';
import { type DealPipelineRecord, dealPipelineLookup } from './resource.ts';

export const loadDealPipeline = lookupLoader(dealPipelineLookup);

export const DealPipeline = builder.objectRef<DealPipelineRecord>('DealPipeline');

DealPipeline.implement({
  description: 'A way of selling: a row of stages that deals move along.',
  interfaces: [Node],
  fields: (t) => ({
    isDefault: t.exposeBoolean('is_default', { description: 'Whether new deals start in it.' }),
    rottingDays: t.exposeInt('rotting_days', { description: 'After so many days without activity a deal is rotten.' }),
    aggregatedField: t.exposeString('aggregated_field', {
      description: 'The deal column whose sum is shown above a stage.',
    }),
    stages: t.field({
      extensions: priceOnce(dealStageLookup.list),
      type: [DealStage],
      nullable: { list: false, items: false },
      description: 'Its stages, in order. From the list of all stages: one call for all operations of an hour.',
      resolve: async ({ id }, _args, context) => {
        const stages = await readList(context, dealStageLookup);
        return stages.filter((stage) => stage.deal_pipeline_id === id);
      },
    }),
  }),
});
namedFields(DealPipeline);
nodeType(DealPipeline, loadDealPipeline);

builder.queryField('dealPipelines', (t) => t.field(wholeList(DealPipeline, dealPipelineLookup, 'The pipelines.')));

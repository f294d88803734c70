import { type FieldSource, needsOf, selectionOf } from '../../records/field-needs.ts';
import { lookupLoader, readList } from '../../records/loader.ts';
import { isRow } from '../../records/record-entries.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { dealStageLookup } from '../deal-stage/record.ts';
import { DealStage, loadDealStage } from '../deal-stage/type.ts';
import { type DealPipelineRecord, dealPipelineLookup } from './record.ts';

export const loadDealPipeline = lookupLoader(dealPipelineLookup);

export const DealPipeline = builder.objectRef<DealPipelineRecord>('DealPipeline');

DealPipeline.implement({
  description: 'A deal pipeline: an ordered set of stages.',
  interfaces: [Node],
  fields: (t) => ({
    isDefault: t.exposeBoolean('is_default', { description: 'True for the default pipeline of new deals.' }),
    rottingDays: t.exposeInt('rotting_days', {
      description: 'Number of days without activity after which a deal is rotten.',
    }),
    aggregatedField: t.exposeString('aggregated_field', {
      description: 'Deal column whose total is shown for each stage.',
    }),
    stages: t.field({
      extensions: {
        freshsales: {
          price: () => [
            { calls: 1, needs: 0, once: dealStageLookup.list, when: 'only where a pipeline comes without its stages' },
          ],
        } satisfies FieldSource,
      },
      type: [DealStage],
      nullable: { list: false, items: false },
      description:
        'Stages in order. Usually included in the list of pipelines. Otherwise costs one call; cached for an hour.',
      resolve: async ({ id, deal_stages }, _args, context, info) => {
        const needs = needsOf(selectionOf(context, info), DealStage.name, info);
        const within = stagesWithin(deal_stages);
        if (within) {
          const stages = await loadDealStage(context).loadMany(within, needs);
          return stages.filter((stage) => stage !== null);
        }
        const stages = await readList(context, dealStageLookup);
        return stages.filter((stage) => stage.deal_pipeline_id === id);
      },
    }),
  }),
});
/** Ids of the stages embedded in a pipeline, without deleted ones. */
const stagesWithin = (cell: unknown): string[] | undefined =>
  Array.isArray(cell) && cell.every(isRow)
    ? cell.filter((stage) => stage.is_deleted !== true).map(({ id }) => id)
    : undefined;

namedFields(DealPipeline);
nodeType(DealPipeline, loadDealPipeline);

builder.queryField('dealPipelines', (t) => t.field(wholeList(DealPipeline, dealPipelineLookup, 'The deal pipelines.')));

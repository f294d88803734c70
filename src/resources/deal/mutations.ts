import { FreshsalesError } from '../../freshsales/errors.ts';
import { type DealStageRecord, dealStageLookup } from '../../lookups/lookup-types.ts';
import { bulkDeletes, bulkUpdates } from '../../mutations/bulk-mutations.ts';
import { deleteMutation, forgetMutation } from '../../mutations/delete-mutations.ts';
import { cloneMutation, createMutation, updateMutation, upsertMutation } from '../../mutations/record-mutations.ts';
import type { Draft } from '../../mutations/writable.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import type { Context } from '../../records/context.ts';
import type { FieldCost } from '../../records/field-needs.ts';
import { readList } from '../../records/loader.ts';
import { readCall } from '../../records/record-type.ts';
import { builder } from '../../schema/builder.ts';
import { CreateDealInput, DealIdentifier, UpdateDealInput } from './inputs.ts';
import { type DealRecord, dealType } from './record.ts';
import { Deal } from './type.ts';

const dealFacts: WriteFacts<DealRecord> = {
  recordType: dealType,
  type: Deal,
  // Contacts and accounts contain totals of their deals.
  dependentTypes: ['Contact', 'SalesAccount'],
  affectingColumns: [
    'amount',
    'base_currency_amount',
    'currency_id',
    'products',
    'deal_stage_id',
    'deal_pipeline_id',
    'sales_account_id',
    'contacts_added_list',
    'contacts_removed_list',
  ],
};

/** The check of the stage, and what it costs. */
const stage = {
  cost: (input: Input): FieldCost[] => {
    if (!movesStage(input)) return [];
    const stages: FieldCost = { calls: 1, list: dealStageLookup.list };
    return typeof input.pipelineId === 'string'
      ? [stages]
      : [stages, { calls: 1, needs: 0, call: readCall(dealType), when: 'only if the account has several pipelines' }];
  },
  run: checkStage,
};

/** The stage of a new deal is checked only within the pipeline of the input. */
const newStage = {
  ...stage,
  cost: (input: Input) => (typeof input.pipelineId === 'string' ? stage.cost(input) : []),
};

builder.mutationFields((t) => ({
  createDeal: t.field(createMutation(dealFacts, CreateDealInput, 'Creates a deal.', { check: newStage })),
  updateDeal: t.field(
    updateMutation(
      dealFacts,
      UpdateDealInput,
      'Updates a deal. Setting stageId may cost one call for the list of stages (cached for an hour) and, without pipelineId, one to read the deal.',
      { check: stage },
    ),
  ),
  upsertDeal: t.field(
    upsertMutation(dealFacts, {
      by: DealIdentifier,
      input: UpdateDealInput,
      description: 'Updates the deal with this name or id, or creates one.',
      // A deal identified by name is not read for this check; its pipeline is known only from the input.
      check: {
        ...stage,
        run: (context, draft, { input }) => stage.run(context, draft, { id: String(draft.identifier.id ?? ''), input }),
      },
    }),
  ),
  cloneDeal: t.field(cloneMutation(dealFacts, UpdateDealInput, 'Copies a deal.', { check: stage })),
  deleteDeal: t.field(
    deleteMutation(dealFacts, 'Deletes a deal. It can be restored from the recycle bin for 90 days.'),
  ),
  forgetDeal: t.field(forgetMutation(dealFacts, 'Permanently deletes a deal.')),
}));

// No bulk upsert: most accounts refuse it for deals, and it drops the links to contacts (FACTS 9).
builder.mutationFields((t) => ({
  bulkUpdateDeals: t.field(bulkUpdates(dealFacts, UpdateDealInput, 'Applies the same change to many deals.')),
  bulkDeleteDeals: t.field(
    bulkDeletes(dealFacts, 'Deletes many deals. They can be restored from the recycle bin for 90 days.'),
  ),
}));

type Input = Readonly<Record<string, unknown>>;

const movesStage = ({ stageId }: Input): boolean => stageId !== undefined && stageId !== null;

/**
 * Refuses an unknown stage, and a stage of another pipeline, before the call. Reads the list of stages once an hour, and the deal
 * only if the account has several pipelines and the input has no pipelineId.
 */
async function checkStage(
  context: Context,
  draft: Draft,
  { id, input }: { id: string; input?: Input | null | undefined },
): Promise<void> {
  if (!input || !movesStage(input) || (id === '' && typeof input.pipelineId !== 'string')) return;
  const stages = await stagesOf(context);
  const stage = stages.find((each) => each.id === String(draft.columns.deal_stage_id));
  if (!stage && stages.length > 0 && draft.columns.deal_stage_id !== undefined) {
    const message = `There is no deal stage ${draft.columns.deal_stage_id}. Query dealStages for their ids. For a stage added within the last hour, send Cache-Control: no-cache.`;
    draft.refuse(['input', 'stageId'], message, 'NOT_FOUND');
  }
  if (!stage || pipelinesOf(stages).size < 2) return;
  const pipeline = await pipelineOf(context, draft, id);
  if (pipeline === undefined || stage.deal_pipeline_id === pipeline) return;
  const own = stages.filter((each) => each.deal_pipeline_id === pipeline);
  const names = own.map((each) => `${each.name} (${each.id})`).join(', ');
  draft.refuse(
    ['input', 'stageId'],
    `The stage “${stage.name}” belongs to another pipeline. The stages of the deal’s pipeline are: ${names}. To move the deal to the other pipeline, provide pipelineId as well.`,
  );
}

/** The stages. Empty if the caller may not read them, so that Freshsales decides. */
async function stagesOf(context: Context): Promise<DealStageRecord[]> {
  try {
    return await readList(context, dealStageLookup);
  } catch (error) {
    if (error instanceof FreshsalesError && error.code === 'FORBIDDEN') return [];
    throw error;
  }
}

const pipelinesOf = (stages: readonly DealStageRecord[]) => new Set(stages.map((stage) => stage.deal_pipeline_id));

/** The pipeline in the input, or else the current one of the deal. */
async function pipelineOf(context: Context, { columns }: Draft, id: string): Promise<string | undefined> {
  if (columns.deal_pipeline_id !== undefined) return String(columns.deal_pipeline_id);
  const answer = await context.freshsales.get(dealType, id);
  return answer?.row.deal_pipeline_id;
}

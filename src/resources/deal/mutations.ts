import { deleteMutation, forgetMutation } from '../../mutations/delete-mutations.ts';
import { cloneMutation, createMutation, updateMutation, upsertMutation } from '../../mutations/record-mutations.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { CreateDealInput, DealIdentifier, UpdateDealInput } from './inputs.ts';
import { type DealRecord, dealType } from './record.ts';
import { checkStage, stagePrice, stagePriceUnseen } from './stage.ts';
import { Deal, loadDeal } from './type.ts';

export const dealFacts: WriteFacts<DealRecord> = {
  recordType: dealType,
  type: Deal,
  loader: loadDeal,
  // Contacts and accounts contain totals of their deals.
  ripples: ['Contact', 'SalesAccount'],
  rippling: [
    ...['amount', 'base_currency_amount', 'currency_id', 'products', 'deal_stage_id', 'deal_pipeline_id'],
    ...['sales_account_id', 'contacts_added_list', 'contacts_removed_list'],
  ],
};

builder.mutationFields((t) => ({
  createDeal: t.field(
    createMutation(dealFacts, CreateDealInput, 'Creates a deal.', { check: checkStage, checkPrice: stagePriceUnseen }),
  ),
  updateDeal: t.field(
    updateMutation(
      dealFacts,
      UpdateDealInput,
      'Updates a deal. Setting stageId may cost one call for the list of stages (cached for an hour) and, without pipelineId, one to read the deal.',
      { check: checkStage, checkPrice: stagePrice },
    ),
  ),
  upsertDeal: t.field(
    upsertMutation(dealFacts, {
      by: DealIdentifier,
      input: UpdateDealInput,
      description: 'Updates the deal with this name or id, or creates one.',
      // A deal identified by name is not read for this check; its pipeline is known only from the input.
      check: (context, draft, { input }) =>
        checkStage(context, draft, { id: String(draft.identifier.id ?? ''), input }),
      checkPrice: stagePrice,
    }),
  ),
  cloneDeal: t.field(
    cloneMutation(dealFacts, UpdateDealInput, 'Copies a deal.', { check: checkStage, checkPrice: stagePrice }),
  ),
  deleteDeal: t.field(
    deleteMutation(dealFacts, 'Deletes a deal. It can be restored from the recycle bin for 90 days.'),
  ),
  forgetDeal: t.field(forgetMutation(dealFacts, 'Permanently deletes a deal.')),
}));

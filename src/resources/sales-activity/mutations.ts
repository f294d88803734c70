import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { createMutation, updateMutation } from '../../mutations/record-mutations.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { CreateSalesActivityInput, UpdateSalesActivityInput } from './inputs.ts';
import { type SalesActivityRecord, salesActivityType } from './record.ts';
import { SalesActivity } from './type.ts';

const salesActivityFacts: WriteFacts<SalesActivityRecord> = {
  recordType: salesActivityType,
  type: SalesActivity,
  // Records contain the time and channel of the last contact.
  dependentTypes: ['Contact', 'SalesAccount', 'Deal', 'Lead'],
  affectingColumns: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createSalesActivity: t.field(
    createMutation(salesActivityFacts, CreateSalesActivityInput, 'Creates a sales activity of a custom type.'),
  ),
  updateSalesActivity: t.field(
    updateMutation(salesActivityFacts, UpdateSalesActivityInput, 'Updates a sales activity.'),
  ),
  deleteSalesActivity: t.field(deleteMutation(salesActivityFacts, 'Deletes a sales activity permanently.')),
}));

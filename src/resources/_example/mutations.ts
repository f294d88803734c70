import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { createMutation, updateMutation } from '../../mutations/record-mutations.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { CreateVisitInput, UpdateVisitInput } from './inputs.ts';
import { type VisitRecord, visitType } from './record.ts';
import { Visit } from './type.ts';

const visitFacts: WriteFacts<VisitRecord> = { recordType: visitType, type: Visit };

builder.mutationFields((t) => ({
  createVisit: t.field(createMutation(visitFacts, CreateVisitInput, 'Creates a visit.')),
  updateVisit: t.field(updateMutation(visitFacts, UpdateVisitInput, 'Updates a visit.')),
  deleteVisit: t.field(deleteMutation(visitFacts, 'Deletes a visit permanently.')),
}));

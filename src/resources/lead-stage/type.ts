import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { classicList, namedFields } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type LeadStageRecord, leadStageLookup } from './record.ts';

export const loadLeadStage = lookupLoader(leadStageLookup);

export const LeadStage = builder.objectRef<LeadStageRecord>('LeadStage');

LeadStage.implement({
  description: 'A stage of leads. Classic only.',
  interfaces: [Node],
});
namedFields(LeadStage);
nodeType(LeadStage, loadLeadStage);

builder.queryField('leadStages', (t) => t.field(classicList(LeadStage, leadStageLookup, 'The stages of leads.')));

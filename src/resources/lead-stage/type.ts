import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { classicList, namedFields } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type LeadStageRecord, leadStageLookup } from './resource.ts';

export const loadLeadStage = lookupLoader(leadStageLookup);

export const LeadStage = builder.objectRef<LeadStageRecord>('LeadStage');

LeadStage.implement({
  description: 'A stage of leads. Classic only.',
  interfaces: [Node],
});
namedFields(LeadStage);
nodeType(LeadStage, loadLeadStage);

builder.queryField('leadStages', (t) => t.field(classicList(LeadStage, leadStageLookup, 'The stages of leads.')));

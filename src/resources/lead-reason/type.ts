import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { classicList, namedFields } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type LeadReasonRecord, leadReasonLookup } from './resource.ts';

export const loadLeadReason = lookupLoader(leadReasonLookup);

export const LeadReason = builder.objectRef<LeadReasonRecord>('LeadReason');

LeadReason.implement({
  description: 'A reason for disqualifying a lead. Classic only.',
  interfaces: [Node],
});
namedFields(LeadReason);
nodeType(LeadReason, loadLeadReason);

builder.queryField('leadReasons', (t) =>
  t.field(classicList(LeadReason, leadReasonLookup, 'The reasons for disqualifying a lead.')),
);

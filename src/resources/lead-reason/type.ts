import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { classicList, namedFields } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type LeadReasonRecord, leadReasonLookup } from './record.ts';

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

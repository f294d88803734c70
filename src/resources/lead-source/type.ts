import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type LeadSourceRecord, leadSourceLookup } from './record.ts';

export const loadLeadSource = lookupLoader(leadSourceLookup);

export const LeadSource = builder.objectRef<LeadSourceRecord>('LeadSource');

LeadSource.implement({
  description: 'A source of contacts, deals and leads, such as Web or Referral.',
  interfaces: [Node],
});
namedFields(LeadSource);
nodeType(LeadSource, loadLeadSource);

builder.queryField('leadSources', (t) =>
  t.field(wholeList(LeadSource, leadSourceLookup, 'The sources of contacts, deals and leads.')),
);

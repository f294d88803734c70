import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type LeadSourceRecord, leadSourceLookup } from './resource.ts';

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

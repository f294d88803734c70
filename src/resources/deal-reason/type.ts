import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type DealReasonRecord, dealReasonLookup } from './resource.ts';

export const loadDealReason = lookupLoader(dealReasonLookup);

export const DealReason = builder.objectRef<DealReasonRecord>('DealReason');

DealReason.implement({
  description: 'A lost reason of deals.',
  interfaces: [Node],
});
namedFields(DealReason);
nodeType(DealReason, loadDealReason);

builder.queryField('dealReasons', (t) =>
  t.field(wholeList(DealReason, dealReasonLookup, 'The lost reasons of deals.')),
);

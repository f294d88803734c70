import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type DealReasonRecord, dealReasonLookup } from './record.ts';

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

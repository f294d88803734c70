import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type DealTypeRecord, dealTypeLookup } from './resource.ts';

export const loadDealType = lookupLoader(dealTypeLookup);

export const DealType = builder.objectRef<DealTypeRecord>('DealType');

DealType.implement({
  description: 'A deal type, such as New Business.',
  interfaces: [Node],
});
namedFields(DealType);
nodeType(DealType, loadDealType);

builder.queryField('dealTypes', (t) => t.field(wholeList(DealType, dealTypeLookup, 'The deal types.')));

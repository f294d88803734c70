import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type DealTypeRecord, dealTypeLookup } from './record.ts';

export const loadDealType = lookupLoader(dealTypeLookup);

export const DealType = builder.objectRef<DealTypeRecord>('DealType');

DealType.implement({
  description: 'A deal type, such as New Business.',
  interfaces: [Node],
});
namedFields(DealType);
nodeType(DealType, loadDealType);

builder.queryField('dealTypes', (t) => t.field(wholeList(DealType, dealTypeLookup, 'The deal types.')));

import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type DealProductRecord, dealProductLookup } from './record.ts';

export const loadDealProduct = lookupLoader(dealProductLookup);

export const DealProduct = builder.objectRef<DealProductRecord>('DealProduct');

DealProduct.implement({
  description: 'An entry of the legacy product list of deals. Not part of the product catalog.',
  interfaces: [Node],
});
namedFields(DealProduct);
nodeType(DealProduct, loadDealProduct);

builder.queryField('dealProducts', (t) =>
  t.field(wholeList(DealProduct, dealProductLookup, 'The legacy product list of deals.')),
);

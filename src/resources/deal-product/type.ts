import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type DealProductRecord, dealProductLookup } from './resource.ts';

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

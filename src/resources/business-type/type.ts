import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type BusinessTypeRecord, businessTypeLookup } from './resource.ts';

export const loadBusinessType = lookupLoader(businessTypeLookup);

export const BusinessType = builder.objectRef<BusinessTypeRecord>('BusinessType');

BusinessType.implement({
  description: 'A business type of sales accounts, such as Customer or Partner.',
  interfaces: [Node],
});
namedFields(BusinessType);
nodeType(BusinessType, loadBusinessType);

builder.queryField('businessTypes', (t) =>
  t.field(wholeList(BusinessType, businessTypeLookup, 'The business types of sales accounts.')),
);

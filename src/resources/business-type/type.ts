import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type BusinessTypeRecord, businessTypeLookup } from './record.ts';

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

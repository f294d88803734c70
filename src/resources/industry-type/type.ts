import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type IndustryTypeRecord, industryTypeLookup } from './record.ts';

export const loadIndustryType = lookupLoader(industryTypeLookup);

export const IndustryType = builder.objectRef<IndustryTypeRecord>('IndustryType');

IndustryType.implement({
  description: 'An industry of sales accounts.',
  interfaces: [Node],
});
namedFields(IndustryType);
nodeType(IndustryType, loadIndustryType);

builder.queryField('industryTypes', (t) =>
  t.field(wholeList(IndustryType, industryTypeLookup, 'The industries of sales accounts.')),
);

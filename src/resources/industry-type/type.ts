import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type IndustryTypeRecord, industryTypeLookup } from './resource.ts';

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

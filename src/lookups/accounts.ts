import { namedLookupType } from './lookup-type.ts';
import { businessTypeLookup, industryTypeLookup, territoryLookup } from './lookup-types.ts';

export const BusinessType = namedLookupType(businessTypeLookup, {
  description: 'A business type of sales accounts, such as Customer or Partner.',
  query: 'businessTypes',
  queryDescription: 'The business types of sales accounts.',
});

export const IndustryType = namedLookupType(industryTypeLookup, {
  description: 'An industry of sales accounts.',
  query: 'industryTypes',
  queryDescription: 'The industries of sales accounts.',
});

export const Territory = namedLookupType(territoryLookup, {
  description: 'A sales territory.',
  query: 'territories',
  queryDescription: 'The territories.',
});

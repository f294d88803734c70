import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface BusinessTypeRecord extends Identified {
  name: string;
  position: number | null;
}

export const businessTypeLookup = defineLookup({
  name: 'BusinessType',
  list: 'selector/business_types',
  many: 'business_types',
  blank: (): Required<BusinessTypeRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

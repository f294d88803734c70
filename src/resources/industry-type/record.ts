import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface IndustryTypeRecord extends Identified {
  name: string;
  position: number | null;
}

export const industryTypeLookup = defineLookup({
  name: 'IndustryType',
  list: 'selector/industry_types',
  many: 'industry_types',
  blank: (): Required<IndustryTypeRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

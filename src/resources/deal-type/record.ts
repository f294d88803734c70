import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface DealTypeRecord extends Identified {
  name: string;
  position: number | null;
}

export const dealTypeLookup = defineLookup({
  name: 'DealType',
  list: 'selector/deal_types',
  many: 'deal_types',
  blank: (): Required<DealTypeRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

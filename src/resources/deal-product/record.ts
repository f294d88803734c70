import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface DealProductRecord extends Identified {
  name: string;
  position: number | null;
}

export const dealProductLookup = defineLookup({
  name: 'DealProduct',
  list: 'selector/deal_products',
  many: 'deal_products',
  blank: (): Required<DealProductRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface DealReasonRecord extends Identified {
  name: string;
  position: number | null;
}

export const dealReasonLookup = defineLookup({
  name: 'DealReason',
  list: 'selector/deal_reasons',
  many: 'deal_reasons',
  blank: (): Required<DealReasonRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface DealPaymentStatusRecord extends Identified {
  name: string;
  position: number | null;
}

export const dealPaymentStatusLookup = defineLookup({
  name: 'DealPaymentStatus',
  list: 'selector/deal_payment_statuses',
  many: 'deal_payment_statuses',
  blank: (): Required<DealPaymentStatusRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

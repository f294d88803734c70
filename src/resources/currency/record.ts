import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface CurrencyRecord extends Identified {
  currency_code: string;
  is_active: boolean | null;
  exchange_rate: string | null;
  currency_type: number | null;
  schedule_info: string | null;
}

export const currencyLookup = defineLookup({
  name: 'Currency',
  list: 'selector/currencies',
  many: 'currencies',
  blank: (): Required<CurrencyRecord> => ({
    id: '',
    currency_code: '',
    is_active: null,
    exchange_rate: null,
    currency_type: null,
    schedule_info: null,
  }),
});

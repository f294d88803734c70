import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface SalesActivityOutcomeRecord extends Identified {
  name: string;
  position: number | null;
  sales_activity_type_id: string | null;
}

export const salesActivityOutcomeLookup = defineLookup({
  name: 'SalesActivityOutcome',
  list: 'selector/sales_activity_outcomes',
  many: 'sales_activity_outcomes',
  aliases: ['outcomes'],
  blank: (): Required<SalesActivityOutcomeRecord> => ({
    id: '',
    name: '',
    position: null,
    sales_activity_type_id: null,
  }),
});

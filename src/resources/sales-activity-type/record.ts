import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface SalesActivityTypeRecord extends Identified {
  name: string;
  position: number | null;
  internal_name: string | null;
  show_in_conversation: boolean;
  is_default: boolean | null;
  is_checkedin: boolean;
  is_checkedin_mandatory: boolean;
  is_outcome_mandatory: boolean;
}

export const salesActivityTypeLookup = defineLookup({
  name: 'SalesActivityType',
  list: 'selector/sales_activity_types',
  many: 'sales_activity_types',
  blank: (): Required<SalesActivityTypeRecord> => ({
    id: '',
    name: '',
    position: null,
    internal_name: null,
    show_in_conversation: false,
    is_default: null,
    is_checkedin: false,
    is_checkedin_mandatory: false,
    is_outcome_mandatory: false,
  }),
});

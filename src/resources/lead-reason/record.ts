import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface LeadReasonRecord extends Identified {
  name: string;
  position: number | null;
}

export const leadReasonLookup = defineLookup({
  name: 'LeadReason',
  list: 'selector/lead_reasons',
  many: 'lead_reasons',
  blank: (): Required<LeadReasonRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

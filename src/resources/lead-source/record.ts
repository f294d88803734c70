import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface LeadSourceRecord extends Identified {
  name: string;
  position: number | null;
}

export const leadSourceLookup = defineLookup({
  name: 'LeadSource',
  list: 'selector/lead_sources',
  many: 'lead_sources',
  aliases: ['lead_source'],
  blank: (): Required<LeadSourceRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

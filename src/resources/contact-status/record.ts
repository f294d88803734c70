import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface ContactStatusRecord extends Identified {
  name: string;
  position: number | null;
  forecast_type: string | null;
  lifecycle_stage_id: string | null;
}

export const contactStatusLookup = defineLookup({
  name: 'ContactStatus',
  list: 'selector/contact_statuses',
  many: 'contact_statuses',
  aliases: ['contact_status'],
  mini: ['name', 'position'],
  blank: (): Required<ContactStatusRecord> => ({
    id: '',
    name: '',
    position: null,
    forecast_type: null,
    lifecycle_stage_id: null,
  }),
});

import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface LeadStageRecord extends Identified {
  name: string;
  position: number | null;
}

export const leadStageLookup = defineLookup({
  name: 'LeadStage',
  list: 'selector/lead_stages',
  many: 'lead_stages',
  blank: (): Required<LeadStageRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

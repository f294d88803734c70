import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface CampaignRecord extends Identified {
  name: string;
  position: number | null;
}

export const campaignLookup = defineLookup({
  name: 'Campaign',
  list: 'selector/campaigns',
  many: 'campaigns',
  blank: (): Required<CampaignRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

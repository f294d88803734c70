import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface DealStageRecord extends Identified {
  name: string;
  position: number | null;
  forecast_type: string | null;
  probability: number | null;
  deal_pipeline_id: string | null;
  choice_type: number | null;
  updated_at: string | null;
}

export const dealStageLookup = defineLookup({
  name: 'DealStage',
  list: 'selector/deal_stages',
  many: 'deal_stages',
  blank: (): Required<DealStageRecord> => ({
    id: '',
    name: '',
    position: null,
    forecast_type: null,
    probability: null,
    deal_pipeline_id: null,
    choice_type: null,
    updated_at: null,
  }),
});

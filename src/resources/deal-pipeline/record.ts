import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface DealPipelineRecord extends Identified {
  name: string;
  position: number | null;
  is_default: boolean | null;
  rotting_days: number | null;
  aggregated_field: string | null;
  deal_stages?: Identified[];
}

export const dealPipelineLookup = defineLookup({
  name: 'DealPipeline',
  list: 'selector/deal_pipelines',
  many: 'deal_pipelines',
  mini: ['name', 'position', 'is_default', 'rotting_days'],
  blank: (): Required<DealPipelineRecord> => ({
    id: '',
    name: '',
    position: null,
    is_default: null,
    rotting_days: null,
    aggregated_field: null,
    deal_stages: [],
  }),
});

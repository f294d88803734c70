import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface LifecycleStageRecord extends Identified {
  name: string;
  position: number | null;
  disabled: boolean;
  default: boolean;
  type: string | null;
  contact_status_ids: string[];
}

export const lifecycleStageLookup = defineLookup({
  name: 'LifecycleStage',
  list: 'selector/lifecycle_stages',
  many: 'lifecycle_stages',
  aliases: ['lifecycle_stage'],
  blank: (): Required<LifecycleStageRecord> => ({
    id: '',
    name: '',
    position: null,
    disabled: false,
    default: false,
    type: null,
    contact_status_ids: [],
  }),
});

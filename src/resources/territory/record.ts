import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface TerritoryRecord extends Identified {
  name: string;
  position: number | null;
}

export const territoryLookup = defineLookup({
  name: 'Territory',
  list: 'selector/territories',
  many: 'territories',
  blank: (): Required<TerritoryRecord> => ({
    id: '',
    name: '',
    position: null,
  }),
});

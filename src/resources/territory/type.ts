import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type TerritoryRecord, territoryLookup } from './resource.ts';

export const loadTerritory = lookupLoader(territoryLookup);

export const Territory = builder.objectRef<TerritoryRecord>('Territory');

Territory.implement({
  description: 'A sales territory.',
  interfaces: [Node],
});
namedFields(Territory);
nodeType(Territory, loadTerritory);

builder.queryField('territories', (t) => t.field(wholeList(Territory, territoryLookup, 'The territories.')));

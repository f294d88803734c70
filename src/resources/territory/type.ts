import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type TerritoryRecord, territoryLookup } from './record.ts';

export const loadTerritory = lookupLoader(territoryLookup);

export const Territory = builder.objectRef<TerritoryRecord>('Territory');

Territory.implement({
  description: 'A sales territory.',
  interfaces: [Node],
});
namedFields(Territory);
nodeType(Territory, loadTerritory);

builder.queryField('territories', (t) => t.field(wholeList(Territory, territoryLookup, 'The territories.')));

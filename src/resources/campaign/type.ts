import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type CampaignRecord, campaignLookup } from './resource.ts';

export const loadCampaign = lookupLoader(campaignLookup);

export const Campaign = builder.objectRef<CampaignRecord>('Campaign');

Campaign.implement({
  description: 'A marketing campaign.',
  interfaces: [Node],
});
namedFields(Campaign);
nodeType(Campaign, loadCampaign);

builder.queryField('campaigns', (t) => t.field(wholeList(Campaign, campaignLookup, 'The marketing campaigns.')));

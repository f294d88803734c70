import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type CampaignRecord, campaignLookup } from './record.ts';

export const loadCampaign = lookupLoader(campaignLookup);

export const Campaign = builder.objectRef<CampaignRecord>('Campaign');

Campaign.implement({
  description: 'A marketing campaign.',
  interfaces: [Node],
});
namedFields(Campaign);
nodeType(Campaign, loadCampaign);

builder.queryField('campaigns', (t) => t.field(wholeList(Campaign, campaignLookup, 'The marketing campaigns.')));

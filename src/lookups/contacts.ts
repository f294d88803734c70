import { builder } from '../schema/builder.ts';
import { toOneBy } from '../schema/relation.ts';
import { namedLookupType, rowsOf } from './lookup-type.ts';
import {
  businessTypeLookup,
  campaignLookup,
  contactStatusLookup,
  industryTypeLookup,
  leadReasonLookup,
  leadSourceLookup,
  leadStageLookup,
  lifecycleStageLookup,
  territoryLookup,
} from './lookup-types.ts';

export const BusinessType = namedLookupType(businessTypeLookup, {
  description: 'A business type of sales accounts, such as Customer or Partner.',
  query: 'businessTypes',
  queryDescription: 'The business types of sales accounts.',
});

export const IndustryType = namedLookupType(industryTypeLookup, {
  description: 'An industry of sales accounts.',
  query: 'industryTypes',
  queryDescription: 'The industries of sales accounts.',
});

export const Territory = namedLookupType(territoryLookup, {
  description: 'A sales territory.',
  query: 'territories',
  queryDescription: 'The territories.',
});

export const Campaign = namedLookupType(campaignLookup, {
  description: 'A marketing campaign.',
  query: 'campaigns',
  queryDescription: 'The marketing campaigns.',
});

export const LeadSource = namedLookupType(leadSourceLookup, {
  description: 'A source of contacts, deals and leads, such as Web or Referral.',
  query: 'leadSources',
  queryDescription: 'The sources of contacts, deals and leads.',
});

export const LeadStage = namedLookupType(leadStageLookup, {
  description: 'A stage of leads. Classic only.',
  query: 'leadStages',
  queryDescription: 'The stages of leads. Classic only.',
});

export const LeadReason = namedLookupType(leadReasonLookup, {
  description: 'A reason for disqualifying a lead. Classic only.',
  query: 'leadReasons',
  queryDescription: 'The reasons for disqualifying a lead. Classic only.',
});

export const LifecycleStage = namedLookupType(lifecycleStageLookup, {
  description: 'A lifecycle stage of contacts, such as Lead, Sales Qualified Lead or Customer. Suite only.',
  query: 'lifecycleStages',
  queryDescription: 'The lifecycle stages of contacts. Suite only.',
});

builder.objectFields(LifecycleStage, (t) => ({
  type: t.exposeString('type', {
    description: 'Original name of the stage, which does not change when it is renamed.',
  }),
  isDisabled: t.exposeBoolean('disabled', { description: 'True if the account has disabled the stage.' }),
  isDefault: t.exposeBoolean('default', { description: 'True for the stages that every account starts with.' }),
  statuses: t.field(
    rowsOf(contactStatusLookup, 'lifecycle_stage_id', ContactStatus, 'Contact statuses in this stage.'),
  ),
}));

export const ContactStatus = namedLookupType(contactStatusLookup, {
  description: 'A status within a lifecycle stage, such as New or Contacted.',
  query: 'contactStatuses',
  queryDescription: 'The contact statuses of all lifecycle stages.',
});

builder.objectFields(ContactStatus, (t) => ({
  forecastType: t.exposeString('forecast_type', { description: 'Forecast type: Open, Closed Won or Closed Lost.' }),
  lifecycleStage: t.field(
    toOneBy(contactStatusLookup, 'lifecycle_stage_id', LifecycleStage, 'The lifecycle stage of the status.'),
  ),
}));

import { builder } from '../../graph/builder.ts';
import { deletes, forgets } from '../../graph/gone.ts';
import { identifier } from '../../graph/identifier.ts';
import { onlyInClassic } from '../../graph/lookup.ts';
import { clones, creates, updates, upserts } from '../../graph/mutations.ts';
import { recordInput } from '../../graph/record-input.ts';
import { customFields, ref, type Spot, text, type Writable } from '../../graph/writable.ts';
import type { WriteFacts } from '../../graph/write-facts.ts';
import { type LeadRecord, leadResource } from './resource.ts';
import { Lead, loadLead } from './type.ts';

/** The company stands inside the lead (FACTS 10). */
const companyName: Writable<string> = {
  type: 'String',
  column: 'company',
  description: 'The company they work for.',
  write: (value, { draft }: Spot) => {
    draft.columns.company = { name: value };
  },
};

const writable = {
  firstName: text('first_name', 'First name.'),
  lastName: text('last_name', 'Last name.'),
  email: text('email', 'E-mail address.'),
  jobTitle: text('job_title', 'What they do.'),
  department: text('department', 'Where they work.'),
  mobileNumber: text('mobile_number', 'Mobile telephone.'),
  workNumber: text('work_number', 'Telephone at work.'),
  address: text('address', 'Street and number.'),
  city: text('city', 'City.'),
  state: text('state', 'State or region.'),
  zipcode: text('zipcode', 'Postal code.'),
  country: text('country', 'Country.'),
  timeZone: text('time_zone', 'A Rails zone name, such as Arizona; not an IANA one.'),
  keyword: text('keyword', 'The search word they came by.'),
  medium: text('medium', 'The medium they came by.'),
  facebook: text('facebook', 'Facebook handle.'),
  twitter: text('twitter', 'Twitter handle.'),
  linkedin: text('linkedin', 'LinkedIn handle.'),
  companyName,
  ownerId: ref('User', 'owner_id', 'Who looks after them.'),
  stageId: ref('LeadStage', 'lead_stage_id', 'How far they have come.'),
  reasonId: ref('LeadReason', 'lead_reason_id', 'Why they were given up.'),
  leadSourceId: ref('LeadSource', 'lead_source_id', 'Where they came from.'),
  campaignId: ref('Campaign', 'campaign_id', 'The campaign they came by.'),
  territoryId: ref('Territory', 'territory_id', 'The territory they are in.'),
  customFields,
};

const CreateLeadInput = recordInput('CreateLeadInput', writable, {
  description: 'A new lead. Freshsales Classic only.',
});

export const UpdateLeadInput = recordInput('UpdateLeadInput', writable, {
  description: 'What shall be otherwise about a lead. A field left out is left alone; null clears it.',
});

const LeadIdentifier = identifier('Lead', {
  email: text('emails', 'An e-mail address of theirs.'),
  id: ref('Lead', 'id', 'The lead itself.'),
});

export const leadFacts: WriteFacts<LeadRecord> = {
  resource: leadResource,
  type: Lead,
  loader: loadLead,
  guard: onlyInClassic,
};

builder.mutationFields((t) => ({
  createLead: t.field(creates(leadFacts, CreateLeadInput, 'Enters a lead. Freshsales Classic only.')),
  updateLead: t.field(updates(leadFacts, UpdateLeadInput, 'Changes a lead. Freshsales Classic only.')),
  upsertLead: t.field(
    upserts(leadFacts, {
      by: LeadIdentifier,
      input: UpdateLeadInput,
      description: 'Changes the lead that has this address or id, or enters one. Freshsales Classic only.',
    }),
  ),
  cloneLead: t.field(clones(leadFacts, UpdateLeadInput, 'Copies a lead. Freshsales Classic only.')),
  deleteLead: t.field(
    deletes(leadFacts, 'Deletes a lead. Recoverable: it goes to the recycle bin. Freshsales Classic only.'),
  ),
  forgetLead: t.field(forgets(leadFacts, 'Erases a lead. Freshsales Classic only.')),
}));

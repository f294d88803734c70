import { deleteMutation, forgetMutation } from '../../mutations/delete-mutations.ts';
import { identifier, recordInput } from '../../mutations/record-input.ts';
import { cloneMutation, createMutation, updateMutation, upsertMutation } from '../../mutations/record-mutations.ts';
import { customFields, ref, type Spot, text, type Writable } from '../../mutations/writable.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { onlyInClassic } from '../../schema/lookup.ts';
import { type LeadRecord, leadType } from './record.ts';
import { Lead, loadLead } from './type.ts';

/** The company is nested in the lead (FACTS 10). */
const companyName: Writable<string> = {
  type: 'String',
  column: 'company',
  description: 'Company name.',
  write: (value, { draft }: Spot) => {
    draft.columns.company = { name: value };
  },
};

const writable = {
  firstName: text('first_name', 'First name.'),
  lastName: text('last_name', 'Last name.'),
  email: text('email', 'Primary e-mail address.'),
  jobTitle: text('job_title', 'Job title.'),
  department: text('department', 'Department.'),
  mobileNumber: text('mobile_number', 'Mobile number.'),
  workNumber: text('work_number', 'Work phone number.'),
  address: text('address', 'Street address.'),
  city: text('city', 'City.'),
  state: text('state', 'State or region.'),
  zipcode: text('zipcode', 'Postal code.'),
  country: text('country', 'Country.'),
  timeZone: text('time_zone', 'Rails time zone name, such as Arizona. Not an IANA name.'),
  keyword: text('keyword', 'Search keyword of the first visit.'),
  medium: text('medium', 'Marketing medium.'),
  facebook: text('facebook', 'Facebook handle.'),
  twitter: text('twitter', 'Twitter handle.'),
  linkedin: text('linkedin', 'LinkedIn handle.'),
  companyName,
  ownerId: ref('User', 'owner_id', 'Owner.'),
  stageId: ref('LeadStage', 'lead_stage_id', 'Stage.'),
  reasonId: ref('LeadReason', 'lead_reason_id', 'Reason for disqualification.'),
  leadSourceId: ref('LeadSource', 'lead_source_id', 'Source.'),
  campaignId: ref('Campaign', 'campaign_id', 'Campaign.'),
  territoryId: ref('Territory', 'territory_id', 'Territory.'),
  customFields,
};

const CreateLeadInput = recordInput('CreateLeadInput', writable, {
  description: 'Fields of a new lead. Classic only.',
});

export const UpdateLeadInput = recordInput('UpdateLeadInput', writable, {
  description: 'Fields of a lead to change. Omitted fields are left unchanged; null clears a field.',
});

const LeadIdentifier = identifier('Lead', {
  email: text('emails', 'One of the e-mail addresses.'),
  id: ref('Lead', 'id', 'The lead.'),
});

export const leadFacts: WriteFacts<LeadRecord> = {
  recordType: leadType,
  type: Lead,
  loader: loadLead,
  guard: onlyInClassic,
};

builder.mutationFields((t) => ({
  createLead: t.field(createMutation(leadFacts, CreateLeadInput, 'Creates a lead. Classic only.')),
  updateLead: t.field(updateMutation(leadFacts, UpdateLeadInput, 'Updates a lead. Classic only.')),
  upsertLead: t.field(
    upsertMutation(leadFacts, {
      by: LeadIdentifier,
      input: UpdateLeadInput,
      description: 'Updates the lead with this e-mail address or id, or creates one. Classic only.',
    }),
  ),
  cloneLead: t.field(cloneMutation(leadFacts, UpdateLeadInput, 'Copies a lead. Classic only.')),
  deleteLead: t.field(
    deleteMutation(leadFacts, 'Deletes a lead. It can be restored from the recycle bin. Classic only.'),
  ),
  forgetLead: t.field(forgetMutation(leadFacts, 'Permanently deletes a lead. Classic only.')),
}));

import { identifier, recordInput } from '../../mutations/record-input.ts';
import { customFields, type FieldContext, phone, ref, text, type Writable } from '../../mutations/writable.ts';
import { idField, recordFilter, textField, timeFields } from '../../schema/where.ts';

/** The company is nested in the lead (FACTS 10). */
const companyName: Writable<string> = {
  type: 'String',
  column: 'company',
  description: 'Company name.',
  write: (value, { draft }: FieldContext) => {
    draft.columns.company = { name: value };
  },
};

const writable = {
  firstName: text('first_name', 'First name.'),
  lastName: text('last_name', 'Last name.'),
  email: text('email', 'Primary e-mail address.'),
  jobTitle: text('job_title', 'Job title.'),
  department: text('department', 'Department.'),
  mobileNumber: phone('mobile_number', 'Mobile number. Freshsales stores its digits.'),
  workNumber: phone('work_number', 'Work phone number.'),
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

export const CreateLeadInput = recordInput('CreateLeadInput', writable, {
  description: 'Fields of a new lead. Classic only.',
});

export const UpdateLeadInput = recordInput('UpdateLeadInput', writable, {
  description: 'Fields of a lead to change. Omitted fields are left unchanged; null clears a field.',
});

export const LeadIdentifier = identifier('Lead', {
  email: text('emails', 'One of the e-mail addresses.'),
  id: ref('Lead', 'id', 'The lead.'),
});

export const LeadFilter = recordFilter('LeadFilter', {
  email: textField('lead_email.email', 'Any of the e-mail addresses.'),
  ownerId: idField('User', 'owner_id', 'Owner.'),
  ...timeFields,
});

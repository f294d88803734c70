import { identifier, recordInput } from '../../mutations/record-input.ts';
import { customFields, type FieldContext, ref, text, type Writable } from '../../mutations/writable.ts';
import { idField, recordFilter, textField, timeFields } from '../../schema/where.ts';
import { addressInputs, personInputs } from '../common-fields.ts';

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
  ...personInputs,
  ...addressInputs,
  email: text('email', 'Primary e-mail address.'),
  department: text('department', 'Department.'),
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

export const leadIdentifiers = {
  email: text('emails', 'One of the e-mail addresses.'),
  id: ref('Lead', 'id', 'The lead.'),
};

export const LeadIdentifier = identifier('Lead', leadIdentifiers);

export const LeadFilter = recordFilter('LeadFilter', {
  email: textField('lead_email.email', 'Any of the e-mail addresses.'),
  ownerId: idField('User', 'owner_id', 'Owner.'),
  ...timeFields,
});

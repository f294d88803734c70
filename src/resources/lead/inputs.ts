import { isObject } from '../../freshsales/json.ts';
import { identifier, recordInput } from '../../mutations/record-input.ts';
import { customFields, ref, text, type Writable } from '../../mutations/writable.ts';
import { idField, recordFilter, textField, timeFields } from '../../schema/typed-filter.ts';
import { addressInputs, personInputs } from '../common-fields.ts';

/** A value nested in an object of the lead, or of its conversion (FACTS 10). */
const inside = (column: 'company' | 'deal', key: string, type: 'String' | 'Decimal', description: string) =>
  ({
    type,
    column,
    description,
    write: (value, { draft }) => {
      const known = draft.columns[column];
      draft.columns[column] = { ...(isObject(known) ? known : {}), [key]: value };
    },
  }) satisfies Writable<string | number>;

const writable = {
  ...personInputs,
  ...addressInputs,
  email: text('email', 'Primary e-mail address.'),
  department: text('department', 'Department.'),
  companyName: inside('company', 'name', 'String', 'Company name.'),
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

export const ConvertLeadInput = recordInput(
  'ConvertLeadInput',
  {
    lastName: text('last_name', 'Last name of the contact.'),
    email: text('email', 'E-mail address of the contact.'),
    companyName: inside('company', 'name', 'String', 'Name of the new sales account.'),
    dealName: inside('deal', 'name', 'String', 'Name of the new deal.'),
    dealAmount: inside('deal', 'amount', 'Decimal', 'Amount of the new deal.'),
  },
  { description: 'Values for the records created from a lead. Omitted fields are taken from the lead.' },
);

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

import { stamp } from '../clock.ts';
import { columns, merged, phone, reference, text } from './cast.ts';
import { displayNameStep } from './contact.ts';
import { emailStep } from './contact-points.ts';
import { customFieldStep } from './custom-field.ts';
import type { Step } from './draft.ts';
import type { WriteRules } from './write-rules.ts';

/** A lead has a name, an address or a number. */
const named: Step = (draft) => {
  const columns = ['last_name', 'email', 'mobile_number'];
  if (draft.before && !columns.some((column) => column in draft.changes)) return;
  if (!columns.some((column) => draft.value(column))) draft.refuse("Last name can't be empty");
};

/** The stage is dated. */
const stage: Step = (draft) => {
  const { lead_stage_id } = draft.changes;
  if (lead_stage_id === undefined && draft.before) return;
  const [first] = draft.account.store.of('LeadStage').query();
  if (!draft.before) draft.set({ lead_stage_id: lead_stage_id ?? first?.id ?? null });
  draft.set({ stage_updated_time: stamp(draft.account.now(), draft.account.zone) });
};

export const leadRules: WriteRules = {
  columns: {
    ...columns('first_name last_name', text(255)),
    ...columns('job_title department address city state zipcode country time_zone keyword medium', text()),
    ...columns('facebook twitter linkedin', text()),
    ...columns('work_number mobile_number', phone),
    ...columns('company deal', merged),
    owner_id: reference('User'),
    lead_stage_id: reference('LeadStage'),
    lead_reason_id: reference('LeadReason'),
    lead_source_id: reference('LeadSource'),
    campaign_id: reference('Campaign'),
    territory_id: reference('Territory'),
  },
  steps: [emailStep, named, stage, displayNameStep, customFieldStep],
};

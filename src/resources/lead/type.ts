import { Campaign, LeadReason, LeadSource, LeadStage, Territory } from '../../lookups/contacts.ts';
import { builder } from '../../schema/builder.ts';
import { connectionType } from '../../schema/connection.ts';
import { withCustomFields } from '../../schema/fields.ts';
import { filterField, listField, recordField, viewsField } from '../../schema/list-fields.ts';
import { nodeType } from '../../schema/node.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { viewType } from '../../schema/views.ts';
import { appointments } from '../appointment/type.ts';
import { withAddress, withHistory, withLastContact, withPerson, withUsers } from '../common-fields.ts';
import { notes } from '../note/type.ts';
import { tasksOf } from '../task/type.ts';
import { LeadFilter } from './inputs.ts';
import { leadType } from './record.ts';

export const Lead = nodeType(
  leadType,
  'A person not yet qualified. Classic only; in the Suite, leads are contacts in the lifecycle stage Lead.',
);

withPerson(Lead);
withAddress(Lead);
withLastContact(Lead);
withHistory(Lead);
withUsers(Lead);
withCustomFields(Lead);

/** Freshsales does not sort leads. */
const leads = { type: Lead, connection: connectionType('Lead', Lead) };

builder.objectFields(Lead, (t) => ({
  department: t.exposeString('department', { description: 'Department.' }),
  mobileNumber: t.exposeString('mobile_number', { description: 'Mobile number.' }),
  doNotDisturb: t.exposeBoolean('do_not_disturb', { description: 'True if the lead asked not to be contacted.' }),
  hasAuthority: t.exposeBoolean('has_authority', { description: 'True if the lead has decision authority.' }),
  emailStatus: t.exposeString('email_status', { description: 'Status of the e-mail address.' }),
  leadQuality: t.exposeString('lead_quality', { description: 'Lead quality as a word.' }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'Time of the last stage change.' }),
  lastContactedViaChatAt: t.expose('last_contacted_via_chat', {
    type: 'DateTime',
    description: 'Time of last contact by chat.',
  }),
  companyName: t.string({
    description: 'Company name.',
    extensions: { freshsales: { columns: ['company'] } },
    resolve: ({ company }) => company?.name ?? null,
  }),
  company: t.expose('company', {
    type: 'JSON',
    description: 'Company as returned by Freshsales: name, address, size and so on.',
  }),
  deal: t.expose('deal', { type: 'JSON', description: 'Potential deal as returned by Freshsales.' }),
  stage: t.field(toOne(leadType, 'lead_stage', LeadStage, 'Stage.')),
  reason: t.field(toOne(leadType, 'lead_reason', LeadReason, 'Reason for disqualification.')),
  leadSource: t.field(toOne(leadType, 'source', LeadSource, 'Source.')),
  campaign: t.field(toOne(leadType, 'campaign', Campaign, 'Campaign.')),
  territory: t.field(toOne(leadType, 'territory', Territory, 'Territory.')),
  tasks: t.field(tasksOf(leadType)),
  appointments: t.field(toMany(leadType, 'appointments', appointments, 'Appointments.')),
  notes: t.field(toMany(leadType, 'notes', notes, 'Notes.')),
}));

const LeadView = viewType(leadType);

builder.queryFields((t) => ({
  lead: t.field(
    recordField(Lead, 'The lead with this id. Classic only; other accounts get an error with code NOT_AVAILABLE.'),
  ),
  leads: t.field(listField(leads, LeadFilter, 'Leads in a saved view, or those that match a filter. Classic only.')),
  leadViews: t.field(viewsField(leadType, LeadView)),
  filterLeads: t.field(filterField(leads, 'Leads that match all rules (filtered search). Classic only.')),
}));

import { Territory } from '../../lookups/accounts.ts';
import { Campaign, LeadReason, LeadSource, LeadStage } from '../../lookups/contacts.ts';
import { User, withTeam } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { connectionType } from '../../schema/connection.ts';
import {
  ContactEmail,
  ContactPhoneNumber,
  contactPoints,
  createdTime,
  idList,
  stringList,
  updatedTime,
  withCustomFields,
} from '../../schema/fields.ts';
import { nodeType } from '../../schema/node.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { allViews, byId, filtered, listed } from '../../schema/root.ts';
import { viewType } from '../../schema/views.ts';
import { appointments } from '../appointment/type.ts';
import { notes } from '../note/type.ts';
import { tasksOf } from '../task/type.ts';
import { LeadFilter } from './inputs.ts';
import { leadType } from './record.ts';

export const Lead = nodeType(
  leadType,
  'A person not yet qualified. Classic only; in the Suite, leads are contacts in the lifecycle stage Lead.',
);

builder.objectFields(Lead, (t) => ({
  companyName: t.string({
    description: 'Company name.',
    extensions: { freshsales: { columns: ['company'] } },
    resolve: ({ company }) => company?.name ?? null,
  }),
}));
withTeam(Lead);
withCustomFields(Lead);

/** Freshsales does not sort leads. */
const leads = { type: Lead, connection: connectionType('Lead', Lead) };

builder.objectFields(Lead, (t) => ({
  firstName: t.exposeString('first_name', { description: 'First name.' }),
  lastName: t.exposeString('last_name', { description: 'Last name.' }),
  displayName: t.exposeString('display_name', {
    description: 'First and last name, or the e-mail address if there is no name.',
  }),
  jobTitle: t.exposeString('job_title', { description: 'Job title.' }),
  department: t.exposeString('department', { description: 'Department.' }),
  email: t.exposeString('email', { description: 'Primary e-mail address.' }),
  mobileNumber: t.exposeString('mobile_number', { description: 'Mobile number.' }),
  workNumber: t.exposeString('work_number', { description: 'Work phone number.' }),
}));

builder.objectFields(Lead, (t) => ({
  address: t.exposeString('address', { description: 'Street address.' }),
  city: t.exposeString('city', { description: 'City.' }),
  state: t.exposeString('state', { description: 'State or region.' }),
  zipcode: t.exposeString('zipcode', { description: 'Postal code.' }),
  country: t.exposeString('country', { description: 'Country.' }),
  timeZone: t.exposeString('time_zone', { description: 'Rails time zone name, such as Arizona. Not an IANA name.' }),
  avatar: t.exposeString('avatar', { description: 'URL of the picture.' }),
  keyword: t.exposeString('keyword', { description: 'Search keyword of the first visit.' }),
  medium: t.exposeString('medium', { description: 'Marketing medium.' }),
  facebook: t.exposeString('facebook', { description: 'Facebook handle.' }),
  twitter: t.exposeString('twitter', { description: 'Twitter handle.' }),
  linkedin: t.exposeString('linkedin', { description: 'LinkedIn handle.' }),
  doNotDisturb: t.exposeBoolean('do_not_disturb', { description: 'True if the lead asked not to be contacted.' }),
  hasAuthority: t.exposeBoolean('has_authority', { description: 'True if the lead has decision authority.' }),
  emailStatus: t.exposeString('email_status', { description: 'Status of the e-mail address.' }),
  leadScore: t.exposeInt('lead_score', { description: 'Score calculated by Freshsales.' }),
  leadQuality: t.exposeString('lead_quality', { description: 'Lead quality as a word.' }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'Time of the last stage change.' }),
}));

builder.objectFields(Lead, (t) => ({
  lastSeenAt: t.expose('last_seen', { type: 'DateTime', description: 'Time of the last website visit.' }),
  lastContactedAt: t.expose('last_contacted', { type: 'DateTime', description: 'Time of last contact.' }),
  lastContactedMode: t.exposeString('last_contacted_mode', { description: 'Channel of the last contact.' }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'Sales activity type of the last contact.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'Time of last contact through a sales activity.',
  }),
  lastContactedViaChatAt: t.expose('last_contacted_via_chat', {
    type: 'DateTime',
    description: 'Time of last contact by chat.',
  }),
  lastAssignedAt: t.expose('last_assigned_at', {
    type: 'DateTime',
    description: 'Time of the last owner assignment.',
  }),
}));

builder.objectFields(Lead, (t) => ({
  recentNote: t.exposeString('recent_note', { description: 'Text of the latest note.' }),
  completedSalesSequences: t.stringList(stringList('completed_sales_sequences', 'Completed sales sequences.')),
  activeSalesSequences: t.stringList(stringList('active_sales_sequences', 'Active sales sequences.')),
  webFormIds: t.field(idList('web_form_ids', 'Ids of the web forms submitted.')),
  isDeleted: t.exposeBoolean('is_deleted', { description: 'True if the record is in the recycle bin.' }),
  company: t.expose('company', {
    type: 'JSON',
    description: 'Company as returned by Freshsales: name, address, size and so on.',
  }),
  deal: t.expose('deal', { type: 'JSON', description: 'Potential deal as returned by Freshsales.' }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
}));

builder.objectFields(Lead, (t) => ({
  tags: t.stringList(stringList('tags', 'Tags.')),
  emails: t.field({
    type: [ContactEmail],
    nullable: { list: false, items: false },
    description: 'All e-mail addresses.',
    extensions: { freshsales: { columns: ['emails'] } },
    resolve: ({ emails }) => contactPoints(emails),
  }),
  phoneNumbers: t.field({
    type: [ContactPhoneNumber],
    nullable: { list: false, items: false },
    description: 'Additional phone numbers, other than mobile and work.',
    extensions: { freshsales: { columns: ['phone_numbers'] } },
    resolve: ({ phone_numbers }) => contactPoints(phone_numbers),
  }),
}));

builder.objectFields(Lead, (t) => ({
  owner: t.field(toOne(leadType, 'owner', User, 'The user who owns the record.')),
  creator: t.field(toOne(leadType, 'creater', User, 'The user who created the record.')),
  updater: t.field(toOne(leadType, 'updater', User, 'The user who last updated the record.')),
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

const allLeads = listed(leads, LeadFilter, 'Leads in a saved view, or those that match a filter. Classic only.');

builder.queryFields((t) => ({
  lead: t.field(
    byId(Lead, 'The lead with this id. Classic only; other accounts get an error with code NOT_AVAILABLE.'),
  ),
  leads: t.field(allLeads),
  leadViews: t.field(allViews(leadType, LeadView)),
  filterLeads: t.field(filtered(leads, 'Leads that match all rules (filtered search). Classic only.')),
}));

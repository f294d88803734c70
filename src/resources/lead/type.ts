import { builder } from '../../graph/builder.ts';
import { connectionType } from '../../graph/connection.ts';
import { ContactEmail, ContactPhoneNumber, contactPoints } from '../../graph/contact-point.ts';
import { withCustomFields } from '../../graph/custom-fields.ts';
import { recordLoader } from '../../graph/loader.ts';
import { needsOf, selectionOf } from '../../graph/lookahead.ts';
import { onlyInClassic } from '../../graph/lookup.ts';
import { Node, registerNode, withIds } from '../../graph/node.ts';
import { stringList } from '../../graph/string-list.ts';
import { type LeadRecord, leadResource } from './resource.ts';

export const loadLead = recordLoader(leadResource, { column: 'email', attribute: 'lead_email.email' });

export const Lead = builder.objectRef<LeadRecord>('Lead');

Lead.implement({
  description:
    'Somebody not yet qualified. Freshsales Classic only; in the Suite a lead is a contact at the stage Lead.',
  interfaces: [Node],
  fields: (t) => ({
    companyName: t.string({
      description: 'The company they work for.',
      extensions: { freshsales: { columns: ['company'] } },
      resolve: ({ company }) => company?.name ?? null,
    }),
  }),
});
withIds(Lead);
registerNode('Lead', (context, id, info) => {
  onlyInClassic(context);
  return loadLead(context).load(id, needsOf(selectionOf(context, info), 'Lead', info));
});
withCustomFields(Lead);

export const LeadConnection = connectionType('Lead', Lead);

builder.objectFields(Lead, (t) => ({
  firstName: t.exposeString('first_name', { description: 'First name.' }),
  lastName: t.exposeString('last_name', { description: 'Last name.' }),
  displayName: t.exposeString('display_name', { description: 'First and last name, else the e-mail address.' }),
  jobTitle: t.exposeString('job_title', { description: 'What they do.' }),
  department: t.exposeString('department', { description: 'Where they work.' }),
  email: t.exposeString('email', { description: 'The e-mail address to use.' }),
  mobileNumber: t.exposeString('mobile_number', { description: 'Mobile telephone.' }),
  workNumber: t.exposeString('work_number', { description: 'Telephone at work.' }),
}));

builder.objectFields(Lead, (t) => ({
  address: t.exposeString('address', { description: 'Street and number.' }),
  city: t.exposeString('city', { description: 'City.' }),
  state: t.exposeString('state', { description: 'State or region.' }),
  zipcode: t.exposeString('zipcode', { description: 'Postal code.' }),
  country: t.exposeString('country', { description: 'Country.' }),
  timeZone: t.exposeString('time_zone', { description: 'A Rails zone name, such as Arizona; not an IANA one.' }),
  avatar: t.exposeString('avatar', { description: 'Where their picture is.' }),
  keyword: t.exposeString('keyword', { description: 'The search word they came by.' }),
  medium: t.exposeString('medium', { description: 'The medium they came by.' }),
  facebook: t.exposeString('facebook', { description: 'Facebook handle.' }),
  twitter: t.exposeString('twitter', { description: 'Twitter handle.' }),
  linkedin: t.exposeString('linkedin', { description: 'LinkedIn handle.' }),
  doNotDisturb: t.exposeBoolean('do_not_disturb', { description: 'Whether they asked to be left alone.' }),
  hasAuthority: t.exposeBoolean('has_authority', { description: 'Whether they decide.' }),
  emailStatus: t.exposeString('email_status', { description: 'Whether their e-mail address works.' }),
  leadScore: t.exposeInt('lead_score', { description: 'How promising they are, as Freshsales scores it.' }),
  leadQuality: t.exposeString('lead_quality', { description: 'How promising they are, in a word.' }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'When they came to their stage.' }),
}));

builder.objectFields(Lead, (t) => ({
  lastSeenAt: t.expose('last_seen', { type: 'DateTime', description: 'When they were last seen on the web site.' }),
  lastContactedAt: t.expose('last_contacted', { type: 'DateTime', description: 'When they were last contacted.' }),
  lastContactedMode: t.exposeString('last_contacted_mode', { description: 'How they were last contacted.' }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'By which kind of sales activity they were last contacted.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'When they were last contacted by a sales activity.',
  }),
  lastContactedViaChatAt: t.expose('last_contacted_via_chat', {
    type: 'DateTime',
    description: 'When they were last contacted by chat.',
  }),
  lastAssignedAt: t.expose('last_assigned_at', {
    type: 'DateTime',
    description: 'When they were last given to an owner.',
  }),
}));

builder.objectFields(Lead, (t) => ({
  recentNote: t.exposeString('recent_note', { description: 'The text of the latest note.' }),
  completedSalesSequences: t.exposeString('completed_sales_sequences', {
    description: 'Sales sequences they have been through.',
  }),
  activeSalesSequences: t.exposeString('active_sales_sequences', { description: 'Sales sequences they are in.' }),
  webFormIds: t.exposeString('web_form_ids', { description: 'The web forms they came by.' }),
  isDeleted: t.exposeBoolean('is_deleted', { description: 'Whether they are in the recycle bin.' }),
  teamUserIds: t.stringList(stringList('team_user_ids', 'The ids of the users who work on them beside the owner.')),
  company: t.expose('company', {
    type: 'JSON',
    description: 'The company they work for, as Freshsales sends it: name, address, size and so on.',
  }),
  deal: t.expose('deal', { type: 'JSON', description: 'The deal they may become, as Freshsales sends it.' }),
  createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When they were entered.' }),
  updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When they were last changed.' }),
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
    description: 'Further telephone numbers, beside the mobile one and the one at work.',
    extensions: { freshsales: { columns: ['phone_numbers'] } },
    resolve: ({ phone_numbers }) => contactPoints(phone_numbers),
  }),
}));

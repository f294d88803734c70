import { builder } from '../../graph/builder.ts';
import { connectionType } from '../../graph/connection.ts';
import { ContactEmail, ContactPhoneNumber, contactPoints } from '../../graph/contact-point.ts';
import { withCustomFields } from '../../graph/custom-fields.ts';
import { recordLoader } from '../../graph/loader.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { stringList } from '../../graph/string-list.ts';
import { type ContactRecord, contactResource } from './resource.ts';

export const loadContact = recordLoader(contactResource, { column: 'email', attribute: 'contact_email.email' });

export const Contact = builder.objectRef<ContactRecord>('Contact');

Contact.implement({
  description: 'A person the sales team deals with.',
  interfaces: [Node],
});
nodeType(Contact, loadContact);
withCustomFields(Contact);

export const ContactConnection = connectionType('Contact', Contact);

/** What a relation to several contacts leads to. */
export const contacts = { type: Contact, connection: ContactConnection, loader: loadContact };

builder.objectFields(Contact, (t) => ({
  firstName: t.exposeString('first_name', { description: 'First name.' }),
  lastName: t.exposeString('last_name', { description: 'Last name.' }),
  displayName: t.exposeString('display_name', { description: 'First and last name, else the e-mail address.' }),
  jobTitle: t.exposeString('job_title', { description: 'What they do.' }),
  email: t.exposeString('email', { description: 'The e-mail address to use.' }),
  mobileNumber: t.exposeString('mobile_number', { description: 'Mobile telephone.' }),
  workNumber: t.exposeString('work_number', { description: 'Telephone at work.' }),
  workEmail: t.exposeString('work_email', { description: 'E-mail address at work.' }),
}));

builder.objectFields(Contact, (t) => ({
  address: t.exposeString('address', { description: 'Street and number.' }),
  city: t.exposeString('city', { description: 'City.' }),
  state: t.exposeString('state', { description: 'State or region.' }),
  zipcode: t.exposeString('zipcode', { description: 'Postal code.' }),
  country: t.exposeString('country', { description: 'Country.' }),
  timeZone: t.exposeString('time_zone', { description: 'A Rails zone name, such as Arizona; not an IANA one.' }),
  locale: t.exposeString('locale', { description: 'Language.' }),
  avatar: t.exposeString('avatar', { description: 'Where their picture is.' }),
  facebook: t.exposeString('facebook', { description: 'Facebook handle.' }),
  twitter: t.exposeString('twitter', { description: 'Twitter handle.' }),
  linkedin: t.exposeString('linkedin', { description: 'LinkedIn handle.' }),
  externalId: t.exposeString('external_id', { description: 'The id another system knows them by.' }),
  recordTypeId: t.exposeString('record_type_id', {
    description: 'The id of the record type, where the account has several.',
  }),
  mcrId: t.exposeString('mcr_id', {
    description: 'The id of the person across Freshworks products: 19 digits, exact.',
  }),
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

builder.objectFields(Contact, (t) => ({
  leadScore: t.exposeInt('lead_score', { description: 'How promising they are, as Freshsales scores it.' }),
  customerFit: t.exposeInt('customer_fit', { description: 'How well they fit, from 0 to 5.' }),
  openDealsAmount: t.expose('open_deals_amount', {
    type: 'Decimal',
    description: 'The sum of their open deals, in the base currency.',
  }),
  openDealsCount: t.exposeInt('open_deals_count', { description: 'How many open deals they have.' }),
  wonDealsAmount: t.expose('won_deals_amount', {
    type: 'Decimal',
    description: 'The sum of their won deals, in the base currency.',
  }),
  wonDealsCount: t.exposeInt('won_deals_count', { description: 'How many won deals they have.' }),
}));

builder.objectFields(Contact, (t) => ({
  lastContactedAt: t.expose('last_contacted', { type: 'DateTime', description: 'When they were last contacted.' }),
  lastContactedMode: t.exposeString('last_contacted_mode', {
    description: 'How they were last contacted; the wording is Freshsales’ and changes.',
  }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'By which kind of sales activity they were last contacted.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'When they were last contacted by a sales activity.',
  }),
  lastContactedViaChatAt: t.expose('last_contacted_via_chat', {
    type: 'DateTime',
    description: 'When they were last contacted by chat. Classic only.',
  }),
  lastSeenAt: t.expose('last_seen', { type: 'DateTime', description: 'When they were last seen on the web site.' }),
  lastSeenChatAt: t.expose('last_seen_chat', {
    type: 'DateTime',
    description: 'When they were last seen in the chat.',
  }),
  firstSeenChatAt: t.expose('first_seen_chat', {
    type: 'DateTime',
    description: 'When they were first seen in the chat.',
  }),
  totalSessions: t.exposeInt('total_sessions', { description: 'How many chat sessions they had.' }),
  lastAssignedAt: t.expose('last_assigned_at', {
    type: 'DateTime',
    description: 'When they were last given to an owner.',
  }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'When their status last changed.' }),
  recentNote: t.exposeString('recent_note', { description: 'The text of the latest note.' }),
}));

builder.objectFields(Contact, (t) => ({
  completedSalesSequences: t.exposeString('completed_sales_sequences', {
    description: 'Sales sequences they have been through.',
  }),
  activeSalesSequences: t.exposeString('active_sales_sequences', { description: 'Sales sequences they are in.' }),
  webFormIds: t.exposeString('web_form_ids', { description: 'The web forms they came by.' }),
  lostReasonId: t.exposeString('lost_reason_id', {
    description: 'The id of the reason they were lost, where Freshsales sends it.',
  }),
}));

builder.objectFields(Contact, (t) => ({
  isDeleted: t.exposeBoolean('is_deleted', { description: 'Whether they are in the recycle bin.' }),
  hasDuplicates: t.exposeBoolean('has_duplicates', {
    description: 'Whether Freshsales suspects duplicates. Not sent everywhere.',
  }),
  hasConnections: t.exposeBoolean('has_connections', {
    description: 'Whether colleagues know them. Not sent everywhere.',
  }),
  duplicatesSearchedToday: t.exposeBoolean('duplicates_searched_today', {
    description: 'Whether duplicates were looked for today. Not sent everywhere.',
  }),
  connectionsSearchedToday: t.exposeBoolean('connections_searched_today', {
    description: 'Whether connections were looked for today. Not sent everywhere.',
  }),
  teamUserIds: t.stringList(stringList('team_user_ids', 'The ids of the users who work on them beside the owner.')),
  createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When they were entered.' }),
  updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When they were last changed.' }),
  tags: t.stringList(stringList('tags', 'Tags.')),
  systemTags: t.stringList(stringList('system_tags', 'Tags that Freshsales has set by itself.')),
}));

builder.objectFields(Contact, (t) => ({
  keyword: t.exposeString('keyword', { description: 'The search word they came by.' }),
  medium: t.exposeString('medium', { description: 'The medium they came by.' }),
  subscriptionStatus: t.exposeInt('subscription_status', {
    description: '0 unsubscribed, 1 subscribed, 2 not subscribed, 3 reported as spam, 4 bounced.',
  }),
  subscriptionTypes: t.exposeString('subscription_types', {
    description: 'What they subscribed to: ids joined with “;”, in no order.',
  }),
  unsubscriptionReason: t.exposeString('unsubscription_reason', { description: 'Why they unsubscribed.' }),
  otherUnsubscriptionReason: t.exposeString('other_unsubscription_reason', {
    description: 'Why they unsubscribed, in their words.',
  }),
  whatsappSubscriptionStatus: t.exposeInt('whatsapp_subscription_status', {
    description: 'As subscriptionStatus, for WhatsApp.',
  }),
  smsSubscriptionStatus: t.exposeInt('sms_subscription_status', {
    description: 'As subscriptionStatus, for text messages.',
  }),
}));

builder.objectFields(Contact, (t) => ({
  firstCampaign: t.exposeString('first_campaign', { description: 'The campaign of their first visit.' }),
  firstMedium: t.exposeString('first_medium', { description: 'The medium of their first visit.' }),
  firstSource: t.exposeString('first_source', { description: 'The source of their first visit.' }),
  lastCampaign: t.exposeString('last_campaign', { description: 'The campaign of the visit that made them known.' }),
  lastMedium: t.exposeString('last_medium', { description: 'The medium of the visit that made them known.' }),
  lastSource: t.exposeString('last_source', { description: 'The source of the visit that made them known.' }),
  latestCampaign: t.exposeString('latest_campaign', { description: 'The campaign of their latest visit.' }),
  latestMedium: t.exposeString('latest_medium', { description: 'The medium of their latest visit.' }),
  latestSource: t.exposeString('latest_source', { description: 'The source of their latest visit.' }),
}));

builder.objectFields(Contact, (t) => ({
  doNotDisturb: t.exposeBoolean('do_not_disturb', {
    description: 'Whether they asked to be left alone. Classic only.',
  }),
  hasAuthority: t.exposeBoolean('has_authority', { description: 'Whether they decide. Classic only.' }),
  department: t.exposeString('department', { description: 'Where they work. Classic only.' }),
  leadQuality: t.exposeString('lead_quality', { description: 'How promising they are, in a word. Classic only.' }),
  emailStatus: t.exposeString('email_status', { description: 'Whether their e-mail address works. Classic only.' }),
}));

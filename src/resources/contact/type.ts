import { User, withTeam } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { recordList } from '../../schema/connection.ts';
import {
  ContactEmail,
  ContactPhoneNumber,
  choiceField,
  contactPoints,
  createdTime,
  idList,
  stringList,
  updatedTime,
  withCustomFields,
} from '../../schema/fields.ts';
import { nodeType } from '../../schema/node.ts';
import { allViews, byId, filtered, listed, ofView, ownedBy } from '../../schema/root.ts';
import { viewType } from '../../schema/views.ts';
import { ContactFilter, SUBSCRIPTION_TYPES, SubscriptionStatus, UNSUBSCRIPTION_REASON } from './inputs.ts';
import { contactType } from './record.ts';

export const Contact = nodeType(contactType, 'A person the sales team is in contact with.');
withTeam(Contact);
withCustomFields(Contact);

/** Lists of contacts. */
export const contacts = recordList(Contact, {
  description: 'Fields that contacts can be sorted by.',
  values: {
    LEAD_SCORE: { value: 'lead_score', description: 'Contact score.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
    OPEN_DEALS_AMOUNT: { value: 'open_deals_amount', description: 'Total amount of open deals.' },
    LAST_CONTACTED: { value: 'last_contacted', description: 'Time of last contact.' },
  },
});

builder.objectFields(Contact, (t) => ({
  firstName: t.exposeString('first_name', { description: 'First name.' }),
  lastName: t.exposeString('last_name', { description: 'Last name.' }),
  displayName: t.exposeString('display_name', {
    description: 'First and last name, or the e-mail address if there is no name.',
  }),
  jobTitle: t.exposeString('job_title', { description: 'Job title.' }),
  email: t.exposeString('email', { description: 'Primary e-mail address.' }),
  mobileNumber: t.exposeString('mobile_number', {
    description: 'Mobile number. Freshsales stores its digits, without punctuation.',
  }),
  workNumber: t.exposeString('work_number', { description: 'Work phone number.' }),
  workEmail: t.exposeString('work_email', { description: 'Work e-mail address.' }),
}));

builder.objectFields(Contact, (t) => ({
  address: t.exposeString('address', { description: 'Street address.' }),
  city: t.exposeString('city', { description: 'City.' }),
  state: t.exposeString('state', { description: 'State or region.' }),
  zipcode: t.exposeString('zipcode', { description: 'Postal code.' }),
  country: t.exposeString('country', { description: 'Country.' }),
  timeZone: t.exposeString('time_zone', { description: 'Rails time zone name, such as Arizona. Not an IANA name.' }),
  locale: t.exposeString('locale', { description: 'Language.' }),
  avatar: t.exposeString('avatar', { description: 'URL of the picture.' }),
  facebook: t.exposeString('facebook', { description: 'Facebook handle.' }),
  twitter: t.exposeString('twitter', { description: 'Twitter handle.' }),
  linkedin: t.exposeString('linkedin', { description: 'LinkedIn handle.' }),
  externalId: t.exposeString('external_id', { description: 'Id of the contact in an external system.' }),
  recordTypeId: t.exposeID('record_type_id', {
    description: 'Id of the record type, if the account uses several.',
  }),
  mcrId: t.exposeID('mcr_id', {
    description: 'Id of the person across Freshworks products. 19 digits, exact.',
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
    description: 'Additional phone numbers, other than mobile and work.',
    extensions: { freshsales: { columns: ['phone_numbers'] } },
    resolve: ({ phone_numbers }) => contactPoints(phone_numbers),
  }),
}));

builder.objectFields(Contact, (t) => ({
  leadScore: t.exposeInt('lead_score', { description: 'Score calculated by Freshsales.' }),
  customerFit: t.exposeInt('customer_fit', { description: 'Customer fit, from 0 to 5.' }),
  openDealsAmount: t.expose('open_deals_amount', {
    type: 'Decimal',
    description: 'Total amount of open deals, in the base currency.',
  }),
  openDealsCount: t.exposeInt('open_deals_count', { description: 'Number of open deals.' }),
  wonDealsAmount: t.expose('won_deals_amount', {
    type: 'Decimal',
    description: 'Total amount of won deals, in the base currency.',
  }),
  wonDealsCount: t.exposeInt('won_deals_count', { description: 'Number of won deals.' }),
}));

builder.objectFields(Contact, (t) => ({
  lastContactedAt: t.expose('last_contacted', { type: 'DateTime', description: 'Time of last contact.' }),
  lastContactedMode: t.exposeString('last_contacted_mode', {
    description: 'Channel of the last contact. The wording comes from Freshsales and varies.',
  }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'Sales activity type of the last contact.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'Time of last contact through a sales activity.',
  }),
  lastContactedViaChatAt: t.expose('last_contacted_via_chat', {
    type: 'DateTime',
    description: 'Time of last contact by chat. Classic only.',
  }),
  lastSeenAt: t.expose('last_seen', { type: 'DateTime', description: 'Time of the last website visit.' }),
  lastSeenChatAt: t.expose('last_seen_chat', {
    type: 'DateTime',
    description: 'Time of the last chat visit.',
  }),
  firstSeenChatAt: t.expose('first_seen_chat', {
    type: 'DateTime',
    description: 'Time of the first chat visit.',
  }),
  totalSessions: t.exposeInt('total_sessions', { description: 'Number of chat sessions.' }),
  lastAssignedAt: t.expose('last_assigned_at', {
    type: 'DateTime',
    description: 'Time of the last owner assignment.',
  }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'Time of the last status change.' }),
  recentNote: t.exposeString('recent_note', { description: 'Text of the latest note.' }),
}));

builder.objectFields(Contact, (t) => ({
  completedSalesSequences: t.stringList(stringList('completed_sales_sequences', 'Completed sales sequences.')),
  activeSalesSequences: t.stringList(stringList('active_sales_sequences', 'Active sales sequences.')),
  webFormIds: t.field(idList('web_form_ids', 'Ids of the web forms submitted.')),
  lostReasonId: t.exposeID('lost_reason_id', {
    description: 'Id of the lost reason, if Freshsales sends it.',
  }),
}));

builder.objectFields(Contact, (t) => ({
  isDeleted: t.exposeBoolean('is_deleted', { description: 'True if the record is in the recycle bin.' }),
  hasDuplicates: t.exposeBoolean('has_duplicates', {
    description: 'True if Freshsales suspects duplicates. Not sent by every endpoint.',
  }),
  hasConnections: t.exposeBoolean('has_connections', {
    description: 'True if colleagues are connected to the contact. Not sent by every endpoint.',
  }),
  duplicatesSearchedToday: t.exposeBoolean('duplicates_searched_today', {
    description: 'True if duplicates were searched for today. Not sent by every endpoint.',
  }),
  connectionsSearchedToday: t.exposeBoolean('connections_searched_today', {
    description: 'True if connections were searched for today. Not sent by every endpoint.',
  }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
  tags: t.stringList(stringList('tags', 'Tags.')),
  systemTags: t.stringList({ ...stringList('system_tags', 'Tags set by Freshsales. Suite only.'), nullable: true }),
}));

builder.objectFields(Contact, (t) => ({
  keyword: t.exposeString('keyword', { description: 'Search keyword of the first visit.' }),
  medium: t.exposeString('medium', { description: 'Marketing medium.' }),
  subscriptionStatus: t.field(choiceField(SubscriptionStatus, 'subscription_status', 'E-mail subscription status.')),
  // Null in Classic, which has none.
  subscriptionTypes: t.field({
    ...idList('subscription_types', `${SUBSCRIPTION_TYPES} In no particular order.`),
    nullable: true,
  }),
  unsubscriptionReason: t.exposeID('unsubscription_reason', { description: UNSUBSCRIPTION_REASON }),
  otherUnsubscriptionReason: t.exposeString('other_unsubscription_reason', {
    description: 'Unsubscription reason, in the contact’s own words.',
  }),
  whatsappSubscriptionStatus: t.field(
    choiceField(SubscriptionStatus, 'whatsapp_subscription_status', 'WhatsApp subscription status.'),
  ),
  smsSubscriptionStatus: t.field(
    choiceField(SubscriptionStatus, 'sms_subscription_status', 'SMS subscription status.'),
  ),
}));

builder.objectFields(Contact, (t) => ({
  firstCampaign: t.exposeString('first_campaign', { description: 'Campaign of the first visit.' }),
  firstMedium: t.exposeString('first_medium', { description: 'Medium of the first visit.' }),
  firstSource: t.exposeString('first_source', { description: 'Source of the first visit.' }),
  lastCampaign: t.exposeString('last_campaign', { description: 'Campaign of the visit that identified the contact.' }),
  lastMedium: t.exposeString('last_medium', { description: 'Medium of the visit that identified the contact.' }),
  lastSource: t.exposeString('last_source', { description: 'Source of the visit that identified the contact.' }),
  latestCampaign: t.exposeString('latest_campaign', { description: 'Campaign of the latest visit.' }),
  latestMedium: t.exposeString('latest_medium', { description: 'Medium of the latest visit.' }),
  latestSource: t.exposeString('latest_source', { description: 'Source of the latest visit.' }),
}));

builder.objectFields(Contact, (t) => ({
  doNotDisturb: t.exposeBoolean('do_not_disturb', {
    description: 'True if the contact asked not to be contacted. Classic only.',
  }),
  hasAuthority: t.exposeBoolean('has_authority', {
    description: 'True if the contact has decision authority. Classic only.',
  }),
  department: t.exposeString('department', { description: 'Department. Classic only.' }),
  leadQuality: t.exposeString('lead_quality', { description: 'Lead quality as a word. Classic only.' }),
  emailStatus: t.exposeString('email_status', { description: 'Status of the e-mail address. Classic only.' }),
}));

builder.objectField(User, 'contacts', (t) => t.field(ownedBy(contacts, 'Contacts that the user owns.')));

const ContactView = viewType(contactType);

builder.objectField(ContactView, 'contacts', (t) => t.field(ofView(contacts, 'The contacts in the view.')));

builder.queryFields((t) => ({
  contact: t.field(byId(Contact, 'The contact with this id.')),
  contacts: t.field(listed(contacts, ContactFilter, 'Contacts in a saved view, or those that match a filter.')),
  contactViews: t.field(allViews(contactType, ContactView)),
  filterContacts: t.field(filtered(contacts, 'Contacts that match all rules (filtered search).')),
}));

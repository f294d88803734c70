import { User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { recordList } from '../../schema/connection.ts';
import { choiceField, idList, stringList, withCustomFields } from '../../schema/fields.ts';
import {
  filterField,
  listField,
  ownedField,
  recordField,
  viewRecordsField,
  viewsField,
} from '../../schema/list-fields.ts';
import { nodeType } from '../../schema/node.ts';
import { viewType } from '../../schema/views.ts';
import { withAddress, withDealSums, withHistory, withLastContact, withPerson, withUsers } from '../common-fields.ts';
import { ContactFilter, SUBSCRIPTION_TYPES, SubscriptionStatus, UNSUBSCRIPTION_REASON } from './inputs.ts';
import { contactType } from './record.ts';

export const Contact = nodeType(contactType, 'A person the sales team is in contact with.');
withPerson(Contact);
withAddress(Contact);
withDealSums(Contact);
withLastContact(Contact);
withHistory(Contact);
withUsers(Contact);
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
  mobileNumber: t.exposeString('mobile_number', {
    description: 'Mobile number. Freshsales stores its digits, without punctuation.',
  }),
  workEmail: t.exposeString('work_email', { description: 'Work e-mail address.' }),
  locale: t.exposeString('locale', { description: 'Language.' }),
  externalId: t.exposeString('external_id', { description: 'Id of the contact in an external system.' }),
  recordTypeId: t.exposeID('record_type_id', {
    description: 'Id of the record type, if the account uses several.',
  }),
  mcrId: t.exposeID('mcr_id', {
    description: 'Id of the person across Freshworks products. 19 digits, exact.',
  }),
  customerFit: t.exposeInt('customer_fit', { description: 'Customer fit, from 0 to 5.' }),
  lastContactedViaChatAt: t.expose('last_contacted_via_chat', {
    type: 'DateTime',
    description: 'Time of last contact by chat. Classic only.',
  }),
  lastSeenChatAt: t.expose('last_seen_chat', {
    type: 'DateTime',
    description: 'Time of the last chat visit.',
  }),
  firstSeenChatAt: t.expose('first_seen_chat', {
    type: 'DateTime',
    description: 'Time of the first chat visit.',
  }),
  totalSessions: t.exposeInt('total_sessions', { description: 'Number of chat sessions.' }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'Time of the last status change.' }),
  lostReasonId: t.exposeID('lost_reason_id', {
    description: 'Id of the lost reason, if Freshsales sends it.',
  }),
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
  systemTags: t.stringList({ ...stringList('system_tags', 'Tags set by Freshsales. Suite only.'), nullable: true }),
}));

builder.objectFields(Contact, (t) => ({
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
  firstCampaign: t.exposeString('first_campaign', { description: 'Campaign of the first visit.' }),
  firstMedium: t.exposeString('first_medium', { description: 'Medium of the first visit.' }),
  firstSource: t.exposeString('first_source', { description: 'Source of the first visit.' }),
  lastCampaign: t.exposeString('last_campaign', { description: 'Campaign of the visit that identified the contact.' }),
  lastMedium: t.exposeString('last_medium', { description: 'Medium of the visit that identified the contact.' }),
  lastSource: t.exposeString('last_source', { description: 'Source of the visit that identified the contact.' }),
  latestCampaign: t.exposeString('latest_campaign', { description: 'Campaign of the latest visit.' }),
  latestMedium: t.exposeString('latest_medium', { description: 'Medium of the latest visit.' }),
  latestSource: t.exposeString('latest_source', { description: 'Source of the latest visit.' }),
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

builder.objectField(User, 'contacts', (t) => t.field(ownedField(contacts, 'Contacts that the user owns.')));

const ContactView = viewType(contactType);

builder.objectField(ContactView, 'contacts', (t) => t.field(viewRecordsField(contacts, 'The contacts in the view.')));

builder.queryFields((t) => ({
  contact: t.field(recordField(Contact, 'The contact with this id.')),
  contacts: t.field(listField(contacts, ContactFilter, 'Contacts in a saved view, or those that match a filter.')),
  contactViews: t.field(viewsField(contactType, ContactView)),
  filterContacts: t.field(filterField(contacts, 'Contacts that match all rules (filtered search).')),
}));

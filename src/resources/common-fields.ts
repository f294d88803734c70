import type { ObjectRef } from '@pothos/core';
import { isRecordId } from '../freshsales/answer.ts';
import type { Identified } from '../freshsales/resource.ts';
import { toList } from '../freshsales/values.ts';
import { User } from '../lookups/users.ts';
import { phone, text } from '../mutations/writable.ts';
import { toGid } from '../records/gid.ts';
import type { RecordType } from '../records/record-type.ts';
import { builder, type Types } from '../schema/builder.ts';
import {
  ContactEmail,
  ContactPhoneNumber,
  contactPoints,
  createdTime,
  idList,
  stringList,
  updatedTime,
} from '../schema/fields.ts';
import { loadAllRelated, type NodeType } from '../schema/node.ts';
import { toOne } from '../schema/relation.ts';
import type { ContactRecord } from './contact/record.ts';
import type { LeadRecord } from './lead/record.ts';

// Fields of several record types that have the same columns, with the same meaning.

/** A type whose rows have these columns of a contact. */
type With<Column extends keyof ContactRecord> = ObjectRef<Types, Pick<ContactRecord, Column>>;

/** A type whose rows have these columns of a lead. More of them may be null than of a contact. */
type WithOfLead<Column extends keyof LeadRecord> = ObjectRef<Types, Pick<LeadRecord, Column>>;

/** Name, e-mail addresses and phone numbers of a person. */
export function withPerson(
  ref: WithOfLead<
    | ('first_name' | 'last_name' | 'display_name' | 'job_title' | 'email' | 'emails' | 'work_number' | 'phone_numbers')
    | ('time_zone' | 'lead_score' | 'last_seen' | 'keyword' | 'medium')
  >,
): void {
  builder.objectFields(ref, (t) => ({
    firstName: t.exposeString('first_name', { description: 'First name.' }),
    lastName: t.exposeString('last_name', { description: 'Last name.' }),
    displayName: t.exposeString('display_name', {
      description: 'First and last name, or the e-mail address if there is no name.',
    }),
    jobTitle: t.exposeString('job_title', { description: 'Job title.' }),
    email: t.exposeString('email', { description: 'Primary e-mail address.' }),
    emails: t.field({
      type: [ContactEmail],
      nullable: { list: false, items: false },
      description: 'All e-mail addresses.',
      extensions: { freshsales: { columns: ['emails'] } },
      resolve: ({ emails }) => contactPoints(emails),
    }),
    workNumber: t.exposeString('work_number', { description: 'Work phone number.' }),
    phoneNumbers: t.field({
      type: [ContactPhoneNumber],
      nullable: { list: false, items: false },
      description: 'Additional phone numbers, other than mobile and work.',
      extensions: { freshsales: { columns: ['phone_numbers'] } },
      resolve: ({ phone_numbers }) => contactPoints(phone_numbers),
    }),
    timeZone: t.exposeString('time_zone', { description: 'Rails time zone name, such as Arizona. Not an IANA name.' }),
    leadScore: t.exposeInt('lead_score', { description: 'Score calculated by Freshsales.' }),
    lastSeenAt: t.expose('last_seen', { type: 'DateTime', description: 'Time of the last website visit.' }),
    keyword: t.exposeString('keyword', { description: 'Search keyword of the first visit.' }),
    medium: t.exposeString('medium', { description: 'Marketing medium.' }),
  }));
}

/** Street address, picture and social media handles. */
export function withAddress(
  ref: With<'address' | 'city' | 'state' | 'zipcode' | 'country' | 'avatar' | 'facebook' | 'twitter' | 'linkedin'>,
): void {
  builder.objectFields(ref, (t) => ({
    address: t.exposeString('address', { description: 'Street address.' }),
    city: t.exposeString('city', { description: 'City.' }),
    state: t.exposeString('state', { description: 'State or region.' }),
    zipcode: t.exposeString('zipcode', { description: 'Postal code.' }),
    country: t.exposeString('country', { description: 'Country.' }),
    avatar: t.exposeString('avatar', { description: 'URL of the picture.' }),
    facebook: t.exposeString('facebook', { description: 'Facebook handle.' }),
    twitter: t.exposeString('twitter', { description: 'Twitter handle.' }),
    linkedin: t.exposeString('linkedin', { description: 'LinkedIn handle.' }),
  }));
}

/** Sums over the deals of a contact or sales account. */
export function withDealSums(
  ref: With<'open_deals_amount' | 'open_deals_count' | 'won_deals_amount' | 'won_deals_count'>,
): void {
  builder.objectFields(ref, (t) => ({
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
}

/** Time and channel of the last contact, and the forms that led to it. */
export function withLastContact(
  ref: With<
    | ('last_contacted' | 'last_contacted_mode' | 'last_contacted_sales_activity_mode')
    | ('last_contacted_via_sales_activity' | 'web_form_ids')
  >,
): void {
  builder.objectFields(ref, (t) => ({
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
    webFormIds: t.field(idList('web_form_ids', 'Ids of the web forms submitted.')),
  }));
}

/** The columns that Freshsales keeps of every contact, sales account, deal and lead. */
export function withHistory(
  ref: WithOfLead<
    | ('recent_note' | 'completed_sales_sequences' | 'active_sales_sequences' | 'last_assigned_at')
    | ('is_deleted' | 'created_at' | 'updated_at' | 'tags')
  >,
): void {
  builder.objectFields(ref, (t) => ({
    recentNote: t.exposeString('recent_note', { description: 'Text of the latest note.' }),
    completedSalesSequences: t.stringList(stringList('completed_sales_sequences', 'Completed sales sequences.')),
    activeSalesSequences: t.stringList(stringList('active_sales_sequences', 'Active sales sequences.')),
    lastAssignedAt: t.expose('last_assigned_at', {
      type: 'DateTime',
      description: 'Time of the last owner assignment.',
    }),
    isDeleted: t.exposeBoolean('is_deleted', { description: 'True if the record is in the recycle bin.' }),
    createdAt: t.expose('created_at', createdTime),
    updatedAt: t.expose('updated_at', updatedTime),
    tags: t.stringList(stringList('tags', 'Tags.')),
  }));
}

/** The users who own, created and last updated a record, and its team. */
export function withUsers<R extends Identified & Pick<ContactRecord, 'team_user_ids'>>(
  type: NodeType<R, RecordType<R, 'owner' | 'creater' | 'updater'>>,
): void {
  const { table } = type;
  const team = { freshsales: { columns: ['team_user_ids'] } };
  builder.objectFields(type, (t) => ({
    owner: t.field(toOne(table, 'owner', User, 'The user who owns the record.')),
    creator: t.field(toOne(table, 'creater', User, 'The user who created the record.')),
    updater: t.field(toOne(table, 'updater', User, 'The user who last updated the record.')),
    teamUserIds: t.idList({
      nullable: { list: false, items: false },
      description: 'Global ids of the other users on the team, in addition to the owner.',
      extensions: team,
      resolve: ({ team_user_ids }) =>
        toList(team_user_ids)
          .filter(isRecordId)
          .map((id) => toGid(User.name, id)),
    }),
    teamUsers: t.field({
      type: [User],
      semanticNonNull: true,
      description:
        'The other users on the team, in addition to the owner. Costs one call for the owners of the account; cached for an hour.',
      extensions: team,
      resolve: ({ team_user_ids }, _args, context, info) => loadAllRelated(context, info, User, toList(team_user_ids)),
    }),
  }));
}

/** The columns of a person that can be written. */
export const personInputs = {
  firstName: text('first_name', 'First name.'),
  lastName: text('last_name', 'Last name.'),
  jobTitle: text('job_title', 'Job title.'),
  mobileNumber: phone('mobile_number', 'Mobile number. Freshsales stores its digits.'),
  workNumber: phone('work_number', 'Work phone number.'),
  timeZone: text('time_zone', 'Rails time zone name, such as Arizona. Not an IANA name.'),
  keyword: text('keyword', 'Search keyword of the first visit.'),
  medium: text('medium', 'Marketing medium.'),
};

/** The columns of an address that can be written. */
export const addressInputs = {
  address: text('address', 'Street address.'),
  city: text('city', 'City.'),
  state: text('state', 'State or region.'),
  zipcode: text('zipcode', 'Postal code.'),
  country: text('country', 'Country.'),
  facebook: text('facebook', 'Facebook handle.'),
  twitter: text('twitter', 'Twitter handle.'),
  linkedin: text('linkedin', 'LinkedIn handle.'),
};

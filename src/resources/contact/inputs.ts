import { toWireId } from '../../freshsales/writes.ts';
import { identifier, recordInput } from '../../mutations/record-input.ts';
import { refersTo } from '../../mutations/refers-to.ts';
import { tagChanges } from '../../mutations/tags.ts';
import {
  choice,
  customFields,
  type FieldContext,
  idAt,
  joinedIds,
  moment,
  plainId,
  ref,
  refs,
  shaped,
  text,
  texts,
  type Writable,
} from '../../mutations/writable.ts';
import { builder } from '../../schema/builder.ts';
import { idField, recordFilter, textField, timeFields } from '../../schema/typed-filter.ts';
import { addressInputs, personInputs } from '../common-fields.ts';

interface PointInput {
  readonly value: string;
  readonly isPrimary?: boolean | null | undefined;
  readonly label?: string | null | undefined;
}

const pointInput = (name: string, what: string) =>
  builder.inputRef<PointInput>(name).implement({
    description: `One of several ${what}.`,
    fields: (t) => ({
      value: t.string({ required: true, description: 'The address or number.' }),
      isPrimary: t.boolean({ description: 'True for the primary one. At most one may be primary.' }),
      label: t.string({ description: 'Label.' }),
    }),
  });

const ContactEmailInput = pointInput('ContactEmailInput', 'e-mail addresses');
const ContactPhoneNumberInput = pointInput('ContactPhoneNumberInput', 'phone numbers');

interface AccountLink {
  readonly id: string;
  readonly isPrimary: boolean;
}

const ContactSalesAccountInput = builder.inputRef<AccountLink>('ContactSalesAccountInput').implement({
  description: 'A sales account of a contact.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description: 'Freshsales id or global id of the sales account.',
      ...refersTo('SalesAccount'),
    }),
    isPrimary: t.boolean({
      required: true,
      defaultValue: false,
      description: 'True for the primary account. Exactly one must be primary.',
    }),
  }),
});

/** Addresses and numbers are sent as objects, one of them primary (FACTS 7). */
function writePoints(points: readonly PointInput[], { path, draft }: FieldContext): unknown {
  const primary = points.filter(({ isPrimary }) => isPrimary === true).length;
  if (primary > 1) draft.refuse(path, `At most one may be isPrimary, but ${primary} are.`);
  points.forEach(({ value }, index) => {
    if (value.trim() === '') draft.refuse([...path, String(index), 'value'], '“value” must not be empty.', 'REQUIRED');
  });
  return points.map(({ value, isPrimary, label }, index) => ({
    value,
    is_primary: primary === 0 ? index === 0 : isPrimary === true,
    ...(label !== undefined && { label }),
  }));
}

/** Limit from the support article; the API reference says 10 (QUIRKS 47). */
export const MAX_ACCOUNTS = 25;

/** Replaces the whole set. Exactly one must be primary (QUIRKS 46). */
function writeAccounts(links: readonly AccountLink[], { path, draft }: FieldContext): unknown {
  const ids = links.map(({ id }, index) => idAt('SalesAccount', id, { path: [...path, String(index), 'id'], draft }));
  const primary = links.filter(({ isPrimary }) => isPrimary).length;
  if (links.length > 0 && primary !== 1)
    draft.refuse(path, `Mark exactly one account as isPrimary. ${primary} of ${links.length} are marked.`);
  if (links.length > MAX_ACCOUNTS)
    draft.refuse(path, `A contact can have at most ${MAX_ACCOUNTS} accounts, but ${links.length} are given.`);
  if (new Set(ids).size < ids.length) draft.refuse(path, 'The same account is given twice.');
  return links.map(({ isPrimary }, index) => ({ id: toWireId(ids[index] ?? ''), is_primary: isPrimary }));
}

const person = {
  ...personInputs,
  ...addressInputs,
  email: text(
    'email',
    'Primary e-mail address. Most accounts require one, and it must be unique among contacts. Cannot be combined with emails.',
  ),
  emails: shaped(
    [ContactEmailInput],
    {
      column: 'emails',
      description:
        'E-mail addresses. The first is primary unless another is marked. Removing an address by omitting it is not known to work in Freshsales.',
    },
    writePoints,
  ),
  phoneNumbers: shaped(
    [ContactPhoneNumberInput],
    { column: 'phone_numbers', description: 'Additional phone numbers.' },
    writePoints,
  ),
  workEmail: text('work_email', 'Work e-mail address.'),
  locale: text('locale', 'Language.'),
  externalId: text('external_id', 'Id of the contact in an external system.'),
};

const assignment = {
  ownerId: ref('User', 'owner_id', 'Owner.'),
  lifecycleStageId: ref('LifecycleStage', 'lifecycle_stage_id', 'Lifecycle stage. Set statusId as well.'),
  statusId: ref(
    'ContactStatus',
    'contact_status_id',
    'Status within the lifecycle stage. Setting it also sets the stage.',
  ),
  leadSourceId: ref('LeadSource', 'lead_source_id', 'Source.'),
  campaignId: ref('Campaign', 'campaign_id', 'Campaign.'),
  territoryId: ref('Territory', 'territory_id', 'Territory.'),
  lostReasonId: plainId('lost_reason_id', 'Id of the lost reason.'),
  teamUserIds: refs(
    'User',
    'team_user_ids',
    'Other users on the team, in addition to the owner. Replaces the whole set.',
  ),
  salesAccounts: shaped(
    [ContactSalesAccountInput],
    {
      column: 'sales_accounts',
      empty: [],
      description:
        'Sales accounts of the contact. Replaces the whole set; omitted accounts are unlinked. At most 25, exactly one of them primary.',
    },
    writeAccounts,
  ),
  tags: texts('tags', 'Tags. Replaces the whole set.'),
  customFields,
};

export const SubscriptionStatus = builder.enumType('SubscriptionStatus', {
  description: 'Status of a subscription to e-mails, WhatsApp messages or text messages.',
  values: {
    UNSUBSCRIBED: { value: 0, description: 'Unsubscribed.' },
    SUBSCRIBED: { value: 1, description: 'Subscribed.' },
    NOT_SUBSCRIBED: { value: 2, description: 'Never subscribed.' },
    REPORTED_AS_SPAM: { value: 3, description: 'Reported a message as spam. E-mail only.' },
    BOUNCED: { value: 4, description: 'Messages to the address bounced. E-mail only.' },
  } as const,
});

export const SUBSCRIPTION_TYPES =
  'Ids of the subscription types. Built in are 1 non-marketing, 2 newsletter, 3 promotional, 4 product updates, 5 conferences and events.';

export const UNSUBSCRIPTION_REASON =
  'Id of the unsubscription reason. Built in are 6 no longer wanted, 7 too many, 8 inappropriate, 9 spam, 10 others.';

const marketing = {
  subscriptionStatus: choice(SubscriptionStatus, 'subscription_status', 'E-mail subscription status.'),
  subscriptionTypes: joinedIds('subscription_types', `${SUBSCRIPTION_TYPES} Replaces the whole set.`),
  unsubscriptionReason: plainId('unsubscription_reason', UNSUBSCRIPTION_REASON),
  otherUnsubscriptionReason: text('other_unsubscription_reason', 'Unsubscription reason, in the contact’s own words.'),
  whatsappSubscriptionStatus: choice(
    SubscriptionStatus,
    'whatsapp_subscription_status',
    'WhatsApp subscription status.',
  ),
  smsSubscriptionStatus: choice(SubscriptionStatus, 'sms_subscription_status', 'SMS subscription status.'),
  firstCampaign: text('first_campaign', 'Campaign of the first visit.'),
  firstMedium: text('first_medium', 'Medium of the first visit.'),
  firstSource: text('first_source', 'Source of the first visit.'),
  lastCampaign: text('last_campaign', 'Campaign of the visit that identified the contact.'),
  lastMedium: text('last_medium', 'Medium of the visit that identified the contact.'),
  lastSource: text('last_source', 'Source of the visit that identified the contact.'),
  latestCampaign: text('latest_campaign', 'Campaign of the latest visit.'),
  latestMedium: text('latest_medium', 'Medium of the latest visit.'),
  latestSource: text('latest_source', 'Source of the latest visit.'),
};

const writable = { ...person, ...assignment, ...marketing } satisfies Record<string, Writable<never>>;

/** Freshsales accepts either `email` or `emails` (FACTS 7). */
function checkEmail(
  { email, emails }: { readonly email?: string | null; readonly emails?: readonly PointInput[] | null },
  { path, draft }: FieldContext,
): void {
  if (email !== undefined && emails !== undefined)
    draft.refuse([...path, 'emails'], 'Provide either email or emails, not both.');
  if (typeof email === 'string' && email !== '' && !email.includes('@'))
    draft.refuse([...path, 'email'], 'This is not an e-mail address: it has no @.');
}

export const CreateContactInput = recordInput(
  'CreateContactInput',
  { ...writable, createdAt: moment('created_at', 'Time of creation, for contacts imported from another system.') },
  { description: 'Fields of a new contact.', check: checkEmail },
);

export const UpdateContactInput = recordInput(
  'UpdateContactInput',
  { ...writable, ...tagChanges },
  {
    description: 'Fields of a contact to change. Omitted fields are left unchanged; null clears a field.',
    check: checkEmail,
  },
);

/** The identifiers of FACTS 7. An e-mail address is sent as `emails`. */
export const ContactIdentifier = identifier('Contact', {
  email: text('emails', 'One of the e-mail addresses.'),
  mobileNumber: text('mobile_number', 'Mobile number. Freshsales stores its digits.'),
  externalId: text('external_id', 'Id of the contact in an external system.'),
  id: ref('Contact', 'id', 'The contact.'),
});

export const ContactFilter = recordFilter('ContactFilter', {
  email: textField('contact_email.email', 'Any of the e-mail addresses.'),
  mobileNumber: textField('mobile_number', 'Mobile number, as Freshsales stores it: without punctuation.'),
  city: textField('city', 'City.'),
  country: textField('country', 'Country.'),
  ownerId: idField('User', 'owner_id', 'Owner.'),
  leadSourceId: idField('LeadSource', 'lead_source_id', 'Source.'),
  statusId: idField('ContactStatus', 'contact_status_id', 'Status.'),
  salesAccountId: idField('SalesAccount', 'sales_account_id', 'Any of the sales accounts.'),
  ...timeFields,
});

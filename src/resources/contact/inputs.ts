import { toWireId } from '../../freshsales/writes.ts';
import { builder } from '../../graph/builder.ts';
import { identifier } from '../../graph/identifier.ts';
import { recordInput } from '../../graph/record-input.ts';
import { refersTo } from '../../graph/refers-to.ts';
import {
  customFields,
  idAt,
  moment,
  ref,
  refs,
  type Spot,
  shaped,
  text,
  texts,
  type Writable,
  whole,
} from '../../graph/writable.ts';

interface PointInput {
  readonly value: string;
  readonly isPrimary?: boolean | null | undefined;
  readonly label?: string | null | undefined;
}

const pointInput = (name: string, what: string) =>
  builder.inputRef<PointInput>(name).implement({
    description: `One of several ${what}.`,
    fields: (t) => ({
      value: t.string({ required: true, description: 'The address or number itself.' }),
      isPrimary: t.boolean({ description: 'Whether it is the one to use. At most one may be.' }),
      label: t.string({ description: 'What it is for.' }),
    }),
  });

const ContactEmailInput = pointInput('ContactEmailInput', 'e-mail addresses');
const ContactPhoneNumberInput = pointInput('ContactPhoneNumberInput', 'telephone numbers');

interface AccountLink {
  readonly id: string;
  readonly isPrimary: boolean;
}

const ContactSalesAccountInput = builder.inputRef<AccountLink>('ContactSalesAccountInput').implement({
  description: 'An account that a contact works for.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description: 'The account: Freshsales’ own id, or a global one.',
      ...refersTo('SalesAccount'),
    }),
    isPrimary: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether it is the first of them. Exactly one has to be.',
    }),
  }),
});

/** As production clients send them: objects, one of them primary (FACTS 7). */
function writePoints(points: readonly PointInput[], { path, draft }: Spot): unknown {
  const primary = points.filter(({ isPrimary }) => isPrimary === true).length;
  if (primary > 1) draft.refuse(path, `At most one may be isPrimary, and ${primary} are.`);
  points.forEach(({ value }, index) => {
    if (value.trim() === '') draft.refuse([...path, String(index), 'value'], '“value” must not be empty.', 'REQUIRED');
  });
  return points.map(({ value, isPrimary, label }, index) => ({
    value,
    is_primary: primary === 0 ? index === 0 : isPrimary === true,
    ...(label !== undefined && { label }),
  }));
}

/** The limit of the support article; an excerpt of the reference says 10 (QUIRKS 47). */
const MAX_ACCOUNTS = 25;

/** Replaces the set, and exactly one has to be primary (QUIRKS 46). */
function writeAccounts(links: readonly AccountLink[], { path, draft }: Spot): unknown {
  const ids = links.map(({ id }, index) => idAt('SalesAccount', id, { path: [...path, String(index), 'id'], draft }));
  const primary = links.filter(({ isPrimary }) => isPrimary).length;
  if (links.length > 0 && primary !== 1)
    draft.refuse(path, `Mark exactly one account as isPrimary: of the ${links.length} given, ${primary} are.`);
  if (links.length > MAX_ACCOUNTS)
    draft.refuse(path, `A contact has at most ${MAX_ACCOUNTS} accounts, and ${links.length} are given.`);
  if (new Set(ids).size < ids.length) draft.refuse(path, 'An account is given twice.');
  return links.map(({ isPrimary }, index) => ({ id: toWireId(ids[index] ?? ''), is_primary: isPrimary }));
}

const person = {
  firstName: text('first_name', 'First name.'),
  lastName: text('last_name', 'Last name.'),
  email: text(
    'email',
    'The e-mail address to use. Most accounts want one, and no two contacts may have the same; not together with emails.',
  ),
  emails: shaped(
    [ContactEmailInput],
    {
      column: 'emails',
      description:
        'Several e-mail addresses, the first one primary unless another is marked. Freshsales is not known to take off those left out.',
    },
    writePoints,
  ),
  jobTitle: text('job_title', 'What they do.'),
  mobileNumber: text('mobile_number', 'Mobile telephone.'),
  workNumber: text('work_number', 'Telephone at work.'),
  phoneNumbers: shaped(
    [ContactPhoneNumberInput],
    { column: 'phone_numbers', description: 'Further telephone numbers.' },
    writePoints,
  ),
  workEmail: text('work_email', 'E-mail address at work.'),
  address: text('address', 'Street and number.'),
  city: text('city', 'City.'),
  state: text('state', 'State or region.'),
  zipcode: text('zipcode', 'Postal code.'),
  country: text('country', 'Country.'),
  timeZone: text('time_zone', 'A Rails zone name, such as Arizona; not an IANA one.'),
  locale: text('locale', 'Language.'),
  facebook: text('facebook', 'Facebook handle.'),
  twitter: text('twitter', 'Twitter handle.'),
  linkedin: text('linkedin', 'LinkedIn handle.'),
  externalId: text('external_id', 'The id another system knows them by.'),
};

const place = {
  ownerId: ref('User', 'owner_id', 'Who looks after them.'),
  lifecycleStageId: ref('LifecycleStage', 'lifecycle_stage_id', 'How far they have come; give statusId with it.'),
  statusId: ref('ContactStatus', 'contact_status_id', 'Where they stand within that stage; the stage follows it.'),
  leadSourceId: ref('LeadSource', 'lead_source_id', 'Where they came from.'),
  campaignId: ref('Campaign', 'campaign_id', 'The campaign they came by.'),
  territoryId: ref('Territory', 'territory_id', 'The territory they are in.'),
  lostReasonId: text('lost_reason_id', 'The id of the reason they were lost.'),
  teamUserIds: refs('User', 'team_user_ids', 'Who works on them beside the owner; the whole set.'),
  salesAccounts: shaped(
    [ContactSalesAccountInput],
    {
      column: 'sales_accounts',
      empty: [],
      description:
        'The companies they work for: the whole set, what is left out is unlinked. At most 25, one of them primary.',
    },
    writeAccounts,
  ),
  tags: texts('tags', 'Tags; the whole set.'),
  customFields,
};

const marketing = {
  subscriptionStatus: whole(
    'subscription_status',
    '0 unsubscribed, 1 subscribed, 2 not subscribed, 3 spam, 4 bounced.',
  ),
  subscriptionTypes: text('subscription_types', 'What they subscribed to: ids joined with “;”.'),
  unsubscriptionReason: text('unsubscription_reason', 'Why they unsubscribed: the id of a choice.'),
  otherUnsubscriptionReason: text('other_unsubscription_reason', 'Why they unsubscribed, in their words.'),
  whatsappSubscriptionStatus: whole('whatsapp_subscription_status', 'As subscriptionStatus, for WhatsApp.'),
  smsSubscriptionStatus: whole('sms_subscription_status', 'As subscriptionStatus, for text messages.'),
  keyword: text('keyword', 'The search word they came by.'),
  medium: text('medium', 'The medium they came by.'),
  firstCampaign: text('first_campaign', 'The campaign of their first visit.'),
  firstMedium: text('first_medium', 'The medium of their first visit.'),
  firstSource: text('first_source', 'The source of their first visit.'),
  lastCampaign: text('last_campaign', 'The campaign of the visit that made them known.'),
  lastMedium: text('last_medium', 'The medium of the visit that made them known.'),
  lastSource: text('last_source', 'The source of the visit that made them known.'),
  latestCampaign: text('latest_campaign', 'The campaign of their latest visit.'),
  latestMedium: text('latest_medium', 'The medium of their latest visit.'),
  latestSource: text('latest_source', 'The source of their latest visit.'),
};

const writable = { ...person, ...place, ...marketing } satisfies Record<string, Writable<never>>;

/** Freshsales takes the one or the other (FACTS 7), and a plain address has an @. */
function checkEmail(
  { email, emails }: { readonly email?: string | null; readonly emails?: readonly PointInput[] | null },
  { path, draft }: Spot,
): void {
  if (email !== undefined && emails !== undefined) draft.refuse([...path, 'emails'], 'Give email or emails, not both.');
  if (typeof email === 'string' && email !== '' && !email.includes('@'))
    draft.refuse([...path, 'email'], 'That is no e-mail address: it has no @.');
}

export const CreateContactInput = recordInput(
  'CreateContactInput',
  { ...writable, createdAt: moment('created_at', 'When they were entered, for records that come from elsewhere.') },
  { description: 'A new contact.', check: checkEmail },
);

export const UpdateContactInput = recordInput('UpdateContactInput', writable, {
  description: 'What shall be otherwise about a contact. A field left out is left alone; null clears it.',
  check: checkEmail,
});

/** The identifiers of FACTS 7; an e-mail address is sought under its plural. */
export const ContactIdentifier = identifier('Contact', {
  email: text('emails', 'An e-mail address of theirs.'),
  mobileNumber: text('mobile_number', 'Their mobile telephone.'),
  externalId: text('external_id', 'The id another system knows them by.'),
  id: ref('Contact', 'id', 'The contact itself.'),
});

import { type ContactRecord, contactType } from '../../resources/contact/record.ts';
import { leadType } from '../../resources/lead/record.ts';
import { type SalesAccountRecord, salesAccountType } from '../../resources/sales-account/record.ts';
import { CHANNELS, INTERESTS, REGIONS, SUPPORT_HOURS, TIERS } from './custom-fields.ts';
import type { SeedContext } from './random.ts';
import { COMPANY_KINDS, COMPANY_STEMS, FIRST_NAMES, JOBS, LAST_NAMES, PLACES, TAGS } from './words.ts';

const ACCOUNTS = 80;
const CONTACTS = 310;
// The first id in the recordings.
const FIRST_ACCOUNT = 31_003_638_274;
const FIRST_CONTACT = 31_016_358_306;

/** Companies. Every tenth is a child of an earlier one. */
export function seedAccounts(context: SeedContext): Required<SalesAccountRecord>[] {
  const { put, random, day, some, owner } = context;
  const made: Required<SalesAccountRecord>[] = [];
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const stem = COMPANY_STEMS[index % COMPANY_STEMS.length] ?? '';
    const kind = COMPANY_KINDS[Math.floor(index / COMPANY_STEMS.length) % COMPANY_KINDS.length] ?? '';
    const [city, state, country] = random.pick(PLACES);
    const created = -400 + index * 4;
    made.push(
      put(salesAccountType, {
        id: String(FIRST_ACCOUNT + index),
        name: `${stem} ${kind}`,
        city,
        state,
        country,
        address: `${index + 1} Harbour Street`,
        zipcode: String(10_000 + index * 7),
        website: `${stem}-${kind}.example`.toLowerCase(),
        phone: `+1555020${String(index).padStart(4, '0')}`,
        number_of_employees: random.pick([1, 11, 51, 201, 501, 1001]),
        annual_revenue: random.chance(0.3) ? null : random.below(90) * 100_000,
        owner_id: random.chance(0.1) ? null : owner(),
        industry_type_id: some('IndustryType'),
        business_type_id: some('BusinessType'),
        territory_id: some('Territory'),
        parent_sales_account_id: index % 10 === 9 ? (made[index - 9]?.id ?? null) : null,
        tags: random.some(TAGS, random.below(3)),
        custom_field: {
          cf_account_number: `A-${1000 + index}`,
          cf_is_vip: random.chance(0.1),
          cf_regions: random.chance(0.5) ? random.some(REGIONS, 2).join(';') : null,
          cf_customer_since: index % 3 === 0 ? day(created).slice(0, 10) : null,
          cf_support_hours: SUPPORT_HOURS[index % 3] ?? null,
          cf_reseller: index % 9 === 4 ? Number(made[index - 3]?.id) : null,
        },
        recent_note: random.chance(0.3) ? `${stem} ${kind} is a customer of long standing.` : null,
        last_contacted: random.chance(0.6) ? day(-random.below(120)) : null,
        created_at: day(created),
        updated_at: day(Math.floor(created / 2)),
      }),
    );
  }
  return made;
}

/** Contacts, most of them with one company. */
export function seedContacts(
  context: SeedContext,
  accounts: readonly Required<SalesAccountRecord>[],
): Required<ContactRecord>[] {
  const made: Required<ContactRecord>[] = [];
  for (let index = 0; index < CONTACTS; index += 1) made.push(addContact(context, accounts, index));
  return made;
}

/** One contact. Every eleventh has no company. */
function addContact(
  { put, random, day, some, owner, account }: SeedContext,
  accounts: readonly Required<SalesAccountRecord>[],
  index: number,
): Required<ContactRecord> {
  const first = FIRST_NAMES[index % FIRST_NAMES.length] ?? '';
  const last = LAST_NAMES[(index * 7 + Math.floor(index / FIRST_NAMES.length)) % LAST_NAMES.length] ?? '';
  const [city, state, country] = random.pick(PLACES);
  const status = random.pick(account.store.of('ContactStatus').query());
  const lists = account.store.of('ContactList').query();
  const employer = index % 11 === 10 ? undefined : accounts[index % accounts.length];
  const created = -330 + index;
  return put(contactType, {
    id: String(FIRST_CONTACT + index),
    first_name: first,
    last_name: last,
    email: `${ascii(first)}.${ascii(last)}${index}@${employer?.website ?? 'home.example'}`,
    job_title: random.pick(JOBS),
    city,
    state,
    country,
    mobile_number: random.chance(0.7) ? `+1555030${String(index).padStart(4, '0')}` : null,
    work_number: random.chance(0.5) ? `+1555040${String(index).padStart(4, '0')}` : null,
    avatar: index % 5 === 0 ? `https://sandbox.example/avatars/${index}.png` : null,
    lead_score: random.below(100),
    customer_fit: random.below(6),
    subscription_status: 1,
    subscription_types: '2;3;4',
    sales_accounts: employer ? [{ id: employer.id, name: employer.name, is_primary: true }] : [],
    owner_id: owner(),
    contact_status_id: status.id,
    lifecycle_stage_id: String(status.lifecycle_stage_id),
    lead_source_id: some('LeadSource'),
    campaign_id: some('Campaign'),
    territory_id: some('Territory'),
    list_ids: random.some(lists, random.below(3)).map(({ id }) => id),
    tags: random.some(TAGS, random.below(3)),
    custom_field: {
      cf_nickname: null,
      cf_seats: random.below(200),
      cf_is_active: random.chance(0.6),
      cf_interests: random.some(INTERESTS, random.below(4)).join(';') || null,
      cf_renewal_date: index % 3 === 0 ? day(((index / 3) % 12) * 10 - 20).slice(0, 10) : null,
      cf_tier: TIERS[index % 4] ?? null,
      cf_preferred_channel: CHANNELS[index % 5] ?? null,
      cf_satisfaction: index % 4 === 1 ? (index % 50) / 5 : null,
      cf_last_survey_at: index % 5 === 0 ? day(-(index % 60), 14) : null,
      cf_referred_by: index % 6 === 5 ? FIRST_CONTACT + index - 5 : null,
      cf_background: null,
    },
    last_contacted: random.chance(0.6) ? day(-random.below(150)) : null,
    last_contacted_mode: 'Email Opened',
    created_at: day(created),
    updated_at: day(Math.floor(created / 3)),
  });
}

/** Letters that are valid in an e-mail address. */
const ascii = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();

/** Leads. Classic only. */
export function seedLeads({ put, random, day, some, owner }: SeedContext): void {
  for (let index = 0; index < 60; index += 1) {
    const first_name = random.pick(FIRST_NAMES);
    const last_name = random.pick(LAST_NAMES);
    put(leadType, {
      id: String(5_005_390_500 + index),
      first_name,
      last_name,
      email: index % 9 === 0 ? null : `lead${index}@sandbox.example`,
      job_title: random.pick(JOBS),
      company: index % 5 === 0 ? null : { id: String(5_006_000_000 + index), name: `Prospect ${index}` },
      lead_score: random.below(100),
      lead_quality: random.pick(['Hot', 'Warm', 'Cold']),
      email_status: 'Active',
      do_not_disturb: false,
      has_authority: false,
      owner_id: owner(),
      lead_stage_id: some('LeadStage'),
      lead_source_id: some('LeadSource'),
      campaign_id: some('Campaign'),
      territory_id: some('Territory'),
      stage_updated_time: day(-index),
      created_at: day(-index - 30),
      updated_at: day(-index),
    });
  }
}

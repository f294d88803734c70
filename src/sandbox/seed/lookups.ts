import type { Identified, Lookup } from '../../freshsales/resource.ts';
import {
  businessTypeLookup,
  campaignLookup,
  contactListLookup,
  contactStatusLookup,
  currencyLookup,
  dealPaymentStatusLookup,
  dealPipelineLookup,
  dealProductLookup,
  dealReasonLookup,
  dealStageLookup,
  dealTypeLookup,
  industryTypeLookup,
  leadReasonLookup,
  leadSourceLookup,
  leadStageLookup,
  lifecycleStageLookup,
  salesActivityOutcomeLookup,
  salesActivityTypeLookup,
  taskTypeLookup,
  territoryLookup,
  userLookup,
} from '../../lookups/lookup-types.ts';
import { type Account, API_USER } from '../account.ts';
import { putRow } from '../insert-row.ts';

interface Named extends Identified {
  name: string;
  position: number | null;
}

/** Lookups with only a name and a position, with the first recorded id. */
const NAMED: readonly (readonly [lookup: Lookup<Named>, firstId: number, names: string])[] = [
  [
    businessTypeLookup,
    31_000_596_651,
    'Analyst · Competitor · Customer · Integrator · Investor · Partner · Press · Prospect · Reseller · Other',
  ],
  [dealPaymentStatusLookup, 31_000_119_234, 'Offline · Online'],
  [
    dealReasonLookup,
    31_000_538_251,
    'Opted our rival · Price is too high · Junk Lead · Not interested · No requirement · Need only in future · Product not satisfying · No proper follow-up · Appointment missed',
  ],
  [dealTypeLookup, 31_000_179_100, 'New Business · Existing Business-Renewal · Existing Business-Upgrade'],
  [
    leadSourceLookup,
    31_000_836_318,
    'Web · Organic Search · Email · Phone · Chat · Web Form · Referral · Direct · Paid Search · Blogs · Social Media · Display Ads · Events · Webinar',
  ],
  [territoryLookup, 31_000_000_775, 'DACH · United Kingdom · North America · Nordics'],
  [campaignLookup, 31_000_090_001, 'Spring launch · Trade fair Hanover · Webinar series · Partner referral'],
  [dealProductLookup, 31_000_081_001, 'Starter plan · Team plan · Enterprise plan'],
  [leadStageLookup, 31_000_071_001, 'New · Contacted · Interested · Under review · Demo · Unqualified'],
  [leadReasonLookup, 31_000_072_001, 'Not able to reach · Not interested · Budget · Junk lead'],
  [
    industryTypeLookup,
    31_004_057_004,
    `
    Accounting · Advertising · Aerospace · Agriculture · Aircraft · Airline · Apparel & Accessories · Automotive
    Banking · Biotechnology · Broadcasting · Brokerage · Call Centers · Cargo Handling · Chemicals · Computer
    Construction · Consulting · Consumer Products · Cosmetics · Defense · Department Stores · Ecommerce · Education
    Electronics · Energy · Engineering · Entertainment & Leisure · Executive Search · Financial Services · Food, Beverage & Tobacco · Gaming
    Government · Grocery · Health Care · Hospitality · Insurance · Internet Publishing · Investment Banking · Legal
    Machinery · Manufacturing · Media · Motion Picture & Video · Music · Newspaper Publishers · Not for Profit · Online Auctions
    Other · Pension Funds · Pharmaceuticals · Private Equity · Publishing · Real Estate · Retail & Wholesale · Securities & Commodity Exchanges
    Service · Shipping · Soap & Detergent · Software · Sports · Technology · Telecommunications · Television
    Transportation · Trucking · Utilities · Venture Capital
    `,
  ],
];

/** Name, forecast type and choice type. */
const STAGES: readonly (readonly [name: string, position: number, forecast: string, kind: number])[] = [
  ['New', 1, 'Open', 5],
  ['Follow-up', 2, 'Open', 2],
  ['Under review', 3, 'Open', 2],
  ['Demo', 4, 'Open', 2],
  ['Negotiation', 5, 'Open', 2],
  ['Won', 7, 'Closed Won', 4],
  ['Lost', 8, 'Closed Lost', 4],
];

const LIFECYCLE: readonly (readonly [name: string, statuses: readonly string[]])[] = [
  ['Lead', ['New', 'Contacted', 'Interested', 'Unqualified']],
  ['Sales Qualified Lead', ['Qualified', 'Negotiation', 'Lost']],
  ['Customer', ['Won', 'Churned']],
];

const FORECAST: Readonly<Record<string, string>> = {
  Unqualified: 'Closed Lost',
  Lost: 'Closed Lost',
  Won: 'Closed Won',
  Churned: 'Closed Lost',
};

const ACTIVITY_TYPES = 'Chat · Phone · Meeting · Task · Email · SMS Outgoing · Reminder · SMS Incoming'.split(' · ');
const OUTCOMES = 'Interested · Left message · No response · Not interested · Not able to reach'.split(' · ');

/** The API user comes first, with the recorded id. */
const USERS = ['Alex Morgan', 'Priya Raman', 'Jonas Weber', 'Mei Tanaka', 'Łukasz Żak', 'Sofia Duarte'];

/** The lookups of a new account, with recorded data and ids. */
export function seedLookups(account: Account): void {
  for (const [lookup, firstId, names] of NAMED)
    names
      .trim()
      .split(/ · |\n\s*/)
      .forEach((name, index) => {
        putRow(account, lookup, { id: String(firstId + index), name, position: index + 1 });
      });
  seedUsers(account);
  seedPipeline(account);
  seedStatuses(account);
  seedActivityTypes(account);
  const lists = {
    '31000036946': 'Sample list',
    '31000044990': 'My List',
    '31000045351': 'Test3',
    '31000045356': 'Brand Lovers',
  };
  for (const [id, name] of Object.entries(lists)) putRow(account, contactListLookup, { id, name });
  for (const [index, currency_code] of ['USD', 'EUR'].entries())
    putRow(account, currencyLookup, {
      id: String(31_000_060_446 + index),
      currency_code,
      is_active: true,
      exchange_rate: index === 0 ? '1.0' : '1.08',
      currency_type: index + 1,
    });
}

/** The users. */
function seedUsers(account: Account): void {
  for (const [index, display_name] of USERS.entries())
    putRow(account, userLookup, {
      id: String(Number(API_USER) + index),
      display_name,
      email: `user${index + 1}@sandbox.example`,
      // One is inactive and still owns records.
      is_active: index !== 5,
      work_number: `+1555010001${index}`,
    });
}

/** One pipeline with the stages of 2023. */
function seedPipeline(account: Account): void {
  const pipeline = '31000060739';
  putRow(account, dealPipelineLookup, {
    id: pipeline,
    name: 'Default Pipeline',
    position: 1,
    is_default: true,
    rotting_days: 30,
    aggregated_field: 'expected_deal_value',
  });
  for (const [index, [name, position, forecast_type, choice_type]] of STAGES.entries())
    putRow(account, dealStageLookup, {
      id: String(31_000_425_871 + index),
      name,
      position,
      forecast_type,
      // As recorded in 2023: every stage except Lost has a probability of 100.
      probability: name === 'Lost' ? 0 : 100,
      deal_pipeline_id: pipeline,
      choice_type,
      updated_at: '2023-03-09T06:44:37Z',
    });
}

/** Nine statuses in three lifecycle stages. */
function seedStatuses(account: Account): void {
  let position = 0;
  for (const [index, [name, statuses]] of LIFECYCLE.entries()) {
    const stage = String(32_009_647_298 + index);
    const ids = statuses.map((_status, at) => String(31_000_543_557 + position + at));
    putRow(account, lifecycleStageLookup, {
      id: stage,
      name,
      position: index + 1,
      default: true,
      type: name,
      contact_status_ids: ids,
    });
    for (const [at, status] of statuses.entries())
      putRow(account, contactStatusLookup, {
        id: ids[at] ?? '',
        name: status,
        position: position + at + 1,
        forecast_type: FORECAST[status] ?? 'Open',
        lifecycle_stage_id: stage,
      });
    position += statuses.length;
  }
}

/** Eight built-in types, one custom type, and the task types. */
function seedActivityTypes(account: Account): void {
  const first = 31_000_477_933;
  for (const [index, name] of ACTIVITY_TYPES.entries()) {
    const id = String(first + index);
    const internal_name = name === 'Meeting' ? 'appointment' : name.toLowerCase().replace(' ', '_');
    const is_checkedin = name === 'Meeting';
    const show_in_conversation = name !== 'Reminder';
    const position = index + 1;
    putRow(account, salesActivityTypeLookup, {
      id,
      name,
      internal_name,
      position,
      is_default: true,
      is_checkedin,
      show_in_conversation,
    });
    // Chats have no outcome.
    if (index > 0) seedOutcomes(account, id, 31_002_091_456 + (index - 1) * OUTCOMES.length);
  }
  const own = '31000559503';
  putRow(account, salesActivityTypeLookup, {
    id: own,
    name: 'Site visit',
    internal_name: 'cs_site_visit',
    position: 9,
    is_default: false,
    show_in_conversation: true,
  });
  seedOutcomes(account, own, 31_002_448_415);
  const types = [
    ['Follow up', 3],
    ['Call reminder', 3],
    ['Email reminder', 6],
  ] as const;
  for (const [index, [name, type]] of types.entries())
    putRow(account, taskTypeLookup, {
      id: String(31_000_179_229 + index),
      name,
      position: index + 1,
      sales_activity_type_id: String(first + type),
      sales_activity_type_name: ACTIVITY_TYPES[type] ?? null,
    });
}

/** Outcomes of activities. */
function seedOutcomes(account: Account, sales_activity_type_id: string, firstId: number): void {
  for (const [index, name] of OUTCOMES.entries())
    putRow(account, salesActivityOutcomeLookup, {
      id: String(firstId + index),
      name,
      position: index + 1,
      sales_activity_type_id,
    });
}

import type { FieldLine } from './fields.ts';

type Cells = Readonly<Record<string, unknown>>;

/** A custom field of the account. */
export interface CustomField extends FieldLine {
  readonly choices?: readonly string[];
  /** The value that Freshsales sets, from the record and its custom fields. It cannot be written. */
  readonly derive?: (row: Cells, custom: Cells) => unknown;
}

/** The custom fields of each record type, by its path. */
export type CustomFields = Readonly<Record<string, readonly CustomField[]>>;

type More = Pick<CustomField, 'choices' | 'suggest' | 'derive'>;

const field = (name: string, label: string, type: string, more: More = {}): CustomField => ({
  name,
  label,
  type,
  position: 100,
  visible: true,
  ...more,
});

const suggest = (what: string): string => `/search/auto_suggest/${what}.json?&q=`;

export const INTERESTS = ['Analytics', 'Automation', 'Telephony', 'Reporting'] as const;
export const REGIONS = ['North', 'South', 'East', 'West'] as const;
export const TIERS = ['Gold', 'Silver', 'Bronze'] as const;
export const CHANNELS = ['E-mail', 'Phone', 'Chat'] as const;
export const SUPPORT_HOURS = ['9–5', '24/7'] as const;
export const COMPETITORS = ['Acme', 'Globex', 'In-house'] as const;
export const MOODS = ['Pleased', 'Neutral', 'Annoyed'] as const;

/** The number that Freshsales gives to a deal. */
export const dealNumber = (id: unknown): string => `D-${String(id).slice(-5)}`;

/** The amount after the discount. */
export const netAmount = (amount: unknown, discount: unknown): string | null =>
  amount === null || amount === undefined ? null : (Number(amount) * (1 - Number(discount ?? 0) / 100)).toFixed(2);

/** Custom fields of every kind. Multi-select values are joined by semicolons, lookups hold ids. */
export const customFields: CustomFields = {
  contacts: [
    field('cf_nickname', 'Nickname', 'text'),
    field('cf_seats', 'Seats', 'number'),
    field('cf_is_active', 'Is active', 'checkbox'),
    field('cf_interests', 'Interests', 'multi_select_dropdown', { choices: INTERESTS }),
    field('cf_renewal_date', 'Renewal date', 'date'),
    field('cf_tier', 'Tier', 'dropdown', { choices: TIERS }),
    field('cf_preferred_channel', 'Preferred channel', 'radio', { choices: CHANNELS }),
    field('cf_satisfaction', 'Satisfaction', 'decimal'),
    field('cf_last_survey_at', 'Last survey', 'date_time'),
    field('cf_referred_by', 'Referred by', 'lookup', { suggest: suggest('contacts_full_details') }),
    field('cf_background', 'Background', 'textarea'),
  ],
  sales_accounts: [
    field('cf_account_number', 'Account number', 'text'),
    field('cf_is_vip', 'Is VIP', 'checkbox'),
    field('cf_regions', 'Regions', 'multi_select_dropdown', { choices: REGIONS }),
    field('cf_customer_since', 'Customer since', 'date'),
    field('cf_support_hours', 'Support hours', 'dropdown', { choices: SUPPORT_HOURS }),
    field('cf_reseller', 'Reseller', 'lookup', { suggest: suggest('sales_accounts_full_details') }),
  ],
  deals: [
    field('cf_purchase_order', 'Purchase order', 'text'),
    field('cf_discount', 'Discount', 'number'),
    field('cf_needs_approval', 'Needs approval', 'checkbox'),
    field('cf_competitor', 'Competitor', 'dropdown', { choices: COMPETITORS }),
    field('cf_decision_at', 'Decision', 'date_time'),
    field('cf_approver', 'Approver', 'lookup', { suggest: suggest('owners') }),
    field('cf_deal_number', 'Deal number', 'auto_number', { derive: ({ id }) => dealNumber(id) }),
    field('cf_net_amount', 'Net amount', 'formula', {
      derive: ({ amount }, { cf_discount }) => netAmount(amount, cf_discount),
    }),
  ],
  sales_activities: [
    field('cf_mood', 'Mood', 'dropdown', { choices: MOODS }),
    field('cf_follow_up_on', 'Follow up on', 'date'),
    field('cf_distance', 'Distance in km', 'decimal'),
  ],
};

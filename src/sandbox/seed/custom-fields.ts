import type { FieldLine } from './fields.ts';

/** A custom field of the account. */
export interface CustomField extends FieldLine {
  readonly choices?: readonly string[];
}

const field = (name: string, label: string, type: string, choices?: readonly string[]): CustomField => ({
  name,
  label,
  type,
  position: 100,
  visible: true,
  ...(choices && { choices }),
});

export const INTERESTS = ['Analytics', 'Automation', 'Telephony', 'Reporting'] as const;
export const REGIONS = ['North', 'South', 'East', 'West'] as const;

/** One custom field of each kind. Multi-select values are joined by semicolons. */
export const customFields: Readonly<Record<string, readonly CustomField[]>> = {
  contacts: [
    field('cf_nickname', 'Nickname', 'text'),
    field('cf_seats', 'Seats', 'number'),
    field('cf_is_active', 'Is active', 'checkbox'),
    field('cf_interests', 'Interests', 'multi_select_dropdown', INTERESTS),
  ],
  sales_accounts: [
    field('cf_account_number', 'Account number', 'text'),
    field('cf_is_vip', 'Is VIP', 'checkbox'),
    field('cf_regions', 'Regions', 'multi_select_dropdown', REGIONS),
  ],
  deals: [
    field('cf_purchase_order', 'Purchase order', 'text'),
    field('cf_discount', 'Discount', 'number'),
    field('cf_needs_approval', 'Needs approval', 'checkbox'),
  ],
};

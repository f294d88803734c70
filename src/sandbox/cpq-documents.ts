import { defineTable, type Identified } from '../freshsales/resource.ts';

/** A quote or invoice. Not part of the GraphQL schema. */
interface CpqDocumentRecord extends Identified {
  [column: string]: unknown;
}

/** Columns that only the response to a create has. */
export const ONLY_AT_FIRST: ReadonlySet<string> = new Set([
  'html_content',
  'html_content_css',
  'html_content_settings',
  'html_header',
  'html_footer',
]);

const address = (kind: string): Record<string, null> =>
  Object.fromEntries(['address', 'city', 'state', 'zipcode', 'country'].map((part) => [`${kind}_${part}`, null]));

/** Columns in the order of the recording. */
export const cpqDocumentTable = defineTable<CpqDocumentRecord>({
  name: 'CpqDocument',
  many: 'cpq_documents',
  blank: () => ({
    ...{ id: '', deal_id: null, contact_id: null, sales_account_id: null },
    ...{ document_type: '', stage: null, valid_till: null },
    ...address('shipping'),
    ...address('billing'),
    ...{ owner_id: null, amount: 0, currency_code: 'USD', base_currency_amount: null },
    ...{ creater_id: null, updater_id: null, custom_field: {}, created_at: '', updated_at: '', is_deleted: false },
    ...{ document_number: '', territory_id: null, is_deal_primary: false, products: [], display_name: '' },
    ...{ html_content: null, html_content_css: null, html_content_settings: {}, html_header: null, html_footer: null },
    ...{ email_template_id: null, cpq_document_template_name: null, has_products: false },
    pricing_table_settings: '{"show_sales_tax":true}',
    ...{ signatures: [], signed_url: null, has_signatures: false, signing_order_modified: null },
  }),
});

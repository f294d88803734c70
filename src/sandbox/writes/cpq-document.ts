import { defineTable, type Identified } from '../../freshsales/resource.ts';
import type { Step, WriteRules } from '../account.ts';
import { columns, day, number, reference, text } from './cast.ts';
import { customFieldStep } from './custom-field.ts';
import { linesOf, sumOf, termsOf } from './product-lines.ts';

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

const ADDRESSES = ['shipping', 'billing'].flatMap((kind) =>
  ['address', 'city', 'state', 'zipcode', 'country'].map((part) => `${kind}_${part}`),
);

/** Columns in the order of the recording. */
export const cpqDocumentTable = defineTable<CpqDocumentRecord>({
  name: 'CpqDocument',
  many: 'cpq_documents',
  blank: {
    id: '',
    deal_id: null,
    contact_id: null,
    sales_account_id: null,
    document_type: '',
    stage: null,
    valid_till: null,
    ...Object.fromEntries(ADDRESSES.map((column) => [column, null])),
    owner_id: null,
    amount: 0,
    currency_code: 'USD',
    base_currency_amount: null,
    creater_id: null,
    updater_id: null,
    custom_field: {},
    created_at: '',
    updated_at: '',
    is_deleted: false,
    document_number: '',
    territory_id: null,
    is_deal_primary: false,
    products: [],
    display_name: '',
    html_content: null,
    html_content_css: null,
    html_content_settings: {},
    html_header: null,
    html_footer: null,
    email_template_id: null,
    cpq_document_template_name: null,
    has_products: false,
    pricing_table_settings: '{"show_sales_tax":true}',
    signatures: [],
    signed_url: null,
    has_signatures: false,
    signing_order_modified: null,
  },
});

/** The products replace the stored ones and determine the amount. */
const products: Step = (draft) => {
  const lines = linesOf(draft);
  if (!lines) return;
  const currency = String(draft.value('currency_code') ?? 'USD');
  const rows = lines.map((line) => {
    const association_id = draft.account.store.nextId('CpqDocumentLine');
    const { id, name, pricing_type, avatar, owner_id } = line.product;
    const { discount_type, ...terms } = termsOf(draft.account, line, currency);
    return {
      id,
      product_id: id,
      cpq_document_id: draft.id,
      ...terms,
      item_id: association_id,
      name,
      pricing_type,
      avatar,
      owner_id,
      association_id,
      discount_type,
      custom_columns: {},
    };
  });
  draft.set({ products: rows, has_products: rows.length > 0, amount: sumOf(rows) });
};

/** A new document has a number and no updater. Its amount in the base currency is computed later. */
const numbered: Step = (draft) => {
  const made = draft.account.store.of('CpqDocument').size + 1;
  if (draft.before) draft.set({ base_currency_amount: draft.value('amount') });
  else draft.set({ document_number: `DOC-${made}`, updater_id: null });
};

export const cpqDocumentRules: WriteRules = {
  columns: {
    ...columns('document_type stage currency_code display_name cpq_document_template_name', text()),
    ...columns(ADDRESSES.join(' '), text()),
    valid_till: day,
    amount: number,
    deal_id: reference('Deal'),
    contact_id: reference('Contact'),
    sales_account_id: reference('SalesAccount'),
    owner_id: reference('User'),
    territory_id: reference('Territory'),
  },
  steps: [
    (draft) => draft.require('display_name', "Display name can't be blank"),
    (draft) => draft.require('document_type', "Document type can't be blank"),
    products,
    numbered,
    customFieldStep,
  ],
};

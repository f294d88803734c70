import type { Step, WriteRules } from '../account.ts';
import { columns, day, number, reference, text } from './cast.ts';
import { customFieldStep } from './custom-field.ts';
import { linesOf, sumOf, termsOf } from './product-lines.ts';

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
      ...{ id, product_id: id, cpq_document_id: draft.id },
      ...terms,
      ...{ item_id: association_id, name, pricing_type, avatar, owner_id },
      ...{ association_id, discount_type, custom_columns: {} },
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

const ADDRESS = 'address city state zipcode country';

export const cpqDocumentRules: WriteRules = {
  columns: {
    ...columns('document_type stage currency_code display_name cpq_document_template_name', text()),
    ...columns(ADDRESS.replaceAll(/\w+/g, 'shipping_$&'), text()),
    ...columns(ADDRESS.replaceAll(/\w+/g, 'billing_$&'), text()),
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

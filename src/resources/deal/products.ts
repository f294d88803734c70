import type { MaybePromise } from '@pothos/core';
import { type FieldSource, needsOf, selectionOf } from '../../records/field-needs.ts';
import { builder } from '../../schema/builder.ts';
import { embeddedRows } from '../../schema/relation.ts';
import { loadProduct, Product } from '../product/type.ts';
import { dealType, type DealProductLine as Line } from './record.ts';
import { Deal } from './type.ts';

/** Maximum number of products per deal (QUIRKS 61). */
const MAX_PRODUCTS = 100;

const DealProductLine = builder.objectRef<Line>('DealProductLine').implement({
  description: 'A product on a deal.',
  fields: (t) => ({
    product: t.field({
      type: Product,
      description: 'The product. Costs one call per product if fields are selected that the deal does not contain.',
      resolve: ({ product_id, id }, _args, context, info) =>
        loadProduct(context).load(product_id ?? id, needsOf(selectionOf(context, info), Product.name, info)),
    }),
    name: t.exposeString('name', { description: 'Name of the product.' }),
    quantity: t.exposeInt('quantity', { description: 'Quantity.' }),
    unitPrice: t.expose('unit_price', { type: 'Decimal', description: 'Price per unit.' }),
    setupFee: t.expose('setup_fee', { type: 'Decimal', description: 'One-time setup fee.' }),
    discount: t.expose('discount', { type: 'Decimal', description: 'Discount. discountType gives the unit.' }),
    discountType: t.exposeInt('discount_type', {
      description: 'Internal type in Freshsales. 1 has been observed for percent.',
    }),
    currencyCode: t.exposeString('currency_code', { description: 'ISO 4217 currency code, such as USD.' }),
    billingType: t.exposeString('billing_type', { description: 'Billing type of a subscription.' }),
    billingCycle: t.exposeInt('billing_cycle', { description: 'Number of billing periods of a subscription.' }),
    pricingType: t.exposeInt('pricing_type', { description: 'Pricing type: 0 none, 1 one-time, 2 subscription.' }),
    category: t.exposeString('category', { description: 'Category of the product.' }),
  }),
});

builder.objectField(Deal, 'products', (t) =>
  t.field({
    type: [DealProductLine],
    nullable: { list: false, items: false },
    description: 'Products of the deal.',
    extensions: { freshsales: { include: 'products', rows: () => MAX_PRODUCTS } satisfies FieldSource },
    resolve: (deal, _args, context): MaybePromise<Line[]> => embeddedRows(context, dealType, deal, 'products'),
  }),
);

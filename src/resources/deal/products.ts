import type { MaybePromise } from '@pothos/core';
import { builder } from '../../graph/builder.ts';
import { type FieldSource, needsOf, selectionOf } from '../../graph/lookahead.ts';
import { embeddedRows } from '../../graph/relation.ts';
import { loadProduct, Product } from '../product/type.ts';
import { dealResource, type DealProductLine as Line } from './resource.ts';
import { Deal } from './type.ts';

/** So many products a deal may have (QUIRKS 61). */
const MAX_PRODUCTS = 100;

const DealProductLine = builder.objectRef<Line>('DealProductLine').implement({
  description: 'A product on a deal.',
  fields: (t) => ({
    product: t.field({
      type: Product,
      description: 'The product. One call for each, where more is asked than the line itself tells.',
      resolve: ({ product_id, id }, _args, context, info) =>
        loadProduct(context).load(product_id ?? id, needsOf(selectionOf(context, info), Product.name, info)),
    }),
    name: t.exposeString('name', { description: 'What the product is called.' }),
    quantity: t.exposeInt('quantity', { description: 'How many of it.' }),
    unitPrice: t.expose('unit_price', { type: 'Decimal', description: 'The price of one.' }),
    setupFee: t.expose('setup_fee', { type: 'Decimal', description: 'What is paid once, at the start.' }),
    discount: t.expose('discount', { type: 'Decimal', description: 'What is taken off; discountType says in what.' }),
    discountType: t.exposeInt('discount_type', { description: 'Freshsales’ own mark; 1 was seen with per cent.' }),
    currencyCode: t.exposeString('currency_code', { description: 'ISO 4217, such as USD.' }),
    billingType: t.exposeString('billing_type', { description: 'How it is billed, where it is a subscription.' }),
    billingCycle: t.exposeInt('billing_cycle', { description: 'For how many periods, where it is a subscription.' }),
    pricingType: t.exposeInt('pricing_type', { description: '0 none, 1 one-time, 2 subscription.' }),
    category: t.exposeString('category', { description: 'The category of the product.' }),
  }),
});

builder.objectField(Deal, 'products', (t) =>
  t.field({
    type: [DealProductLine],
    nullable: { list: false, items: false },
    description: 'What is sold with it.',
    extensions: { freshsales: { include: 'products', rows: () => MAX_PRODUCTS } satisfies FieldSource },
    resolve: (deal, _args, context): MaybePromise<Line[]> => embeddedRows(context, dealResource, deal, 'products'),
  }),
);

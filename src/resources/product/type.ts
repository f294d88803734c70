import type { ObjectRef } from '@pothos/core';
import { Territory } from '../../lookups/contacts.ts';
import { User } from '../../lookups/users.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import { builder, type Types } from '../../schema/builder.ts';
import { choiceField, createdTime, updatedTime, withCustomFields } from '../../schema/fields.ts';
import { recordField } from '../../schema/list-fields.ts';
import { nodeType } from '../../schema/node.ts';
import { embeddedRows, toOneBy } from '../../schema/relation.ts';
import { PricingType } from './inputs.ts';
import { type ProductPricing as Pricing, productType } from './record.ts';

const ProductPricing = builder.objectRef<Pricing>('ProductPricing').implement({
  description: 'Price of a product in one currency.',
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      nullable: false,
      description: 'Freshsales id. Used to change the price.',
    }),
    currencyCode: t.exposeString('currency_code', {
      semanticNonNull: true,
      description: 'ISO 4217 currency code, such as USD.',
    }),
    billingType: t.exposeInt('billing_type', {
      description: 'Billing type of a subscription, as sent: Freshsales documents no values.',
    }),
    isLocked: t.exposeBoolean('is_locked', { description: 'True if the price can no longer be changed.' }),
  }),
});

/** Prices of a product, in a currency or on a deal. */
export function withPrices(ref: ObjectRef<Types, Pick<Pricing, 'unit_price' | 'setup_fee' | 'billing_cycle'>>): void {
  builder.objectFields(ref, (t) => ({
    unitPrice: t.expose('unit_price', {
      type: 'Decimal',
      description: 'Price per unit, in the currency of currencyCode.',
    }),
    setupFee: t.expose('setup_fee', {
      type: 'Decimal',
      description: 'One-time setup fee, in the currency of currencyCode.',
    }),
    billingCycle: t.exposeInt('billing_cycle', {
      description: 'Billing cycle of a subscription, as sent: Freshsales documents no values.',
    }),
  }));
}

withPrices(ProductPricing);

export const Product = nodeType(
  productType,
  'A product. Freshsales cannot list products: read them by id or through a deal.',
);

builder.objectFields(Product, (t) => ({
  name: t.exposeString('name', { semanticNonNull: true, description: 'Name.' }),
  category: t.exposeString('category', { description: 'Category.' }),
  description: t.exposeString('description', { description: 'Description.' }),
  productCode: t.exposeString('product_code', { description: 'Product code.' }),
  skuNumber: t.exposeString('sku_number', { description: 'Stock keeping unit (SKU).' }),
  isActive: t.exposeBoolean('is_active', {
    semanticNonNull: true,
    description: 'True if the product is available for sale.',
  }),
  isDeleted: t.exposeBoolean('is_deleted', { description: 'True if the record is in the recycle bin.' }),
  pricingType: t.field(choiceField(PricingType, 'pricing_type', 'Pricing type.')),
  baseCurrencyAmount: t.expose('base_currency_amount', {
    type: 'Decimal',
    description: 'Price in the base currency of the account: the one whose exchangeRate is 1.',
  }),
  validUntil: t.expose('valid_till', {
    type: 'DateTime',
    description: 'Last date on which the product is available.',
  }),
  avatar: t.exposeString('avatar', { description: 'URL of the picture.' }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
}));

withCustomFields(Product);

builder.objectFields(Product, (t) => ({
  parent: t.field(toOneBy(productType, 'parent_product', Product, 'Parent product.')),
  owner: t.field(toOneBy(productType, 'owner_id', User, 'The user who owns the record.')),
  creator: t.field(toOneBy(productType, 'creater_id', User, 'The user who created the record.')),
  updater: t.field(toOneBy(productType, 'updater_id', User, 'The user who last updated the record.')),
  territory: t.field(toOneBy(productType, 'territory_id', Territory, 'Territory in which the product is sold.')),
  pricings: t.field({
    type: [ProductPricing],
    nullable: { list: false, items: false },
    description: 'Prices by currency.',
    extensions: { freshsales: { include: 'product_pricings' } },
    resolve: (product, _args, context): MaybePromise<Pricing[]> =>
      embeddedRows(context, productType, product, 'product_pricings'),
  }),
}));

builder.queryField('product', (t) =>
  t.field(recordField(Product, 'The product with this id. Freshsales cannot list products.')),
);

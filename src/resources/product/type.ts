import type { MaybePromise } from '@pothos/core';
import { builder } from '../../graph/builder.ts';
import { withCustomFields } from '../../graph/custom-fields.ts';
import { recordLoader } from '../../graph/loader.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { embeddedRows, toOneBy } from '../../graph/relation.ts';
import { byId } from '../../graph/root.ts';
import { loadTerritory, Territory } from '../territory/type.ts';
import { loadUser, User } from '../user/type.ts';
import { type ProductPricing as Pricing, type ProductRecord, productResource } from './resource.ts';

export const loadProduct = recordLoader(productResource);

const ProductPricing = builder.objectRef<Pricing>('ProductPricing').implement({
  description: 'What a product costs in one currency.',
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      nullable: false,
      description: 'The id Freshsales itself uses; to change the price by.',
    }),
    currencyCode: t.exposeString('currency_code', { nullable: false, description: 'ISO 4217, such as USD.' }),
    unitPrice: t.expose('unit_price', { type: 'Decimal', description: 'The price of one.' }),
    setupFee: t.expose('setup_fee', { type: 'Decimal', description: 'What is paid once, at the start.' }),
    billingType: t.exposeInt('billing_type', { description: 'How it is billed, where it is a subscription.' }),
    billingCycle: t.exposeInt('billing_cycle', { description: 'For how many periods, where it is a subscription.' }),
    isLocked: t.exposeBoolean('is_locked', { description: 'Whether the price can be changed no more.' }),
  }),
});

export const Product = builder.objectRef<ProductRecord>('Product');

Product.implement({
  description: 'Something that can be sold. Freshsales has no list of products: they are read by id, or on a deal.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'What it is called.' }),
    category: t.exposeString('category', { description: 'Its category.' }),
    description: t.exposeString('description', { description: 'What it is.' }),
    productCode: t.exposeString('product_code', { description: 'Its code in the catalogue.' }),
    skuNumber: t.exposeString('sku_number', { description: 'Its number in the stock.' }),
    isActive: t.exposeBoolean('is_active', { nullable: false, description: 'Whether it is sold.' }),
    isDeleted: t.exposeBoolean('is_deleted', { description: 'Whether it is in the recycle bin.' }),
    pricingType: t.exposeInt('pricing_type', { description: '0 none yet, 1 one-time, 2 subscription.' }),
    baseCurrencyAmount: t.expose('base_currency_amount', {
      type: 'Decimal',
      description: 'Its price in the base currency.',
    }),
    validUntil: t.expose('valid_till', { type: 'DateTime', description: 'Until when it is sold.' }),
    avatar: t.exposeString('avatar', { description: 'Where its picture is.' }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When it was entered.' }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When it was last changed.' }),
  }),
});
nodeType(Product, loadProduct);
withCustomFields(Product);

builder.objectFields(Product, (t) => ({
  parent: t.field(toOneBy(productResource, 'parent_product', Product, loadProduct, 'The product it is a part of.')),
  owner: t.field(toOneBy(productResource, 'owner_id', User, loadUser, 'The user who looks after it.')),
  creator: t.field(toOneBy(productResource, 'creater_id', User, loadUser, 'The user who entered it.')),
  updater: t.field(toOneBy(productResource, 'updater_id', User, loadUser, 'The user who last changed it.')),
  territory: t.field(
    toOneBy(productResource, 'territory_id', Territory, loadTerritory, 'The territory it is sold in.'),
  ),
  pricings: t.field({
    type: [ProductPricing],
    nullable: { list: false, items: false },
    description: 'What it costs, by currency.',
    extensions: { freshsales: { include: 'product_pricings' } },
    resolve: (product, _args, context): MaybePromise<Pricing[]> =>
      embeddedRows(context, productResource, product, 'product_pricings'),
  }),
}));

builder.queryField('product', (t) =>
  t.field(byId(Product, loadProduct, 'A product. Freshsales has no list of products, so there is none here.')),
);

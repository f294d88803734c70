import { toWireId } from '../../freshsales/writes.ts';
import { builder } from '../../graph/builder.ts';
import { deletes } from '../../graph/gone.ts';
import { creates, restores, updates } from '../../graph/mutations.ts';
import { recordInput } from '../../graph/record-input.ts';
import { refersTo } from '../../graph/refers-to.ts';
import {
  customFields,
  flag,
  idAt,
  moment,
  ref,
  type Spot,
  shaped,
  text,
  toWireAmount,
  whole,
} from '../../graph/writable.ts';
import type { WriteFacts } from '../../graph/write-facts.ts';
import { type ProductRecord, productResource } from './resource.ts';
import { loadProduct, Product } from './type.ts';

interface PricingInput {
  readonly id?: string | null | undefined;
  readonly currencyCode: string;
  readonly unitPrice: string | number;
  readonly setupFee?: string | number | null | undefined;
  readonly billingType?: number | null | undefined;
  readonly billingCycle?: number | null | undefined;
  readonly isRemoved?: boolean | null | undefined;
}

const ProductPricingInput = builder.inputRef<PricingInput>('ProductPricingInput').implement({
  description: 'What a product costs in one currency.',
  fields: (t) => ({
    id: t.id({
      description: 'The price that is changed or removed, by its databaseId; a new one where left out.',
      ...refersTo('ProductPricing'),
    }),
    currencyCode: t.string({ required: true, description: 'ISO 4217, such as USD.' }),
    unitPrice: t.field({ type: 'Decimal', required: true, description: 'The price of one.' }),
    setupFee: t.field({ type: 'Decimal', description: 'What is paid once, at the start.' }),
    billingType: t.int({ description: 'How it is billed, where it is a subscription.' }),
    billingCycle: t.int({ description: 'For how many periods, where it is a subscription.' }),
    isRemoved: t.boolean({ description: 'Whether the price with this id is taken away.' }),
  }),
});

/** Prices without a kind are one-time (FACTS 12). */
const ONE_TIME = 1;

function writePricings(pricings: readonly PricingInput[], { path, draft }: Spot): unknown {
  draft.include.add('product_pricings');
  draft.columns.pricing_type ??= ONE_TIME;
  return pricings.map((pricing, index) => {
    const at = [...path, String(index)];
    if (!/^[A-Z]{3}$/.test(pricing.currencyCode))
      draft.refuse([...at, 'currencyCode'], 'A currency is three capital letters of ISO 4217, such as USD.');
    if (pricing.isRemoved && !pricing.id)
      draft.refuse([...at, 'id'], 'Give the id of the price that is to be removed.', 'REQUIRED');
    const own = pricing.id ? idAt('ProductPricing', pricing.id, { path: [...at, 'id'], draft }) : undefined;
    const id = own === undefined ? {} : { id: toWireId(own) };
    if (pricing.isRemoved) return { ...id, _destroy: true };
    const fee = pricing.setupFee;
    return {
      ...id,
      currency_code: pricing.currencyCode,
      unit_price: toWireAmount(pricing.unitPrice),
      ...(fee !== undefined && { setup_fee: fee === null ? null : toWireAmount(fee) }),
      ...(pricing.billingType !== undefined && { billing_type: pricing.billingType }),
      ...(pricing.billingCycle !== undefined && { billing_cycle: pricing.billingCycle }),
    };
  });
}

const writable = {
  name: text('name', 'What it is called.', { needed: true }),
  category: text('category', 'Its category.'),
  description: text('description', 'What it is.'),
  productCode: text('product_code', 'Its code in the catalogue.'),
  skuNumber: text('sku_number', 'Its number in the stock.'),
  isActive: flag('is_active', 'Whether it is sold.'),
  validUntil: moment('valid_till', 'Until when it is sold.'),
  parentId: ref('Product', 'parent_product', 'The product it is a part of.'),
  ownerId: ref('User', 'owner_id', 'Who looks after it.'),
  territoryId: ref('Territory', 'territory_id', 'The territory it is sold in.'),
  pricingType: whole('pricing_type', '0 none yet, 1 one-time, 2 subscription; 1 where prices are given without it.'),
  // Null would have to take all prices away, which Freshsales does one by one.
  pricings: {
    ...shaped(
      [ProductPricingInput],
      {
        column: 'product_pricings',
        description: 'What it costs, by currency. Prices left out stay as they are; isRemoved takes one away.',
      },
      writePricings,
    ),
    needed: true,
  },
  customFields,
};

const CreateProductInput = recordInput('CreateProductInput', writable, {
  description: 'A new product.',
  required: ['name'],
});

const UpdateProductInput = recordInput('UpdateProductInput', writable, {
  description: 'What shall be otherwise about a product. A field left out is left alone; null clears it.',
});

const productFacts: WriteFacts<ProductRecord> = { resource: productResource, type: Product, loader: loadProduct };

builder.mutationFields((t) => ({
  createProduct: t.field(creates(productFacts, CreateProductInput, 'Enters a product.')),
  updateProduct: t.field(updates(productFacts, UpdateProductInput, 'Changes a product.')),
  deleteProduct: t.field(deletes(productFacts, 'Deletes a product. Recoverable: see restoreProduct.')),
  restoreProduct: t.field(restores(productFacts, 'Brings a product back from the recycle bin.')),
}));

import { toWireId } from '../../freshsales/writes.ts';
import { recordInput } from '../../mutations/record-input.ts';
import { refersTo } from '../../mutations/refers-to.ts';
import {
  choice,
  customFields,
  type FieldContext,
  flag,
  idAt,
  moment,
  ref,
  shaped,
  text,
  toWireAmount,
  type Writable,
} from '../../mutations/writable.ts';
import { builder } from '../../schema/builder.ts';

export const PricingType = builder.enumType('PricingType', {
  description: 'Pricing type of a product: one-time or subscription.',
  values: {
    NONE: { value: 0, description: 'No prices yet.' },
    ONE_TIME: { value: 1, description: 'Charged once.' },
    SUBSCRIPTION: { value: 2, description: 'Charged at intervals.' },
  } as const,
});

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
  description: 'Price of a product in one currency.',
  fields: (t) => ({
    id: t.id({
      description: 'The databaseId of the price to change or remove. Omit it to add a price.',
      ...refersTo('ProductPricing'),
    }),
    currencyCode: t.string({ required: true, description: 'ISO 4217 currency code, such as USD.' }),
    unitPrice: t.field({ type: 'Decimal', required: true, description: 'Price per unit.' }),
    setupFee: t.field({ type: 'Decimal', description: 'One-time setup fee.' }),
    billingType: t.int({ description: 'Billing type of a subscription. Freshsales documents no values.' }),
    billingCycle: t.int({ description: 'Billing cycle of a subscription. Freshsales documents no values.' }),
    isRemoved: t.boolean({ description: 'True to remove the price with this id.' }),
  }),
});

/** Prices without a pricing type are one-time (FACTS 12). */
const ONE_TIME = 1;

function writePricings(pricings: readonly PricingInput[], { path, draft }: FieldContext): unknown {
  draft.include.add('product_pricings');
  draft.columns.pricing_type ??= ONE_TIME;
  return pricings.map((pricing, index) => {
    const at = [...path, String(index)];
    if (!/^[A-Z]{3}$/.test(pricing.currencyCode))
      draft.refuse([...at, 'currencyCode'], 'A currency must be a three-letter ISO 4217 code, such as USD.');
    if (pricing.isRemoved && !pricing.id)
      draft.refuse([...at, 'id'], 'Provide the id of the price to remove.', 'REQUIRED');
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

// Null is refused: Freshsales can remove prices only one by one.
const pricings: Writable<readonly PricingInput[]> = {
  ...shaped(
    [ProductPricingInput],
    {
      column: 'product_pricings',
      description: 'Prices by currency. Omitted prices are left unchanged; isRemoved removes a price.',
    },
    writePricings,
  ),
  needed: true,
};

const writable = {
  name: text('name', 'Name.', { needed: true }),
  category: text('category', 'Category.'),
  description: text('description', 'Description.'),
  productCode: text('product_code', 'Product code.'),
  skuNumber: text('sku_number', 'Stock keeping unit (SKU).'),
  isActive: flag('is_active', 'True if the product is available for sale.'),
  validUntil: moment('valid_till', 'Last date on which the product is available.'),
  parentId: ref('Product', 'parent_product', 'Parent product.'),
  ownerId: ref('User', 'owner_id', 'Owner.'),
  territoryId: ref('Territory', 'territory_id', 'Territory in which the product is sold.'),
  pricingType: choice(PricingType, 'pricing_type', 'Pricing type. Defaults to ONE_TIME if prices are given.'),
  pricings,
  customFields,
};

export const CreateProductInput = recordInput('CreateProductInput', writable, {
  description: 'Fields of a new product.',
  required: ['name'],
});

export const UpdateProductInput = recordInput('UpdateProductInput', writable, {
  description: 'Fields of a product to change. Omitted fields are left unchanged; null clears a field.',
});

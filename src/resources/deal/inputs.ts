import { toWireId } from '../../freshsales/writes.ts';
import { identifier, recordInput } from '../../mutations/record-input.ts';
import { refersTo } from '../../mutations/refers-to.ts';
import { tagChanges } from '../../mutations/tags.ts';
import {
  choice,
  customFields,
  day,
  type FieldContext,
  idAt,
  money,
  ref,
  refs,
  shaped,
  text,
  texts,
  toWireAmount,
  type Writable,
  whole,
} from '../../mutations/writable.ts';
import { builder } from '../../schema/builder.ts';
import { amountField, dayField, idField, recordFilter, textField, timeFields } from '../../schema/typed-filter.ts';

export const DiscountType = builder.enumType('DiscountType', {
  description: 'Unit of a discount.',
  values: {
    PERCENT: { value: 1, description: 'Percent of the price.' },
    AMOUNT: {
      value: 2,
      description: 'Amount in the currency of the product. Freshsales does not document its number; 2 is sent.',
    },
  } as const,
});

export const ForecastCategory = builder.enumType('ForecastCategory', {
  description: 'Forecast category of a deal.',
  values: {
    COMMITTED: { value: 1, description: 'Committed.' },
    BEST_CASE: { value: 2, description: 'Best case.' },
  } as const,
});

interface LineInput {
  readonly productId: string;
  readonly quantity?: number | null | undefined;
  readonly unitPrice?: string | number | null | undefined;
  readonly setupFee?: string | number | null | undefined;
  readonly discount?: string | number | null | undefined;
  readonly discountType?: typeof DiscountType.$inferType | null | undefined;
  readonly billingCycle?: number | null | undefined;
}

const DealProductLineInput = builder.inputRef<LineInput>('DealProductLineInput').implement({
  description: 'A product on a deal.',
  fields: (t) => ({
    productId: t.id({
      required: true,
      description: 'Freshsales id or global id of the product.',
      ...refersTo('Product'),
    }),
    quantity: t.int({ description: 'Quantity.' }),
    unitPrice: t.field({ type: 'Decimal', description: 'Price per unit.' }),
    setupFee: t.field({ type: 'Decimal', description: 'One-time setup fee.' }),
    discount: t.field({ type: 'Decimal', description: 'Discount. discountType gives the unit.' }),
    discountType: t.field({ type: DiscountType, description: 'Unit of the discount.' }),
    billingCycle: t.int({ description: 'Billing cycle of a subscription. Freshsales documents no values.' }),
  }),
});

/** The most products of a deal (FACTS 9, QUIRKS 61). */
export const MAX_PRODUCTS = 100;

const amountOf = (value: string | number | null | undefined) =>
  value === null || value === undefined ? value : toWireAmount(value);

/** Freshsales recalculates the amount from the products, so the response must include them (FACTS 9). */
function writeLines(lines: readonly LineInput[], { path, draft }: FieldContext): unknown {
  if (lines.length > MAX_PRODUCTS)
    draft.refuse(path, `A deal can have at most ${MAX_PRODUCTS} products, but ${lines.length} are given.`);
  draft.include.add('products');
  return lines.map((line, index) => {
    const at = [...path, String(index)];
    const id = idAt('Product', line.productId, { path: [...at, 'productId'], draft });
    if (typeof line.quantity === 'number' && line.quantity < 0)
      draft.refuse([...at, 'quantity'], `“quantity” is ${line.quantity}. It must be 0 or more.`);
    const columns = {
      id: toWireId(id ?? ''),
      quantity: line.quantity,
      unit_price: amountOf(line.unitPrice),
      setup_fee: amountOf(line.setupFee),
      discount: amountOf(line.discount),
      discount_type: line.discountType,
      billing_cycle: line.billingCycle,
    };
    return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  });
}

const baseCurrencyAmount: Writable<string | number> = {
  ...money('base_currency_amount', 'Amount in the base currency. Calculated if omitted.'),
  // Freshsales may calculate it again.
  kind: undefined,
};

const writable = {
  name: text('name', 'Name of the deal. Need not be unique.', { needed: true }),
  amount: money('amount', 'Amount in the currency of the deal. Calculated from the products if there are any.', {
    needed: true,
  }),
  baseCurrencyAmount,
  expectedCloseOn: day('expected_close', 'Expected close date.'),
  closedOn: day('closed_date', 'Date on which the deal was won or lost. Set by the stage if omitted.'),
  pipelineId: ref('DealPipeline', 'deal_pipeline_id', 'Pipeline. Defaults to the default pipeline.'),
  stageId: ref('DealStage', 'deal_stage_id', 'Stage. Must belong to the deal’s pipeline; sets the probability.'),
  typeId: ref('DealType', 'deal_type_id', 'Deal type.'),
  reasonId: ref('DealReason', 'deal_reason_id', 'Lost reason.'),
  paymentStatusId: ref('DealPaymentStatus', 'deal_payment_status_id', 'Payment status.'),
  dealProductId: ref('DealProduct', 'deal_product_id', 'Product from the legacy product list.'),
  currencyId: ref('Currency', 'currency_id', 'Currency of the amount.'),
  leadSourceId: ref('LeadSource', 'lead_source_id', 'Source.'),
  campaignId: ref('Campaign', 'campaign_id', 'Campaign.'),
  territoryId: ref('Territory', 'territory_id', 'Territory.'),
  ownerId: ref('User', 'owner_id', 'Owner.'),
  salesAccountId: ref('SalesAccount', 'sales_account_id', 'Sales account of the deal.'),
  products: shaped(
    [DealProductLineInput],
    { column: 'products', empty: [], description: 'Products of the deal. Replaces the whole set; at most 100.' },
    writeLines,
  ),
  probability: whole('probability', 'Probability of winning the deal, in percent.'),
  forecastCategory: choice(ForecastCategory, 'forecast_category', 'Forecast category.'),
  tags: texts('tags', 'Tags. Replaces the whole set.'),
  customFields,
};

/** Null is sent as an empty list, which adds and removes nothing. */
const NOBODY = { empty: [] };

export const CreateDealInput = recordInput(
  'CreateDealInput',
  { ...writable, contactIds: refs('Contact', 'contacts_added_list', 'Contacts of the deal.', NOBODY) },
  { description: 'Fields of a new deal.', required: ['name', 'amount'] },
);

export const UpdateDealInput = recordInput(
  'UpdateDealInput',
  {
    ...writable,
    ...tagChanges,
    addContactIds: refs('Contact', 'contacts_added_list', 'Contacts to add.', NOBODY),
    removeContactIds: refs('Contact', 'contacts_removed_list', 'Contacts to remove.', NOBODY),
  },
  {
    description: 'Fields of a deal to change. Omitted fields are left unchanged; null clears a field.',
    check: ({ addContactIds, removeContactIds }, { path, draft }) => {
      const bare = (ids: readonly string[] | null | undefined) => (ids ?? []).map((id) => id.split('/').at(-1));
      const removed = new Set(bare(removeContactIds));
      if (bare(addContactIds).some((id) => removed.has(id)))
        draft.refuse([...path, 'removeContactIds'], 'The same contact cannot be both added and removed.');
    },
  },
);

export const DealIdentifier = identifier('Deal', {
  name: text('name', 'Name, if the account requires unique deal names.'),
  id: ref('Deal', 'id', 'The deal.'),
});

export const DealFilter = recordFilter('DealFilter', {
  name: textField('name', 'Name.'),
  amount: amountField('amount', 'Amount in the currency of the deal.'),
  ownerId: idField('User', 'owner_id', 'Owner.'),
  pipelineId: idField('DealPipeline', 'deal_pipeline_id', 'Pipeline.'),
  stageId: idField('DealStage', 'deal_stage_id', 'Stage.'),
  salesAccountId: idField('SalesAccount', 'sales_account_id', 'Sales account.'),
  expectedCloseOn: dayField('expected_close', 'Expected closing day.'),
  ...timeFields,
});

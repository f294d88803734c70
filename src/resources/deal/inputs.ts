import { toWireId } from '../../freshsales/writes.ts';
import { builder } from '../../graph/builder.ts';
import { identifier } from '../../graph/identifier.ts';
import { recordInput } from '../../graph/record-input.ts';
import { refersTo } from '../../graph/refers-to.ts';
import {
  customFields,
  day,
  idAt,
  money,
  ref,
  refs,
  type Spot,
  shaped,
  text,
  texts,
  toWireAmount,
  whole,
} from '../../graph/writable.ts';

interface LineInput {
  readonly productId: string;
  readonly quantity?: number | null | undefined;
  readonly unitPrice?: string | number | null | undefined;
  readonly setupFee?: string | number | null | undefined;
  readonly discount?: string | number | null | undefined;
  readonly discountType?: number | null | undefined;
  readonly billingCycle?: number | null | undefined;
}

const DealProductLineInput = builder.inputRef<LineInput>('DealProductLineInput').implement({
  description: 'A product on a deal.',
  fields: (t) => ({
    productId: t.id({
      required: true,
      description: 'The product: Freshsales’ own id, or a global one.',
      ...refersTo('Product'),
    }),
    quantity: t.int({ description: 'How many of it.' }),
    unitPrice: t.field({ type: 'Decimal', description: 'The price of one.' }),
    setupFee: t.field({ type: 'Decimal', description: 'What is paid once, at the start.' }),
    discount: t.field({ type: 'Decimal', description: 'What is taken off; discountType says in what.' }),
    discountType: t.int({ description: 'Freshsales’ own mark; 1 was seen with per cent.' }),
    billingCycle: t.int({ description: 'For how many periods, where it is a subscription.' }),
  }),
});

/** Freshsales takes at most so many (FACTS 9). */
const MAX_PRODUCTS = 100;

const amountOf = (value: string | number | null | undefined) =>
  value === null || value === undefined ? value : toWireAmount(value);

/** The deal's amount is worked out anew from its products, so that the answer has to bring them (FACTS 9). */
function writeLines(lines: readonly LineInput[], { path, draft }: Spot): unknown {
  if (lines.length > MAX_PRODUCTS)
    draft.refuse(path, `A deal has at most ${MAX_PRODUCTS} products, and ${lines.length} are given.`);
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

const writable = {
  name: text('name', 'What the deal is called; need not be unique.', { needed: true }),
  amount: money('amount', 'What it is worth, in its own currency. With products it is worked out from them.', {
    needed: true,
  }),
  baseCurrencyAmount: money(
    'base_currency_amount',
    'What it is worth in the base currency; worked out where left out.',
  ),
  expectedCloseOn: day('expected_close', 'The day it should be won by.'),
  closedOn: day('closed_date', 'The day it was won or lost; set by the stage where left out.'),
  pipelineId: ref('DealPipeline', 'deal_pipeline_id', 'The pipeline it is in; the default one where left out.'),
  stageId: ref(
    'DealStage',
    'deal_stage_id',
    'How far along it is. A stage of its pipeline; the probability follows it.',
  ),
  typeId: ref('DealType', 'deal_type_id', 'What kind of sale it is.'),
  reasonId: ref('DealReason', 'deal_reason_id', 'Why it was lost.'),
  paymentStatusId: ref('DealPaymentStatus', 'deal_payment_status_id', 'How it is paid.'),
  dealProductId: ref('DealProduct', 'deal_product_id', 'What is sold, from the old pick list.'),
  currencyId: ref('Currency', 'currency_id', 'The currency of its amount.'),
  leadSourceId: ref('LeadSource', 'lead_source_id', 'Where it came from.'),
  campaignId: ref('Campaign', 'campaign_id', 'The campaign it came by.'),
  territoryId: ref('Territory', 'territory_id', 'The territory it is in.'),
  ownerId: ref('User', 'owner_id', 'Who looks after it.'),
  salesAccountId: ref('SalesAccount', 'sales_account_id', 'The company it is made with.'),
  products: shaped(
    [DealProductLineInput],
    { column: 'products', empty: [], description: 'What is sold with it: the whole set, at most 100.' },
    writeLines,
  ),
  probability: whole('probability', 'How likely it is won, in per cent.'),
  forecastCategory: whole('forecast_category', '1 committed, 2 best case.'),
  tags: texts('tags', 'Tags; the whole set.'),
  customFields,
};

/** Null adds and removes as little as a list of nobody. */
const NOBODY = { empty: [] };

export const CreateDealInput = recordInput(
  'CreateDealInput',
  { ...writable, contactIds: refs('Contact', 'contacts_added_list', 'The people it is made with.', NOBODY) },
  { description: 'A new deal.', required: ['name', 'amount'] },
);

export const UpdateDealInput = recordInput(
  'UpdateDealInput',
  {
    ...writable,
    addContactIds: refs('Contact', 'contacts_added_list', 'People to link to it.', NOBODY),
    removeContactIds: refs('Contact', 'contacts_removed_list', 'People to take off it.', NOBODY),
  },
  {
    description: 'What shall be otherwise about a deal. A field left out is left alone; null clears it.',
    check: ({ addContactIds, removeContactIds }, { path, draft }) => {
      const bare = (ids: readonly string[] | null | undefined) => (ids ?? []).map((id) => id.split('/').at(-1));
      const removed = new Set(bare(removeContactIds));
      if (bare(addContactIds).some((id) => removed.has(id)))
        draft.refuse([...path, 'removeContactIds'], 'The same contact cannot be added and removed at once.');
    },
  },
);

export const DealIdentifier = identifier('Deal', {
  name: text('name', 'Its name, where the account has made names unique.'),
  id: ref('Deal', 'id', 'The deal itself.'),
});

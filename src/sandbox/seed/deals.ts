import type { ContactRecord } from '../../resources/contact/record.ts';
import { type DealProductLine, type DealRecord, dealType } from '../../resources/deal/record.ts';
import { type ProductRecord, productType } from '../../resources/product/record.ts';
import { API_USER } from '../account.ts';
import { money } from '../cells.ts';
import { COMPETITORS, dealNumber, netAmount } from './custom-fields.ts';
import type { SeedContext } from './random.ts';
import { PLANS } from './words.ts';

const DEALS = 150;
// The first ids in the recordings.
const FIRST_DEAL = 31_001_944_158;
const FIRST_PRODUCT = 31_000_985_825;

/** The product catalog. The last product has no price. */
export function seedProducts({ put, day, random }: SeedContext): Required<ProductRecord>[] {
  return Array.from({ length: 12 }, (_, index) => {
    const price = 50 * (index + 1);
    return put(productType, {
      id: String(FIRST_PRODUCT + index),
      name: `${PLANS[index % PLANS.length]} ${index < PLANS.length ? 'monthly' : 'yearly'}`,
      category: 'Software',
      product_code: `P-${100 + index}`,
      sku_number: random.chance(0.5) ? `SKU-${index}` : null,
      pricing_type: index === 11 ? 0 : 1,
      base_currency_amount: index === 11 ? null : price,
      description: 'Sold by the seat',
      product_pricings:
        index === 11 ? [] : ['USD', 'EUR'].map((currency, at) => pricing(index * 2 + at, currency, price)),
      created_at: day(-300),
      updated_at: day(-100),
    });
  });
}

/** A price in one currency, with recorded keys. */
const pricing = (index: number, currency_code: string, unit_price: number) => ({
  id: String(31_000_863_851 + index),
  currency_code,
  _destroy: false,
  billing_cycle: null,
  billing_type: null,
  unit_price,
  setup_fee: null,
  is_locked: false,
});

/** Deals in every stage, mostly with contacts of one company. */
export function seedDeals(
  context: SeedContext,
  contacts: readonly Required<ContactRecord>[],
  products: readonly Required<ProductRecord>[],
): Required<DealRecord>[] {
  return Array.from({ length: DEALS }, (_, index) => addDeal(context, contacts, products, index));
}

/** One deal with contacts of one company. Every eighth has products. */
function addDeal(
  { put, random, day, some, owner, account }: SeedContext,
  contacts: readonly Required<ContactRecord>[],
  products: readonly Required<ProductRecord>[],
  index: number,
): Required<DealRecord> {
  const id = String(FIRST_DEAL + index);
  const buyer = random.pick(contacts);
  const [employer] = buyer.sales_accounts;
  const colleagues = contacts.filter(({ sales_accounts }) => employer && sales_accounts[0]?.id === employer.id);
  const stage = random.pick(account.store.of('DealStage').query());
  const lines = index % 8 === 0 ? random.some(products, 2).map((product, at) => line(id, product, index * 2 + at)) : [];
  const sum = lines.reduce((total, { unit_price, quantity }) => total + (unit_price ?? 0) * (quantity ?? 0), 0);
  const created = -200 + index;
  const closed = stage.forecast_type !== 'Open';
  const deal = {
    id,
    name: `${employer?.name ?? buyer.display_name} // ${random.pick(PLANS)}`,
    amount: money(lines.length > 0 ? sum : random.below(400) * 25),
    deal_stage_id: stage.id,
    deal_pipeline_id: String(stage.deal_pipeline_id),
    deal_reason_id: stage.forecast_type === 'Closed Lost' ? some('DealReason') : null,
    deal_type_id: some('DealType'),
    deal_payment_status_id: some('DealPaymentStatus'),
    deal_product_id: some('DealProduct'),
    lead_source_id: some('LeadSource'),
    campaign_id: some('Campaign'),
    territory_id: some('Territory'),
    sales_account_id: employer?.id ?? null,
    contact_ids: [...new Set([buyer.id, ...random.some(colleagues, random.below(3)).map((one) => one.id)])],
    owner_id: owner(),
    products: lines,
    tags: index % 4 === 0 ? ['key account'] : [],
    custom_field: customCells({ random, day }, id, index),
    expected_close: day(random.below(90) - 20).slice(0, 10),
    closed_date: closed ? day(-random.below(25)) : null,
    created_at: day(created),
    updated_at: day(Math.floor(created / 3)),
    stage_updated_time: day(Math.floor(created / 2)),
  };
  const { amount, custom_field } = deal;
  const net = netAmount(amount, custom_field.cf_discount);
  return put(dealType, { ...deal, custom_field: { ...custom_field, cf_net_amount: net } });
}

const customCells = ({ random, day }: Pick<SeedContext, 'random' | 'day'>, id: string, index: number) => ({
  cf_purchase_order: null,
  cf_discount: random.below(20),
  cf_needs_approval: random.chance(0.2),
  cf_competitor: COMPETITORS[index % 5] ?? null,
  cf_decision_at: index % 4 === 0 ? day((index % 30) + 1, 15) : null,
  cf_approver: index % 6 === 0 ? Number(API_USER) : null,
  cf_deal_number: dealNumber(id),
});

/** A product on a deal, with recorded keys. */
const line = (
  deal_id: string,
  product: Required<ProductRecord>,
  index: number,
): DealProductLine & Readonly<Record<string, unknown>> => {
  const association_id = String(31_001_233_264 + index);
  return {
    product_id: product.id,
    unit_price: product.base_currency_amount ?? 0,
    setup_fee: null,
    billing_type: null,
    billing_cycle: null,
    currency_code: 'USD',
    quantity: (index % 3) + 1,
    discount: 0,
    discount_type: 1,
    deal_id,
    association_id,
    _id: association_id,
    avatar: null,
    owner_id: null,
    id: product.id,
    name: product.name,
    pricing_type: product.pricing_type,
    category: product.category,
  };
};

import { type Account, type Columns, type Draft, objectsIn } from '../account.ts';
import type { Row } from '../store.ts';
import { decimal, number, wrongType } from './cast.ts';
import { objectsOf, rowOf } from './draft.ts';

/** Maximum number of products on a deal or document. */
const MOST = 100;

/** Discounts are percentages by default. */
const PER_CENT = 1;

/** A product on a deal or document: the sent attributes and the product itself. */
interface ProductLine {
  readonly item: Columns;
  readonly product: Row;
}

/** The lines of `products`; `undefined` if `products` was not sent or is refused. */
export function linesOf(draft: Draft): readonly ProductLine[] | undefined {
  if (!draft.sent('products')) return undefined;
  const items = objectsOf(draft.given.products ?? []);
  if (!items) draft.refuse(wrongType('products'));
  else if (items.length > MOST) draft.refuse(`You can't add more than ${MOST} products`);
  const lines = (items ?? [])
    .filter((item) => item._destroy !== true)
    .map((item) => ({ item, product: rowOf(draft.account, 'Product', item.product_id ?? item.id) }));
  if (lines.some(({ product }) => !product)) draft.refuse("Product doesn't exist");
  if (draft.problems.length > 0) return undefined;
  return lines.flatMap(({ item, product }) => (product ? [{ item, product }] : []));
}

/** The price on the line, or else the product's price in the currency. */
export function termsOf(account: Account, { item, product }: ProductLine, currency: string): Columns {
  const said = (column: string): unknown => number(item[column], { account, column, before: null });
  const prices = objectsIn(product.product_pricings);
  const price = prices.find(({ currency_code }) => currency_code === currency);
  return {
    unit_price: said('unit_price') ?? price?.unit_price ?? product.base_currency_amount ?? 0,
    setup_fee: said('setup_fee') ?? price?.setup_fee ?? null,
    billing_type: price?.billing_type ?? null,
    billing_cycle: said('billing_cycle') ?? price?.billing_cycle ?? null,
    currency_code: currency,
    quantity: said('quantity') ?? 1,
    discount: said('discount') ?? 0,
    discount_type: said('discount_type') ?? PER_CENT,
  };
}

/** The total of the lines, rounded to cents. */
export function sumOf(lines: readonly Columns[]): number {
  const cents = lines.map(({ unit_price, quantity, discount, discount_type }) => {
    const whole = Number(unit_price) * Number(quantity);
    const off = discount_type === PER_CENT ? (whole * Number(discount)) / 100 : Number(discount);
    return Math.round((whole - off) * 100);
  });
  return cents.reduce((sum, part) => sum + part, 0) / 100;
}

export const amountOf = (lines: readonly Columns[]): string => decimal(sumOf(lines));

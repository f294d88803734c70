import { GraphQLError } from 'graphql';
import { FreshsalesError } from '../../freshsales/errors.ts';
import { isObject } from '../../freshsales/json.ts';
import { toDecimal } from '../../freshsales/values.ts';
import type { WriteResponse } from '../../freshsales/writes.ts';
import { ignored, withColumns } from '../../mutations/not-stored.ts';
import { isSameNumber } from '../../mutations/same-value.ts';
import type { Draft } from '../../mutations/writable.ts';
import type { Completed } from '../../mutations/write.ts';
import { type GivenInput, templateOf, updateCall } from '../../mutations/write-facts.ts';
import type { Context } from '../../records/context.ts';
import type { FieldCost } from '../../records/field-needs.ts';
import { readCall } from '../../records/record-type.ts';
import type { UserError } from '../../records/write-report.ts';
import { productType } from './record.ts';

/** Stores the prices of a new product, which may cost a read to see them, and a write. */
export const storedPrices = {
  cost: ({ pricings }: GivenInput): FieldCost[] => {
    if (!Array.isArray(pricings) || pricings.length === 0) return [];
    const fallback = { needs: 0, fallback: true } as const;
    return [
      { ...fallback, calls: 1, call: readCall(productType), when: 'only if the response shows no prices' },
      { ...fallback, calls: 2, call: templateOf(PUT_PRICES), when: 'only if POST ignores prices' },
    ];
  },
  run: completePrices,
};

const PUT_PRICES = updateCall(productType);

/** Some accounts ignore prices in a POST. They are written with the PUT that is known to take them (FACTS 12). */
async function completePrices(context: Context, draft: Draft, reply: WriteResponse): Promise<Completed> {
  const wanted = pricesIn(draft);
  const id = productIn(reply).id === undefined ? '' : String(productIn(reply).id);
  if (wanted.length === 0 || id === '') return { reply, userErrors: [] };
  try {
    const shown = shownIn(reply) ?? (await readPrices(context, id));
    const missing = wanted.filter((price) => !isAmong(price, shown));
    if (missing.length === 0) return { reply: withPrices(reply, shown), userErrors: [] };
    const written = await context.freshsales.write({
      method: PUT_PRICES.method,
      path: PUT_PRICES.path(id),
      include: ['product_pricings'],
      body: { product: { pricing_type: draft.columns.pricing_type, product_pricings: missing } },
      change: { type: 'Product', path: productType.path, ids: [id], touched: [], action: 'update' },
    });
    const now = shownIn(written) ?? [];
    return { reply: withPrices(reply, now), userErrors: pricesNotStored(draft, now) };
  } catch (error) {
    // The product exists, so the failure must not hide it.
    if (!(error instanceof FreshsalesError || error instanceof GraphQLError)) throw error;
    return { reply, userErrors: [ignored(pricesPath(draft), `The prices were not stored. ${error.message}`)] };
  }
}

/** Reports the prices that the response to a write lacks. */
export const checkedPrices = {
  cost: () => [],
  run: async (_context: Context, draft: Draft, reply: WriteResponse): Promise<Completed> => ({
    reply,
    userErrors: pricesNotStored(draft, shownIn(reply)),
  }),
};

const productIn = ({ body }: WriteResponse): Record<string, unknown> =>
  isObject(body) && isObject(body.product) ? body.product : {};

/** The prices in a response. Undefined if the include was not honoured. */
function shownIn(reply: WriteResponse): Record<string, unknown>[] | undefined {
  const { product_pricings: prices } = productIn(reply);
  return Array.isArray(prices) ? prices.filter(isObject) : undefined;
}

async function readPrices(context: Context, id: string): Promise<Record<string, unknown>[]> {
  const answer = await context.freshsales.get(productType, id, ['product_pricings']);
  const prices: unknown = answer?.row.product_pricings;
  return Array.isArray(prices) ? prices.filter(isObject) : [];
}

const withPrices = (reply: WriteResponse, prices: readonly object[]): WriteResponse =>
  withColumns(reply, 'product', { product_pricings: prices });

/** The prices that were sent, without those to remove. */
function pricesIn({ columns: { product_pricings: prices } }: Draft): Record<string, unknown>[] {
  return Array.isArray(prices) ? prices.filter(isObject).filter(({ _destroy }) => _destroy !== true) : [];
}

type Price = Readonly<Record<string, unknown>>;

/** True if a stored price has everything that was sent. Columns that the response lacks are not known. */
const isAmong = (price: Price, shown: readonly Price[]): boolean =>
  shown.some((stored) =>
    Object.entries(price).every(([name, sent]) => !(name in stored) || isSame(sent, stored[name])),
  );

const isSame = (sent: unknown, stored: unknown): boolean =>
  String(sent ?? '') === String(stored ?? '') || ([sent, stored].every(isNumeric) && isSameNumber(sent, stored));

const isNumeric = (value: unknown): boolean => typeof toDecimal(value) === 'string';

const pricesPath = ({ paths }: Draft): readonly string[] => paths.get('product_pricings') ?? ['input', 'pricings'];

/** An error for each price that the response lacks. */
function pricesNotStored(draft: Draft, shown: readonly Record<string, unknown>[] | undefined): UserError[] {
  const { product_pricings: sent } = draft.columns;
  if (!shown || !Array.isArray(sent)) return [];
  return sent.flatMap((price: unknown, index) => {
    const path = [...pricesPath(draft), String(index)];
    if (!isObject(price)) return [];
    if (price._destroy !== true)
      return isAmong(price, shown) ? [] : [ignored(path, 'Freshsales did not store this price as it was sent.')];
    const isKept = shown.some(({ id, _destroy }) => String(id) === String(price.id) && _destroy !== true);
    return isKept ? [ignored(path, 'Freshsales did not remove this price.')] : [];
  });
}

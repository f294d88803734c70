import type { Context } from 'hono';
import { type Account, type Columns, type Draft, defineSandbox, objectsIn, type Step } from '../../sandbox/account.ts';
import { answer, noSuchRoute } from '../../sandbox/answers.ts';
import { queryOf } from '../../sandbox/paging.ts';
import { answerRecord } from '../../sandbox/render.ts';
import { found } from '../../sandbox/routes/request.ts';
import { columns, flag, moment, number, reference, text, whole, wrongType } from '../../sandbox/writes/cast.ts';
import { customFieldStep } from '../../sandbox/writes/custom-field.ts';
import { idOf, objectsOf } from '../../sandbox/writes/draft.ts';
import { restore } from '../../sandbox/writes/recycle.ts';
import { productType } from './record.ts';

/** Prices are added, changed by id or currency, and removed with `_destroy`. */
const pricings: Step = (draft) => {
  if (!draft.sent('product_pricings')) return;
  if (!draft.before && !draft.account.behaviours.pricesInCreate) return draft.set({ product_pricings: [] });
  const items = objectsOf(draft.given.product_pricings ?? []);
  if (!items) return draft.refuse(wrongType('product_pricings'));
  let rows = objectsIn(draft.before?.product_pricings);
  for (const item of items) {
    const known = rows.find(({ id, currency_code }) =>
      item.id ? id === idOf(item.id) : currency_code === item.currency_code,
    );
    if (item._destroy === true) rows = rows.filter((row) => row !== known);
    else {
      const row = pricing(draft, { ...known, ...item });
      rows = known ? rows.map((one) => (one === known ? { ...row, id: known.id } : one)) : [...rows, row];
    }
  }
  const [base] = draft.account.store.of('Currency').query();
  const main = rows.find(({ currency_code }) => currency_code === base?.currency_code) ?? rows[0];
  draft.set({ product_pricings: rows, base_currency_amount: main?.unit_price ?? null });
  if (rows.length > 0 && !draft.value('pricing_type')) draft.set({ pricing_type: 1 });
};

/** One price with recorded keys. */
function pricing(draft: Draft, item: Columns): Columns {
  const { account } = draft;
  const read = (column: string): unknown => number(item[column], { account, column, before: null });
  const { store } = account;
  const currencies = store.of('Currency').query(({ currency_code }) => currency_code === item.currency_code);
  if (currencies.length === 0) draft.refuse('Currency code is invalid');
  if (read('unit_price') === null) draft.refuse("Unit price can't be blank");
  return {
    id: store.nextId('ProductPricing'),
    currency_code: item.currency_code,
    _destroy: false,
    billing_cycle: read('billing_cycle'),
    billing_type: read('billing_type'),
    unit_price: read('unit_price'),
    setup_fee: read('setup_fee'),
    is_locked: false,
  };
}

/** Recorded as `{"success":"200"}`; documented as the product. */
function restoreProduct(account: Account, c: Context): Response {
  const row = found(restore(account, productType, c.req.param('id') ?? ''), productType.one);
  if (account.behaviours.restoredProduct === 'success') return answer({ success: '200' });
  const { include } = queryOf(c.req.url);
  return answerRecord(account, productType, row, { endpoint: 'PUT /cpq/products/{id}/restore', include });
}

export const productSandbox = defineSandbox(
  productType,
  {
    columns: {
      ...columns('name category product_code sku_number description', text()),
      valid_till: moment,
      is_active: flag,
      pricing_type: whole,
      owner_id: reference('User'),
      territory_id: reference('Territory'),
      parent_product: reference('Product'),
    },
    steps: [
      (draft) => draft.require('name', "Name can't be blank"),
      (draft) => {
        if (draft.changes.pricing_type === null) draft.set({ pricing_type: 0 });
      },
      pricings,
      customFieldStep,
    ],
    attributes: ['product_pricings', 'custom_field'],
  },
  {
    fill: (row, given) => ({ is_active: given.is_active ?? true, name: row.name }),
    read: {},
    // There is no list of products.
    routes: (api, _ui, account) => {
      api.get('/cpq/products', () => noSuchRoute());
      api.put('/cpq/products/:id/restore', (c) => restoreProduct(account, c));
    },
  },
);

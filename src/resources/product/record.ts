import { type Identified, jsonObject, listOf, nullable, type RecordOf } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { readOne } from '../../records/strategies/read-one.ts';

/** Price of a product in one currency. */
export interface ProductPricing extends Identified {
  currency_code: string;
  unit_price: number | null;
  setup_fee: number | null;
  billing_type: number | null;
  billing_cycle: number | null;
  is_locked: boolean;
}

const columns = {
  name: '',
  category: nullable<string>(),
  custom_field: jsonObject(),
  product_code: nullable<string>(),
  sku_number: nullable<string>(),
  parent_product: nullable<string>(),
  territory_id: nullable<string>(),
  valid_till: nullable<string>(),
  is_active: false,
  owner_id: nullable<string>(),
  is_deleted: false,
  created_at: '',
  updated_at: '',
  pricing_type: 0,
  avatar: nullable<string>(),
  base_currency_amount: nullable<number>(),
  creater_id: '',
  updater_id: nullable<string>(),
  description: nullable<string>(),
};

const included = {
  product_pricings: listOf<ProductPricing>(),
};

/** Freshsales cannot list products. */
export interface ProductRecord extends RecordOf<typeof columns, typeof included> {}

const blank: Required<ProductRecord> = { id: '', ...columns, ...included };

export const productType = defineRecordType({
  name: 'Product',
  path: 'cpq/products',
  one: 'product',
  many: 'products',
  includes: {
    product_pricings: { embedded: 'product_pricings' },
  },
  sideloadColumns: ['name', 'category', 'pricing_type', 'avatar'],
  grant: 'products',
  fetch: [readOne()],
  included,
  blank,
});

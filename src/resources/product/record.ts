import type { Identified, JsonObject } from '../../freshsales/resource.ts';
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

/** Freshsales cannot list products. */
export interface ProductRecord extends Identified {
  name: string;
  category: string | null;
  custom_field: JsonObject;
  product_code: string | null;
  sku_number: string | null;
  parent_product: string | null;
  territory_id: string | null;
  valid_till: string | null;
  is_active: boolean;
  owner_id: string | null;
  is_deleted: boolean;
  created_at: string;
  updated_at: string;
  pricing_type: number;
  avatar: string | null;
  base_currency_amount: number | null;
  creater_id: string;
  updater_id: string | null;
  description: string | null;
  product_pricings?: ProductPricing[];
}

export const productType = defineRecordType({
  name: 'Product',
  path: 'cpq/products',
  one: 'product',
  many: 'products',
  includes: {
    product_pricings: { embedded: 'product_pricings' },
  },
  mini: ['name', 'category', 'pricing_type', 'avatar'],
  grant: 'products',
  fetch: [readOne()],
  blank: (): Required<ProductRecord> => ({
    id: '',
    name: '',
    category: null,
    custom_field: {},
    product_code: null,
    sku_number: null,
    parent_product: null,
    territory_id: null,
    valid_till: null,
    is_active: false,
    owner_id: null,
    is_deleted: false,
    created_at: '',
    updated_at: '',
    pricing_type: 0,
    avatar: null,
    base_currency_amount: null,
    creater_id: '',
    updater_id: null,
    description: null,
    product_pricings: [],
  }),
});

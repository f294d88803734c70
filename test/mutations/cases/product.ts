import { productType } from '../../../src/resources/product/record.ts';
import { type Case, columns, latest } from '../case.ts';

/** Every mutation of one product. */
export const productCases: readonly Case[] = [
  {
    mutation: 'createProduct',
    args: 'input: { name: "Support", productCode: "S-1", pricings: [{ currencyCode: "USD", unitPrice: "99.90" }] }',
    select: 'product { name pricingType pricings { currencyCode unitPrice } }',
    requests: ['POST /cpq/products?include=product_pricings'],
    body: {
      product: {
        ...{ name: 'Support', product_code: 'S-1', pricing_type: 1 },
        product_pricings: [{ currency_code: 'USD', unit_price: 99.9 }],
      },
    },
    payload: {
      product: { name: 'Support', pricingType: 'ONE_TIME', pricings: [{ currencyCode: 'USD', unitPrice: '99.9' }] },
    },
    look: latest(productType, 'name', 'product_code'),
    there: { name: 'Support', product_code: 'S-1' },
  },
  {
    mutation: 'updateProduct',
    args: 'id: 701, input: { isActive: false, pricings: [{ id: 752, currencyCode: "EUR", unitPrice: 0, isRemoved: true }, { currencyCode: "USD", unitPrice: 12 }] }',
    select: 'product { isActive pricings { currencyCode unitPrice } }',
    requests: ['PUT /cpq/products/701?include=product_pricings'],
    body: {
      product: {
        is_active: false,
        pricing_type: 1,
        product_pricings: [
          { id: 752, _destroy: true },
          { currency_code: 'USD', unit_price: 12 },
        ],
      },
    },
    payload: { product: { isActive: false, pricings: [{ currencyCode: 'USD', unitPrice: '12' }] } },
    look: columns(productType, '701', 'is_active', 'name'),
    there: { is_active: false, name: 'Seat' },
  },
  {
    mutation: 'deleteProduct',
    args: 'id: 701',
    select: 'deletedProductId',
    requests: ['DELETE /cpq/products/701'],
    payload: { deletedProductId: 'gid://freshsales/Product/701' },
    look: columns(productType, '701', 'is_deleted'),
    there: { is_deleted: true },
  },
  {
    mutation: 'restoreProduct',
    args: 'id: 702',
    select: 'product { name isDeleted }',
    // Recorded was a word of success instead of the product, which is read then.
    requests: ['PUT /cpq/products/702/restore', 'GET /cpq/products/702'],
    body: {},
    payload: { product: { name: 'Old seat', isDeleted: false } },
    look: columns(productType, '702', 'is_deleted'),
    there: { is_deleted: false },
  },
];

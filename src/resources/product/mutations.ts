import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { createMutation, restoreMutation, updateMutation } from '../../mutations/record-mutations.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { CreateProductInput, UpdateProductInput } from './inputs.ts';
import { checkedPrices, storedPrices } from './prices.ts';
import { type ProductRecord, productType } from './record.ts';
import { Product } from './type.ts';

const productFacts: WriteFacts<ProductRecord> = { recordType: productType, type: Product };

builder.mutationFields((t) => ({
  createProduct: t.field(
    createMutation(productFacts, CreateProductInput, 'Creates a product.', {
      complete: storedPrices,
    }),
  ),
  updateProduct: t.field(
    updateMutation(productFacts, UpdateProductInput, 'Updates a product.', {
      complete: checkedPrices,
    }),
  ),
  deleteProduct: t.field(deleteMutation(productFacts, 'Deletes a product. It can be restored with restoreProduct.')),
  restoreProduct: t.field(restoreMutation(productFacts, 'Brings back a deleted product from the recycle bin.')),
}));

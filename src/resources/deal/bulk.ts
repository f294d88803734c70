import { bulkDeletes, bulkUpdates } from '../../mutations/bulk-mutations.ts';
import { builder } from '../../schema/builder.ts';
import { UpdateDealInput } from './inputs.ts';
import { dealFacts } from './mutations.ts';

// A bulk upsert of deals is refused by most accounts, and loses the links to contacts (FACTS 9): there is none here.
builder.mutationFields((t) => ({
  bulkUpdateDeals: t.field(bulkUpdates(dealFacts, UpdateDealInput, 'Applies the same change to many deals.')),
  bulkDeleteDeals: t.field(
    bulkDeletes(dealFacts, 'Deletes many deals. They can be restored from the recycle bin for 90 days.'),
  ),
}));

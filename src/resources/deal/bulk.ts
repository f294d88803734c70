import { bulkDeletes, bulkUpdates } from '../../mutations/bulk-mutations.ts';
import { builder } from '../../schema/builder.ts';
import { UpdateDealInput } from './inputs.ts';
import { dealFacts } from './mutations.ts';

// No bulk upsert: most accounts refuse it for deals, and it drops the links to contacts (FACTS 9).
builder.mutationFields((t) => ({
  bulkUpdateDeals: t.field(bulkUpdates(dealFacts, UpdateDealInput, 'Applies the same change to many deals.')),
  bulkDeleteDeals: t.field(
    bulkDeletes(dealFacts, 'Deletes many deals. They can be restored from the recycle bin for 90 days.'),
  ),
}));

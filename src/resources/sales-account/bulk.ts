import { builder } from '../../graph/builder.ts';
import { bulkUpserts } from '../../graph/bulk.ts';
import { bulkDeletesAccounts } from '../../graph/bulk-orders.ts';
import { ref, text } from '../../graph/writable.ts';
import { salesAccountFacts, UpdateSalesAccountInput } from './mutations.ts';

builder.mutationFields((t) => ({
  bulkUpsertSalesAccounts: t.field(
    bulkUpserts(salesAccountFacts, {
      by: { name: text('name', 'Its name.'), id: ref('SalesAccount', 'id', 'The account itself.') },
      input: UpdateSalesAccountInput,
      description: 'Changes or enters many accounts.',
    }),
  ),
  bulkDeleteSalesAccounts: t.field(
    bulkDeletesAccounts(salesAccountFacts, 'Deletes many accounts. They go to the recycle bin, for 90 days.'),
  ),
}));

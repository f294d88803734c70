import { builder } from '../../graph/builder.ts';
import { bulkUpserts } from '../../graph/bulk.ts';
import { bulkDeletesAccounts } from '../../graph/bulk-orders.ts';
import { ref, text } from '../../graph/writable.ts';
import { salesAccountFacts, UpdateSalesAccountInput } from './mutations.ts';

builder.mutationFields((t) => ({
  bulkUpsertSalesAccounts: t.field(
    bulkUpserts(salesAccountFacts, {
      by: { name: text('name', 'Name.'), id: ref('SalesAccount', 'id', 'The sales account.') },
      input: UpdateSalesAccountInput,
      description: 'Creates or updates many sales accounts.',
    }),
  ),
  bulkDeleteSalesAccounts: t.field(
    bulkDeletesAccounts(salesAccountFacts, 'Deletes many sales accounts. They stay in the recycle bin for 90 days.'),
  ),
}));

import { bulkUpserts } from '../../mutations/bulk.ts';
import { bulkDeletesAccounts } from '../../mutations/bulk-mutations.ts';
import { ref, text } from '../../mutations/writable.ts';
import { builder } from '../../schema/builder.ts';
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

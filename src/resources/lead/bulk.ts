import { builder } from '../../graph/builder.ts';
import { bulkUpserts } from '../../graph/bulk.ts';
import { assignsOwner, bulkDeletes, bulkUpdates } from '../../graph/bulk-orders.ts';
import { ref, text } from '../../graph/writable.ts';
import { leadFacts, UpdateLeadInput } from './mutations.ts';

builder.mutationFields((t) => ({
  bulkUpsertLeads: t.field(
    bulkUpserts(leadFacts, {
      by: { email: text('emails', 'An e-mail address of theirs.'), id: ref('Lead', 'id', 'The lead itself.') },
      input: UpdateLeadInput,
      description: 'Changes or enters many leads. Freshsales Classic only.',
    }),
  ),
  bulkUpdateLeads: t.field(
    bulkUpdates(leadFacts, UpdateLeadInput, 'Makes the same change to many leads. Freshsales Classic only.'),
  ),
  bulkDeleteLeads: t.field(bulkDeletes(leadFacts, 'Deletes many leads. Recoverable. Freshsales Classic only.')),
  bulkAssignOwnerToLeads: t.field(assignsOwner(leadFacts, 'Gives many leads to an owner. Freshsales Classic only.')),
}));

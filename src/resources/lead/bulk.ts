import { bulkUpserts } from '../../mutations/bulk.ts';
import { assignsOwner, bulkDeletes, bulkUpdates } from '../../mutations/bulk-mutations.ts';
import { ref, text } from '../../mutations/writable.ts';
import { builder } from '../../schema/builder.ts';
import { leadFacts, UpdateLeadInput } from './mutations.ts';

builder.mutationFields((t) => ({
  bulkUpsertLeads: t.field(
    bulkUpserts(leadFacts, {
      by: { email: text('emails', 'One of the e-mail addresses.'), id: ref('Lead', 'id', 'The lead.') },
      input: UpdateLeadInput,
      description: 'Creates or updates many leads. Classic only.',
    }),
  ),
  bulkUpdateLeads: t.field(
    bulkUpdates(leadFacts, UpdateLeadInput, 'Applies the same change to many leads. Classic only.'),
  ),
  bulkDeleteLeads: t.field(
    bulkDeletes(leadFacts, 'Deletes many leads. They can be restored from the recycle bin. Classic only.'),
  ),
  bulkAssignOwnerToLeads: t.field(assignsOwner(leadFacts, 'Assigns many leads to an owner. Classic only.')),
}));

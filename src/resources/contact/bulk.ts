import { builder } from '../../graph/builder.ts';
import { bulkUpserts } from '../../graph/bulk.ts';
import { assignsOwner, bulkDeletes, bulkUpdates } from '../../graph/bulk-orders.ts';
import { ref, text } from '../../graph/writable.ts';
import { UpdateContactInput } from './inputs.ts';
import { contactFacts } from './mutations.ts';

builder.mutationFields((t) => ({
  bulkUpsertContacts: t.field(
    bulkUpserts(contactFacts, {
      by: {
        email: text('emails', 'An e-mail address of theirs.'),
        id: ref('Contact', 'id', 'The contact itself.'),
      },
      input: UpdateContactInput,
      description: 'Changes or enters many contacts.',
    }),
  ),
  bulkUpdateContacts: t.field(bulkUpdates(contactFacts, UpdateContactInput, 'Makes the same change to many contacts.')),
  bulkDeleteContacts: t.field(
    bulkDeletes(contactFacts, 'Deletes many contacts. Recoverable: they go to the recycle bin, for 90 days.'),
  ),
  bulkAssignOwnerToContacts: t.field(assignsOwner(contactFacts, 'Gives many contacts to an owner.')),
}));

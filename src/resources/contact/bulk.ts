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
        email: text('emails', 'One of the e-mail addresses.'),
        id: ref('Contact', 'id', 'The contact.'),
      },
      input: UpdateContactInput,
      description: 'Creates or updates many contacts.',
    }),
  ),
  bulkUpdateContacts: t.field(
    bulkUpdates(contactFacts, UpdateContactInput, 'Applies the same change to many contacts.'),
  ),
  bulkDeleteContacts: t.field(
    bulkDeletes(contactFacts, 'Deletes many contacts. They can be restored from the recycle bin for 90 days.'),
  ),
  bulkAssignOwnerToContacts: t.field(assignsOwner(contactFacts, 'Assigns many contacts to an owner.')),
}));

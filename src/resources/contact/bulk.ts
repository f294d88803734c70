import { bulkUpserts } from '../../mutations/bulk.ts';
import { assignsOwner, bulkDeletes, bulkUpdates } from '../../mutations/bulk-mutations.ts';
import { ref, text } from '../../mutations/writable.ts';
import { builder } from '../../schema/builder.ts';
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

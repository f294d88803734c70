import { bulkUpserts } from '../../mutations/bulk.ts';
import { assignsOwner, bulkDeletes, bulkUpdates } from '../../mutations/bulk-mutations.ts';
import { deleteMutation, forgetMutation } from '../../mutations/delete-mutations.ts';
import {
  cloneMutation,
  createMutation,
  restoreMutation,
  updateMutation,
  upsertMutation,
  withoutSums,
} from '../../mutations/record-mutations.ts';
import { ref, text } from '../../mutations/writable.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { ContactIdentifier, CreateContactInput, MAX_ACCOUNTS, UpdateContactInput } from './inputs.ts';
import { type ContactRecord, contactType } from './record.ts';
import { Contact } from './type.ts';

const contactFacts: WriteFacts<ContactRecord> = {
  recordType: contactType,
  type: Contact,
  replacedLinks: { field: 'salesAccounts', type: 'SalesAccount', most: MAX_ACCOUNTS, path: contactType.path },
};

builder.mutationFields((t) => ({
  createContact: t.field(createMutation(contactFacts, CreateContactInput, 'Creates a contact.')),
  updateContact: t.field(updateMutation(contactFacts, UpdateContactInput, 'Updates a contact.')),
  upsertContact: t.field(
    upsertMutation(contactFacts, {
      by: ContactIdentifier,
      input: UpdateContactInput,
      description: 'Updates the contact with this e-mail address, mobile number or id, or creates one.',
      reshape: withoutSums,
    }),
  ),
  cloneContact: t.field(
    cloneMutation(
      contactFacts,
      UpdateContactInput,
      'Copies a contact. If e-mail addresses must be unique, the copy needs another one.',
    ),
  ),
  deleteContact: t.field(
    deleteMutation(contactFacts, 'Deletes a contact. It can be restored from the recycle bin for 90 days.'),
  ),
  // Observed at the UI base only (FACTS 7).
  restoreContact: t.field(
    restoreMutation(contactFacts, 'Brings back a deleted contact and its associated records from the recycle bin.', {
      path: '../contacts',
    }),
  ),
  forgetContact: t.field(
    forgetMutation(contactFacts, 'Permanently deletes a contact and all data associated with it.'),
  ),
}));

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

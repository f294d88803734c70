import { builder } from '../../graph/builder.ts';
import { deletes, forgets } from '../../graph/gone.ts';
import { clones, creates, restores, updates, upserts } from '../../graph/mutations.ts';
import { withoutSums } from '../../graph/sums.ts';
import type { WriteFacts } from '../../graph/write-facts.ts';
import { ContactIdentifier, CreateContactInput, UpdateContactInput } from './inputs.ts';
import { type ContactRecord, contactResource } from './resource.ts';
import { Contact, loadContact } from './type.ts';

export const contactFacts: WriteFacts<ContactRecord> = {
  resource: contactResource,
  type: Contact,
  loader: loadContact,
};

builder.mutationFields((t) => ({
  createContact: t.field(creates(contactFacts, CreateContactInput, 'Creates a contact.')),
  updateContact: t.field(updates(contactFacts, UpdateContactInput, 'Updates a contact.')),
  upsertContact: t.field(
    upserts(contactFacts, {
      by: ContactIdentifier,
      input: UpdateContactInput,
      description: 'Updates the contact with this e-mail address, mobile number or id, or creates one.',
      reshape: withoutSums,
    }),
  ),
  cloneContact: t.field(
    clones(
      contactFacts,
      UpdateContactInput,
      'Copies a contact. If e-mail addresses must be unique, the copy needs another one.',
    ),
  ),
  deleteContact: t.field(
    deletes(contactFacts, 'Deletes a contact. It can be restored from the recycle bin for 90 days.'),
  ),
  // Seen at the UI base only (FACTS 7).
  restoreContact: t.field(
    restores(contactFacts, 'Brings back a deleted contact and its associated records from the recycle bin.', {
      path: '../contacts',
    }),
  ),
  forgetContact: t.field(forgets(contactFacts, 'Permanently deletes a contact and all data associated with it.')),
}));

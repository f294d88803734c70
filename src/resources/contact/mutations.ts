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
  createContact: t.field(creates(contactFacts, CreateContactInput, 'Enters a contact.')),
  updateContact: t.field(updates(contactFacts, UpdateContactInput, 'Changes a contact.')),
  upsertContact: t.field(
    upserts(contactFacts, {
      by: ContactIdentifier,
      input: UpdateContactInput,
      description: 'Changes the contact that has this address, number or id, or enters one.',
      reshape: withoutSums,
    }),
  ),
  cloneContact: t.field(
    clones(
      contactFacts,
      UpdateContactInput,
      'Copies a contact. Where e-mail addresses are unique the copy needs another.',
    ),
  ),
  deleteContact: t.field(
    deletes(contactFacts, 'Deletes a contact. Recoverable: it goes to the recycle bin, for 90 days.'),
  ),
  // Seen at the UI base only (FACTS 7).
  restoreContact: t.field(
    restores(contactFacts, 'Brings a contact back from the recycle bin, with all that was about it.', {
      path: '../contacts',
    }),
  ),
  forgetContact: t.field(forgets(contactFacts, 'Erases a contact and all that was about them.')),
}));

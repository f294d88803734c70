import { lookupType } from '../../lookups/lookup-type.ts';
import { contactListLookup } from '../../lookups/lookup-types.ts';
import type { ConnectionArgs } from '../../records/window.ts';
import { builder } from '../../schema/builder.ts';
import { connectionArgs, pagesFetch, pagesField } from '../../schema/connection.ts';
import { contactType } from '../contact/record.ts';
import { contacts } from '../contact/type.ts';

export const ContactList = lookupType(contactListLookup, {
  description: 'A list of contacts.',
  query: 'contactLists',
  queryDescription: 'The contact lists.',
});

builder.objectFields(ContactList, (t) => ({
  name: t.exposeString('name', { semanticNonNull: true, description: 'Name of the contact list.' }),
  contacts: t.field({
    type: contacts.connection,
    semanticNonNull: true,
    description: 'The contacts on the list. One call per 100 rows, relations included.',
    args: connectionArgs,
    ...pagesField(
      pagesFetch((_args: ConnectionArgs, list?: { id: string }) => {
        const path = `contacts/lists/${list?.id ?? '{id}'}`;
        return { key: path, recordType: contactType, path };
      }),
    ),
  }),
}));

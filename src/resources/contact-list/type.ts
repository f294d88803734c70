import { lookupType } from '../../lookups/lookup-type.ts';
import { contactListLookup } from '../../lookups/lookup-types.ts';
import { pagesPrice } from '../../records/price.ts';
import { builder } from '../../schema/builder.ts';
import { connectionArgs, connectPages } from '../../schema/connection.ts';
import { contactType } from '../contact/record.ts';
import { ContactConnection, loadContact } from '../contact/type.ts';

export const [ContactList, loadContactList] = lookupType(contactListLookup, {
  description: 'A list of contacts.',
  query: 'contactLists',
  queryDescription: 'The contact lists.',
});

builder.objectFields(ContactList, (t) => ({
  name: t.exposeString('name', { semanticNonNull: true, description: 'Name of the contact list.' }),
  contacts: t.field({
    type: ContactConnection,
    semanticNonNull: true,
    description: 'The contacts on the list. One call per 100 rows, relations included.',
    args: connectionArgs,
    extensions: pagesPrice('contacts/lists/{id}'),
    resolve: ({ id }, args, context, info) => {
      const path = `contacts/lists/${id}`;
      return connectPages(context, info, {
        list: { key: path, recordType: contactType, path },
        args,
        loader: loadContact,
      });
    },
  }),
}));

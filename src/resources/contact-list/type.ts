import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type ContactListRecord, contactListLookup } from './resource.ts';

export const loadContactList = lookupLoader(contactListLookup);

export const ContactList = builder.objectRef<ContactListRecord>('ContactList');

ContactList.implement({
  description: 'A list of contacts.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Name of the contact list.' }),
  }),
});
nodeType(ContactList, loadContactList);

builder.queryField('contactLists', (t) => t.field(wholeList(ContactList, contactListLookup, 'The contact lists.')));

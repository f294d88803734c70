import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type ContactListRecord, contactListLookup } from './record.ts';

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

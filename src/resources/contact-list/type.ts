import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type ContactListRecord, contactListLookup } from './resource.ts';

export const loadContactList = lookupLoader(contactListLookup);

export const ContactList = builder.objectRef<ContactListRecord>('ContactList');

ContactList.implement({
  description: 'A list of contacts that somebody has put together by hand.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'What the list is called.' }),
  }),
});
nodeType(ContactList, loadContactList);

builder.queryField('contactLists', (t) => t.field(wholeList(ContactList, contactListLookup, 'The lists of contacts.')));

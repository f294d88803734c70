import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface ContactListRecord extends Identified {
  name: string;
}

export const contactListLookup = defineLookup({
  name: 'ContactList',
  list: 'lists',
  many: 'lists',
  paged: true,
  blank: (): ContactListRecord => ({ id: '', name: '' }),
});

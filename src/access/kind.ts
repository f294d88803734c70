import { lookups } from '../lookups/index.ts';
import { recordTypes } from '../resources/index.ts';
import * as folders from '../resources/record-types.ts';

/**
 * Kinds of grants besides those of record types. `lookups` are the small lists of stages, types and so on; `settings` the field
 * definitions; `search` the root fields that find records by a text; `timeline` the activities of a contact, which quote
 * records of every type.
 */
const OTHER_KINDS = ['contactLists', 'users', 'lookups', 'settings', 'search', 'timeline'] as const;

type Folders = typeof folders;

/** What grants are given for: each record type by its `grant`, and what is not a record. */
export type Kind = Folders[keyof Folders]['recordType']['grant'] | (typeof OTHER_KINDS)[number];

const recordKinds = Object.values(folders).map(({ recordType: { name, grant } }) => [name, grant] as const);

export const KINDS: readonly Kind[] = [...recordKinds.map(([, grant]) => grant), ...OTHER_KINDS];

/** The kinds of types that are not a record type or a lookup. */
const PARTS: readonly (readonly [string, Kind])[] = [
  ['User', 'users'],
  ['ContactList', 'contactLists'],
  ['AppointmentAttendee', 'appointments'],
  ['ContactSalesAccount', 'salesAccounts'],
  ['DealProductLine', 'products'],
  ['ProductPricing', 'products'],
  ['Activity', 'timeline'],
  ['SearchResult', 'search'],
  ['FieldDefinition', 'settings'],
  ['FieldChoice', 'settings'],
];

const kinds = new Map<string, Kind>([
  ...lookups.map(({ name }) => [name, 'lookups'] as const),
  ...recordKinds,
  ...PARTS,
]);

/** The kind of a GraphQL type, including connections, edges and views. Undefined for types without CRM data, such as PageInfo. */
export const kindOfType = (typeName: string): Kind | undefined =>
  kinds.get(typeName) ?? kinds.get(typeName.replace(/(Connection|Edge|View)$/, ''));

/** The record type of a kind. */
export const recordTypeOfKind = (kind: Kind) => recordTypes.find(({ name }) => kinds.get(name) === kind);

/** The kind of a type as `targetable` columns and search rows name it: a class name or snake case. */
export function kindOfTarget(type: unknown): Kind | undefined {
  const word = String(type);
  if (/(^|::)user$/i.test(word)) return 'users';
  const recordType = recordTypes.find(({ name, one }) => word === name || word.toLowerCase() === one);
  return recordType && kinds.get(recordType.name);
}

import { lookups } from '../lookups/index.ts';
import { RECORD_GRANTS } from '../records/record-type.ts';
import { recordTypes } from '../resources/index.ts';

/** What grants are given for: the record types, and what is no record. */
export const KINDS = [
  ...RECORD_GRANTS,
  'contactLists',
  'users',
  /** Small lists, such as stages and types. */
  'lookups',
  /** Field definitions. */
  'settings',
  /** Root fields that find records by a text. */
  'search',
  /** Activities of a contact, which mention records of all types. */
  'timeline',
] as const;

export type Kind = (typeof KINDS)[number];

/** Types without a record type. */
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
  ...recordTypes.map(({ name, grant }) => [name, grant] as const),
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

import { lookups } from '../lookups/index.ts';
import { recordTypes } from '../resources/index.ts';

/**
 * What grants are given for: each record type, and beside them what is no record. `lookups` are the small lists of stages,
 * types and the like; `settings` the field definitions; `search` the root fields that find records by a text; `timeline` the
 * activities of a contact, which tell of records of every type.
 */
export const KINDS = [
  'contacts',
  'salesAccounts',
  'deals',
  'leads',
  'tasks',
  'appointments',
  'notes',
  'salesActivities',
  'products',
  'contactLists',
  'users',
  'lookups',
  'settings',
  'search',
  'timeline',
] as const;

export type Kind = (typeof KINDS)[number];

const camelCase = (wire: string): string => wire.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());

const isKind = (name: string): name is Kind => (KINDS as readonly string[]).includes(name);

/** Types that are no table of their own, and whose content is of another one. */
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
  ...recordTypes.flatMap(({ name, many }) => {
    const kind = camelCase(many);
    return isKind(kind) ? [[name, kind] as const] : [];
  }),
  ...PARTS,
]);

/** The kind of a GraphQL type, connections, edges and views included; none for what carries no CRM data, such as PageInfo. */
export const kindOfType = (typeName: string): Kind | undefined =>
  kinds.get(typeName) ?? kinds.get(typeName.replace(/(Connection|Edge|View)$/, ''));

/** The record type that a kind is about, where it is about one. */
export const recordTypeOfKind = (kind: Kind) => recordTypes.find(({ name }) => kinds.get(name) === kind);

/** The kind named by a class name or in snake case, as `targetable` columns and search rows have it. */
export function kindOfTarget(type: unknown): Kind | undefined {
  const word = String(type);
  if (/(^|::)user$/i.test(word)) return 'users';
  const recordType = recordTypes.find(({ name, one }) => word === name || word.toLowerCase() === one);
  return recordType && kinds.get(recordType.name);
}

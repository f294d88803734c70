import { type GraphQLSchema, isObjectType } from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import { columnOf, type Include, isEmbedded, type Resource } from '../freshsales/resource.ts';
import { lookups } from '../lookups/index.ts';
import type { Grant } from '../records/context.ts';
import { sourceOf } from '../records/field-needs.ts';
import { recordTypes, tables } from '../resources/index.ts';
import * as folders from '../resources/record-types.ts';
import type { Complain } from '../yaml-file.ts';

/** Operations that `withhold` can exclude from `full`. */
export const WITHHOLDABLE = ['forget', 'bulkDelete'] as const;

/** The grants of a caller, one for each kind. */
export type Grants = Readonly<Record<Kind, Grant>>;

/** As the `owner` of a grant: the Freshsales user of the caller. It matches no record until it is replaced by an id. */
export const SELF = 'self';

/** True if grants depend on who the Freshsales user of the caller is. */
export const isSelfLimited = (grants: Grants): boolean => KINDS.some((kind) => grants[kind].owner === SELF);

/** A caller of the callers file, as far as `self` depends on it. */
interface SelfLimited {
  readonly name: string;
  readonly token?: string | undefined;
  readonly grants: Grants;
  readonly user?: string | undefined;
}

/** `owner: self` needs to know the Freshsales user, whichever way a request is authenticated. */
export function checkSelf(
  entries: readonly SelfLimited[],
  jwt: { readonly rules: readonly { readonly caller: string; readonly user?: string | undefined }[] } | undefined,
  complain: Complain,
): void {
  const needing = entries.filter(({ grants, user }) => isSelfLimited(grants) && user === undefined);
  for (const entry of needing) {
    if (entry.token !== undefined)
      complain(
        ['callers', entries.indexOf(entry)],
        'user is missing, which “owner: self” needs for a token. Add the id or e-mail address of a Freshsales user',
      );
    for (const [index, { caller: name, user }] of (jwt?.rules ?? []).entries())
      if (name === entry.name && user === undefined)
        complain(
          ['jwt', 'rules', index],
          `user is missing, which “owner: self” of ${entry.name} needs. Add the claim that names the Freshsales user, such as email`,
        );
  }
}

const OFF: Grant = { access: 'off', hideCustomFields: [], withhold: [] };

/** Kinds that are not given are off. */
export const toGrants = (given: Readonly<Partial<Record<Kind, Grant>>>): Grants =>
  Object.fromEntries(KINDS.map((kind) => [kind, given[kind] ?? OFF])) as Record<Kind, Grant>;

/** `deals: write`, as in the callers file. */
export const nameOf = (grants: Grants, kind: Kind): string => `${kind}: ${grants[kind].access}`;

/** Names the missing grant as in the callers file. Does not say if the requested record exists. */
export const missingGrant = (grants: Grants, kind: Kind, needed = 'read'): FreshsalesError =>
  new FreshsalesError('FORBIDDEN', `This needs ${kind}: ${needed}, and this caller has ${nameOf(grants, kind)}.`);

/** For requests that the narrowing of a grant excludes. */
export const notGranted = (what: string): FreshsalesError =>
  new FreshsalesError('FORBIDDEN', `${what} is not granted to this caller.`);

/**
 * Kinds of grants in addition to those of record types. `lookups` are the small lists of stages, types and so on; `settings` the field
 * definitions; `search` the root fields that find records by a text; `timeline` the activities of a contact, which quote
 * records of every type.
 */
const OTHER_KINDS = ['contactLists', 'users', 'lookups', 'settings', 'search', 'timeline'] as const;

type Folders = typeof folders;

/** The kinds that grants are given for: each record type by its `grant`, and those that are not records. */
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

/** The kind of a GraphQL type, including connections, edges, views and typed custom fields. Undefined for types without CRM data, such as PageInfo. */
export const kindOfType = (typeName: string): Kind | undefined =>
  kinds.get(typeName) ?? kinds.get(typeName.replace(/(Connection|Edge|View|CustomFields)$/, ''));

/** The record type of a kind. */
export const recordTypeOfKind = (kind: Kind) => recordTypes.find(({ name }) => kinds.get(name) === kind);

/** The kind of a type as `targetable` columns and search rows name it: a class name or snake case. */
export function kindOfTarget(type: unknown): Kind | undefined {
  const word = String(type);
  if (/(^|::)user$/i.test(word)) return 'users';
  const recordType = recordTypes.find(({ name, one }) => word === name || word.toLowerCase() === one);
  return recordType && kinds.get(recordType.name);
}

/** The column with the owner of a record. */
export const OWNER_COLUMN = 'owner_id';

/** True if the owner column comes only with `include=owner`: on contacts, deals and leads. */
export const needsOwnerInclude = ({ includes, included }: Resource): boolean =>
  'owner' in includes && OWNER_COLUMN in included;

const tableOfKey = new Map(
  tables.flatMap((table) => [table.many, ...(table.aliases ?? [])].map((key) => [key, table])),
);

/** The table of the rows under a key of a response, or in a column of a row. */
export const tableUnder = (key: string) => tableOfKey.get(key);

/** Rows inside records that have no table. */
const EMBEDDED: ReadonlyMap<string, Kind> = new Map([['product_pricings', 'products']]);

/** The kind of the rows under a key of a response, or in a column of a row. */
export const kindUnder = (key: string): Kind | undefined => {
  const table = tableUnder(key);
  return table ? kindOfType(table.name) : EMBEDDED.get(key);
};

/** The kind of the rows that an include brings. Undefined if they can be of any kind, as targets can. */
export const kindOfInclude = (include: Include): Kind | undefined =>
  kindUnder(isEmbedded(include) ? include.embedded : include.key);

/** The wire columns that a GraphQL field reads. */
export function columnsBehind(schema: GraphQLSchema, recordType: Resource, field: string): string[] {
  const type = schema.getType(recordType.name);
  const extensions = (isObjectType(type) ? type.getFields()[field]?.extensions : undefined) ?? {};
  const { columns = [], include = [], extra = [] } = sourceOf(extensions);
  const exposed = typeof extensions.pothosExposedField === 'string' ? [extensions.pothosExposedField] : [];
  const related = [include, extra].flat().flatMap((each) => {
    const found = recordType.includes[each];
    return found ? [columnOf(found)] : [];
  });
  return [...exposed, ...columns, ...related];
}

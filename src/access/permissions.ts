import { type GraphQLFieldConfig, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { columnOf, type Include, type Resource } from '../freshsales/resource.ts';
import { ACTIONS, type Action } from '../freshsales/writes.ts';
import { ACCESSES, type Access, type Grant } from '../records/context.ts';
import { sourceOf } from '../records/field-needs.ts';
import {
  columnsBehind,
  type Grants,
  KINDS,
  type Kind,
  kindOfInclude,
  kindOfTarget,
  kindOfType,
  OWNER_COLUMN,
  recordTypeOfKind,
} from './grant.ts';

// What grants allow. The granted schema, the checks of documents and values, the authorizer and the row filter all ask here.

/** Columns of a kind that grants hide, and the only ones they show if fields are narrowed. */
interface ColumnRules {
  readonly hidden: ReadonlySet<string>;
  readonly shown: ReadonlySet<string> | undefined;
}

export interface Permissions {
  readonly grants: Grants;
  /** The whole schema. */
  readonly full: GraphQLSchema;
  readonly columns: ReadonlyMap<Kind, ColumnRules>;
}

export const createPermissions = (full: GraphQLSchema, grants: Grants): Permissions => ({
  grants,
  full,
  columns: new Map(
    KINDS.flatMap((kind) => {
      const recordType = recordTypeOfKind(kind);
      return recordType ? [[kind, columnRules(full, grants, { kind, recordType })] as const] : [];
    }),
  ),
});

// Kinds

export const hasAccess = (grants: Grants, kind: Kind, needed: Access): boolean =>
  ACCESSES.indexOf(grants[kind].access) >= ACCESSES.indexOf(needed);

export const mayRead = (grants: Grants, kind: Kind): boolean => hasAccess(grants, kind, 'read');

/** For a GraphQL type. A type that belongs to no kind may not be read. */
export function mayReadType(grants: Grants, typeName: string): boolean {
  const kind = kindOfType(typeName);
  return kind !== undefined && mayRead(grants, kind);
}

/** For a type as `targetable` columns and search rows name it. */
export function mayReadTarget(grants: Grants, type: unknown): boolean {
  const kind = kindOfTarget(type);
  return kind !== undefined && mayRead(grants, kind);
}

/** True if records of all owners may be read. */
export const readsAllOwners = (grants: Grants, kind: Kind): boolean =>
  mayRead(grants, kind) && grants[kind].owner === undefined;

/** True if nothing narrows the grant, so that sums and extracts of the records may be shown as well. */
const readsEverything = (grants: Grants, kind: Kind): boolean =>
  readsAllOwners(grants, kind) && grants[kind].fields === undefined && grants[kind].views === undefined;

/** True if the caller may see only one owner's records of any kind. */
export const seesOneOwner = (grants: Readonly<Record<string, Grant>>): boolean =>
  Object.values(grants).some(({ owner }) => owner !== undefined);

/** The access that an action needs. */
export const accessFor = (action: Action): Access =>
  action === 'create' || action === 'update' || action === 'upsert' ? 'write' : 'full';

/**
 * A caller limited to one owner may not write records whose owner cannot be checked first: those found by an identifier, those
 * in a bulk write, and those in the recycle bin, which cannot be read by id.
 */
export function mayWrite(
  grants: Grants,
  { type, action }: { readonly type: string; readonly action: Action },
): boolean {
  const kind = kindOfType(type);
  if (!kind || !ACTIONS.includes(action)) return false;
  const { withhold, owner } = grants[kind];
  if (owner !== undefined && (['upsert', 'restore'].includes(action) || action.startsWith('bulk'))) return false;
  return hasAccess(grants, kind, accessFor(action)) && !withhold.includes(action);
}

/** Looking up by one exact value. The owner of a found record is known, but not its views. */
export const mayLookUp = (grants: Grants, kind: Kind): boolean =>
  mayRead(grants, 'search') && mayRead(grants, kind) && grants[kind].views === undefined;

/** Type-ahead search, which ignores views, owners and hidden fields. */
export const maySearch = (grants: Grants, kind: Kind): boolean =>
  mayRead(grants, 'search') && readsEverything(grants, kind);

/** A filter over records that are not shown would still reveal them by its count. */
export const mayFilter = (grants: Grants, kind: Kind): boolean =>
  readsAllOwners(grants, kind) && grants[kind].views === undefined;

// Fields and columns

/** Compares without case, accents, invisible characters and spaces around it, because Freshsales may ignore them. */
export const hidesCustomField = (grants: Grants, kind: Kind, name: string): boolean =>
  grants[kind].hideCustomFields.some((hidden) => folded(hidden) === folded(name));

const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{C}]/gu, '')
    .toLowerCase()
    .trim();

/** Typed custom fields are granted with the others. */
const GRANTED_WITH: Readonly<Record<string, string>> = { custom: 'customFields' };

export function mayInclude(grants: Grants, recordType: Pick<Resource, 'includes'>, name: string): boolean {
  const include = recordType.includes[name];
  if (!include) return false;
  const kind = kindOfInclude(include);
  return kind === undefined || mayRead(grants, kind);
}

/** Columns that reveal something about records of another kind. */
const DERIVED: Readonly<Record<string, Kind>> = {
  recent_note: 'notes',
  open_deals_amount: 'deals',
  open_deals_count: 'deals',
  won_deals_amount: 'deals',
  won_deals_count: 'deals',
};

/** Columns of a record type that would reveal records the caller may not see. */
export function hiddenColumns(grants: Grants, recordType: Resource): ReadonlySet<string> {
  const related = Object.entries(recordType.includes)
    // Lines of a deal repeat names and prices of products.
    .filter(
      ([name]) =>
        !mayInclude(grants, recordType, name) || (name === 'products' && !readsEverything(grants, 'products')),
    )
    .map(([, include]) => columnOf(include));
  const derived = Object.entries(DERIVED).filter(([, kind]) => !readsEverything(grants, kind));
  const hidden = new Set([...related, ...derived.map(([column]) => column)]);
  const kind = kindOfType(recordType.name);
  if (kind && grants[kind].owner !== undefined) hidden.delete(OWNER_COLUMN);
  return hidden;
}

/** Columns that every row keeps. */
const STRUCTURAL = ['id', 'partial', 'is_primary'];

function columnRules(
  schema: GraphQLSchema,
  grants: Grants,
  { kind, recordType }: { readonly kind: Kind; readonly recordType: Resource },
): ColumnRules {
  const { fields, owner } = grants[kind];
  const proof = owner === undefined ? [] : [OWNER_COLUMN];
  const shown = fields?.flatMap((field) => columnsBehind(schema, recordType, field));
  return { hidden: hiddenColumns(grants, recordType), shown: shown && new Set([...STRUCTURAL, ...proof, ...shown]) };
}

export function maySeeColumn({ columns }: Permissions, kind: Kind, column: string): boolean {
  const rules = columns.get(kind);
  return !rules || (!rules.hidden.has(column) && (rules.shown?.has(column) ?? true));
}

/** Counts would reveal how many records other owners have. */
const COUNTS: readonly string[] = ['totalCount'];

export function maySeeField({ grants, full, columns }: Permissions, typeName: string, name: string): boolean {
  const kind = kindOfType(typeName);
  if (!kind) return true;
  // The contacts of a list are not limited to the granted views.
  if (typeName === 'ContactList' && name === 'contacts') return grants.contacts.views === undefined;
  const { fields, owner } = grants[kind];
  if (typeName.endsWith('Connection')) return owner === undefined || !COUNTS.includes(name);
  const recordType = recordTypeOfKind(kind);
  if (recordType?.name !== typeName || name === 'id' || name === 'databaseId') return true;
  if (columnsBehind(full, recordType, name).some((column) => columns.get(kind)?.hidden.has(column))) return false;
  return fields === undefined || fields.includes(GRANTED_WITH[name] ?? name);
}

// Filters and lookups

/** The column behind a filter attribute: `contact_email.email` is the column `email`. */
const columnOfAttribute = (attribute: string): string =>
  attribute.replace(/^\w{1,40}_email\./, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The relation behind a filter attribute, such as `sales_account.id` or `sales_account_id`. */
function includeOfAttribute(kind: Kind, attribute: string): Include | undefined {
  const [head = ''] = columnOfAttribute(attribute).split('.');
  const includes = Object.entries(recordTypeOfKind(kind)?.includes ?? {});
  return includes.find(([name, each]) => [name, columnOf(each)].includes(head) || columnOf(each) === `${head}_id`)?.[1];
}

/** The kind of records that values of a filter attribute refer to. */
export function kindOfAttribute(kind: Kind, attribute: string): Kind | undefined {
  const include = includeOfAttribute(kind, attribute);
  return include && kindOfInclude(include);
}

/** Values that may not be seen may not be filtered by either, because results would reveal them. */
export function mayFilterBy(permissions: Permissions, kind: Kind, attribute: string): boolean {
  const column = columnOfAttribute(attribute);
  if (!recordTypeOfKind(kind)) return false;
  if ([attribute, column].some((name) => hidesCustomField(permissions.grants, kind, name))) return false;
  if (column.includes('.')) return mayFilterByRelated(permissions, kind, column);
  const behind = column.startsWith('cf_') ? 'custom_field' : column;
  return maySeeColumn(permissions, kind, behind) || (behind === 'email' && maySeeColumn(permissions, kind, 'emails'));
}

/** For a field that searches the records which refer to its parent. */
export function mayFilterWith(
  { type, extensions }: GraphQLFieldConfig<unknown, unknown>,
  permissions: Permissions,
): boolean {
  const { filteredBy } = sourceOf(extensions ?? {});
  const kind = kindOfType(getNamedType(type).name);
  if (filteredBy === undefined || !kind) return true;
  return mayFilter(permissions.grants, kind) && mayFilterBy(permissions, kind, filteredBy);
}

/** For a caller limited to one owner, only ids of related records reveal nothing. */
function mayFilterByRelated(permissions: Permissions, kind: Kind, attribute: string): boolean {
  const include = includeOfAttribute(kind, attribute);
  const related = include && kindOfInclude(include);
  if (!related || !mayRead(permissions.grants, related)) return false;
  if (!mayFilterBy(permissions, kind, columnOf(include))) return false;
  const column = attribute.split('.').slice(1).join('.');
  if (column === 'id' || !recordTypeOfKind(related)) return true;
  return permissions.grants[related].owner === undefined && mayFilterBy(permissions, related, column);
}

/** Columns that a lookup field searches, if they have other names. */
const LOOKUP_COLUMNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['phone', ['work_number', 'phone']],
  ['company_name', ['sales_accounts', 'company']],
  ['name', ['display_name', 'name']],
]);

/** Every column that the lookup searches must be visible. */
export function mayLookUpBy(permissions: Permissions, kind: Kind, field: string): boolean {
  const blank = recordTypeOfKind(kind)?.blank ?? {};
  const columns = (LOOKUP_COLUMNS.get(field) ?? []).filter((column) => column in blank);
  return (columns.length > 0 ? columns : [field]).every((column) => mayFilterBy(permissions, kind, column));
}

/** Field names of a GraphQL type, to check grants against. */
export const fieldsOfType =
  (schema: GraphQLSchema) =>
  (typeName: string): string[] => {
    const type = schema.getType(typeName);
    return isObjectType(type) ? Object.keys(type.getFields()) : [];
  };

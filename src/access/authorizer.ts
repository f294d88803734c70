import { isObject } from '../freshsales/json.ts';
import { columnOf, type Include, isEmbedded } from '../freshsales/resource.ts';
import type { Call, Meter } from '../freshsales/transport.ts';
import type { Action } from '../freshsales/writes.ts';
import { lookups } from '../lookups/index.ts';
import { recordTypes } from '../resources/index.ts';
import {
  type Grants,
  type Kind,
  kindOfInclude,
  kindOfTarget,
  kindOfType,
  kindUnder,
  missingGrant,
  notGranted,
  OWNER_COLUMN,
  recordTypeOfKind,
} from './grant.ts';
import {
  accessFor,
  hiddenColumns,
  hidesCustomField,
  mayRead,
  mayReadTarget,
  mayWrite,
  readsAllOwners,
} from './permissions.ts';

/** A record that a call names. */
export interface Subject {
  readonly kind: Kind;
  readonly id: string;
  /** The column that names it. Undefined if the path does. */
  readonly column?: string;
}

/**
 * Refuses every call that is not granted, before it is sent and whichever code makes it. `isOwned` tells if a record is known
 * to belong to the owner that the caller is limited to.
 */
export const createAuthorizer = (grants: Grants, isOwned: (kind: Kind, id: string) => boolean): Meter => ({
  allow(call) {
    for (const { kind, id } of subjectsOf(grants, call))
      if (!isOwned(kind, id)) throw notGranted('A record of another owner');
  },
  spend() {},
  answered() {},
});

/**
 * The records that a call names and that must belong to the caller's owner.
 *
 * @throws FORBIDDEN if the grants exclude the call, whichever records it names.
 */
export function subjectsOf(grants: Grants, call: Pick<Call, 'method' | 'path' | 'query' | 'body'>): Subject[] {
  const intent = intentOf(call);
  if (!intent) throw notGranted('This address of Freshsales');
  const { kinds, action, id } = intent;
  for (const kind of kinds) {
    if (!action && !mayRead(grants, kind)) throw missingGrant(grants, kind);
    if (action && !mayWrite(grants, { type: typeOf(kind), action }))
      throw missingGrant(grants, kind, accessFor(action));
  }
  const [kind, ...created] = kinds;
  if (!action || !kind) return [];
  if (!created.every((each) => readsAllOwners(grants, each)))
    throw notGranted('Creating records whose owner is not known');
  checkUnnamed(call, grants);
  if (call.body) checkBody(call.body, kind, grants);
  const named = namedIn(call, kind).map(({ id, column, kind: of }): Subject => {
    if (column === OWNER_COLUMN && grants[kind].owner === id) return { kind: 'users', id, column };
    if (!of || !mayRead(grants, of)) throw notGranted(`Naming records in ${column}`);
    return { kind: of, id, column };
  });
  const subjects: Subject[] = [...(id === undefined ? [] : [{ kind, id }]), ...named];
  return subjects.filter((each) => grants[each.kind].owner !== undefined);
}

/** A write to records that it does not name must be granted for all of them. */
function checkUnnamed({ path, query, body }: Pick<Call, 'path' | 'query' | 'body'>, grants: Grants): void {
  const given: Readonly<Record<string, unknown>> = { ...query, ...body };
  if (given.delete_associated_contacts_deals !== undefined)
    for (const kind of ['contacts', 'deals'] as const)
      if (!mayWrite(grants, { type: typeOf(kind), action: 'delete' }) || !readsAllOwners(grants, kind))
        throw notGranted('Deleting the contacts and deals of an account');
  if (path.startsWith('lists/') && given.all !== undefined && !readsAllOwners(grants, 'contacts'))
    throw notGranted('Emptying a list');
}

const typeOf = (kind: Kind): string => recordTypeOfKind(kind)?.name ?? (kind === 'contactLists' ? 'ContactList' : '');

/** Columns that are written under another name than they are read. */
const WRITTEN_AS: ReadonlyMap<string, string> = new Map([
  ['contacts_added_list', 'contact_ids'],
  ['contacts_removed_list', 'contact_ids'],
]);

/** Refuses hidden columns, and handing records over to another owner. */
function checkBody(body: object, kind: Kind, grants: Grants): void {
  const recordType = recordTypeOfKind(kind);
  const hidden = recordType ? hiddenColumns(grants, recordType) : new Set<string>();
  const { owner } = grants[kind];
  for (const object of objectsIn(body)) {
    for (const [key, value] of Object.entries(object)) {
      if (hidden.has(WRITTEN_AS.get(key) ?? key)) throw notGranted(`Writing ${key}`);
      if (hidesCustomField(grants, kind, key)) throw notGranted('Writing this custom field');
      if (owner !== undefined && key === OWNER_COLUMN && String(value) !== owner) throw notGranted('Another owner');
    }
    const { targetable_type: type } = object;
    if (type !== undefined && type !== null && !mayReadTarget(grants, type))
      throw notGranted('Writing on this kind of record');
  }
}

/** The effect of a call, read from its method and path. */
export interface Intent {
  readonly kinds: readonly Kind[];
  /** Undefined for a read. */
  readonly action?: Action;
  /** The record that a single write changes. */
  readonly id?: string;
}

/** Undefined for an unknown call, which is refused. Paths of the UI base start with `../`. */
export function intentOf({ method, path: given }: Pick<Call, 'method' | 'path'>): Intent | undefined {
  const path = given.replace(/^\.\.\//, '').replace(/\.json$/, '');
  const recordType = recordTypes.find((each) => path === each.path || path.startsWith(`${each.path}/`));
  if (recordType) {
    const kind = kindOfType(recordType.name);
    const rest = path
      .slice(recordType.path.length + 1)
      .split('/')
      .filter(Boolean);
    if (!kind) return undefined;
    return method === 'GET' ? readIntent(kind, rest) : writeIntent(kind, method, rest);
  }
  if (method === 'GET' || path.startsWith('filtered_search/')) return readElsewhere(path);
  return path === 'lists' || path.startsWith('lists/') ? writeList(method) : undefined;
}

function readIntent(kind: Kind, [first, sub]: readonly string[]): Intent | undefined {
  if (first === 'lists') return { kinds: [kind, 'contactLists'] };
  if (sub === undefined || first === 'view') return { kinds: [kind] };
  const below = sub === 'activities' || sub === 'timeline_feeds' ? 'timeline' : kindUnder(sub);
  return below && { kinds: [kind, below] };
}

function readElsewhere(path: string): Intent | undefined {
  const [head = '', entity] = path.split('/');
  const lookup = lookups.find(({ list }) => list === path);
  if (lookup) return { kinds: [kindOfType(lookup.name) ?? 'lookups'] };
  if (head === 'filtered_search') {
    const kind = kindOfTarget(entity);
    return kind && { kinds: [kind] };
  }
  if (head === 'selector') return { kinds: ['lookups'] };
  if (head === 'settings') return { kinds: ['settings'] };
  if (head === 'search' || head === 'lookup') return { kinds: ['search'] };
  return /^job_status/.test(head) ? { kinds: [] } : undefined;
}

const AFTER_COLLECTION: readonly (readonly [RegExp, Action])[] = [
  [/^upsert$/, 'upsert'],
  [/bulk_upsert$/, 'bulkUpsert'],
  [/bulk_(destroy|delete)$/, 'bulkDelete'],
  [/bulk_assign(_owner)?$/, 'bulkAssign'],
  [/bulk_(update|restore)$/, 'bulkUpdate'],
];

const AFTER_RECORD: Readonly<Record<string, Action>> = {
  'POST clone': 'create',
  'PUT ': 'update',
  'PUT restore': 'restore',
  'PUT manage_team_members': 'update',
  'DELETE ': 'delete',
  'DELETE forget': 'forget',
};

function writeIntent(
  kind: Kind,
  method: Call['method'],
  [first, sub = '', ...more]: readonly string[],
): Intent | undefined {
  if (more.length > 0) return undefined;
  if (first === undefined) return method === 'POST' ? { kinds: [kind], action: 'create' } : undefined;
  const [, action] = AFTER_COLLECTION.find(([pattern]) => pattern.test(first)) ?? [];
  if (action && sub === '') return { kinds: [kind], action };
  // Converting a lead creates a contact, an account and a deal.
  if (method === 'POST' && sub === 'convert')
    return { kinds: [kind, 'contacts', 'salesAccounts', 'deals'], action: 'update', id: first };
  const recordAction = AFTER_RECORD[`${method} ${sub}`];
  return recordAction && { kinds: [kind], action: recordAction, id: first };
}

function writeList(method: Call['method']): Intent | undefined {
  if (method === 'DELETE') return { kinds: ['contactLists'], action: 'delete' };
  return { kinds: ['contactLists'], action: method === 'POST' ? 'create' : 'update' };
}

/** A record that the body of a write names. */
interface Named {
  /** Undefined if the body names a type without a kind. */
  readonly kind: Kind | undefined;
  readonly id: string;
  /** The column that names it. */
  readonly column: string;
}

/** Columns that an include fills with ids of records. Lookups are granted as a whole. */
const columnsOfIncludes = recordTypes.flatMap(({ includes }) =>
  Object.values<Include>(includes).flatMap((include): [string, Kind][] => {
    const kind = isEmbedded(include) ? undefined : kindOfInclude(include);
    return kind === undefined || kind === 'lookups' ? [] : [[columnOf(include), kind]];
  }),
);

/** Columns that name other records, by kind. Rows of a list are named by their `id`. */
const KIND_OF_COLUMN: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...columnsOfIncludes,
  ['sales_accounts', 'salesAccounts'],
  ['contacts_added_list', 'contacts'],
  ['contacts_removed_list', 'contacts'],
  ['parent_product', 'products'],
  ['product_id', 'products'],
  ['products', 'products'],
  ['user_id', 'users'],
  ['team_user_ids', 'users'],
  ['from_list_id', 'contactLists'],
]);

/** Pairs of a type column and an id column, and the column of the record that contains them. */
const TYPED = [
  ['targetable_type', 'targetable_id', 'targetable_id'],
  ['attendee_type', 'attendee_id', 'appointment_attendees_attributes'],
] as const;

/** Columns with the records that a bulk write, an upsert or a change of a list is about. */
const SUBJECTS = ['ids', 'selected_ids', 'unique_identifier'];

/** All records that the body of a write names. `kind` is the kind that the write is about. */
function namedIn({ path, body }: Pick<Call, 'path' | 'body'>, kind: Kind): Named[] {
  const subject: Kind = kind === 'contactLists' ? 'contacts' : kind;
  const isBulkUpsert = path.endsWith('bulk_upsert');
  const named = Object.entries(body ?? {}).flatMap(([key, value]) => {
    const own = SUBJECTS.includes(key) || (isBulkUpsert && Array.isArray(value));
    return own ? idsIn(value).map((id) => ({ kind: subject, id, column: key })) : [];
  });
  return [...named, ...withinAll(body)];
}

function withinAll(value: unknown): Named[] {
  if (Array.isArray(value)) return value.flatMap(withinAll);
  if (!isObject(value)) return [];
  const byColumn = Object.entries(value).flatMap(([column, cell]): Named[] => {
    const kind = KIND_OF_COLUMN.get(column);
    return kind ? idsIn(cell).map((id) => ({ kind, id, column })) : withinAll(cell);
  });
  const typed = TYPED.flatMap(([type, key, column]): Named[] => {
    const id = value[key];
    return value[type] === undefined || value[type] === null || id === undefined || id === null
      ? []
      : [{ kind: kindOfTarget(value[type]), id: String(id), column }];
  });
  return [...byColumn, ...typed];
}

/** An id, several, or the ids of objects. */
function idsIn(cell: unknown): string[] {
  if (Array.isArray(cell)) return cell.flatMap(idsIn);
  if (isObject(cell)) return cell.id === undefined || cell.id === null ? [] : [String(cell.id)];
  return typeof cell === 'number' || (typeof cell === 'string' && cell !== '') ? [String(cell)] : [];
}

/** All objects in a value, nested ones included. */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

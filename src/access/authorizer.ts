import type { Action } from '../freshsales/change.ts';
import { isObject } from '../freshsales/rows.ts';
import type { Call, Meter } from '../freshsales/transport.ts';
import { lookups } from '../lookups/index.ts';
import { recordTypes } from '../resources/index.ts';
import { hiddenColumns, kindUnder, OWNER_COLUMN } from './columns.ts';
import { accessFor, type Grants, hidesCustomField, mayRead, mayWrite, outside, refused } from './grant.ts';
import { type Kind, kindOfTarget, kindOfType, recordTypeOfKind } from './kind.ts';
import { type Named, namedIn } from './named-records.ts';

/** What a call does, told by its method and path alone; none where it is not known, which is refused. */
export interface Intent {
  readonly kinds: readonly Kind[];
  /** Nothing where it only reads. */
  readonly action?: Action;
  /** The one record it changes. */
  readonly id?: string;
}

/**
 * The last look at every call before it goes out, whichever code wants to make it: what the grants do not hold is refused, and
 * nothing is spent. `isProven` says whether a record is known to be one the caller may change, where only its owner may.
 */
export const createAuthorizer = (grants: Grants, isProven: (kind: Kind, id: string) => boolean): Meter => ({
  allow(call) {
    for (const { kind, id } of subjectsOf(grants, call))
      if (!isProven(kind, id)) throw outside('A record of another owner');
  },
  spend() {},
  learn() {},
});

/** A record that has to be seen to be the caller's own before a call may name it. */
export interface Subject {
  readonly kind: Kind;
  readonly id: string;
  /** The column that names it; none where the path does. */
  readonly column?: string;
}

/**
 * Refuses a call that the grants do not hold, whatever records it is about. Gives the records that it names of which the caller
 * may see only its own.
 */
export function subjectsOf(grants: Grants, call: Pick<Call, 'method' | 'path' | 'query' | 'body'>): Subject[] {
  const intent = intentOf(call);
  if (!intent) throw outside('This address of Freshsales');
  const { kinds, action, id } = intent;
  for (const kind of kinds) {
    if (!action && !mayRead(grants, kind)) throw refused(grants, kind);
    if (action && !mayWrite(grants, { type: typeOf(kind), action })) throw refused(grants, kind, accessFor(action));
  }
  const [kind] = kinds;
  if (!action || !kind) return [];
  checkMade(kinds, grants);
  checkSweep(call, grants);
  if (call.body) checkBody(call.body, kind, grants);
  const named = namedIn(call, kind).map((each) => ({ ...each, kind: checkNamed(each, kind, grants) }));
  const subjects: Subject[] = [...(id === undefined ? [] : [{ kind, id }]), ...named];
  return subjects.filter((each) => grants[each.kind].owner !== undefined);
}

/** Whose the records are that Freshsales makes of another, such as of a lead, nobody can say beforehand. */
function checkMade([, ...made]: readonly Kind[], grants: Grants): void {
  if (made.some((kind) => grants[kind].owner !== undefined)) throw outside('Making records whose owner is not known');
}

/** What is done to records that are not named must be granted for all of them. */
function checkSweep({ path, query, body }: Pick<Call, 'path' | 'query' | 'body'>, grants: Grants): void {
  const given: Readonly<Record<string, unknown>> = { ...query, ...body };
  if (given.delete_associated_contacts_deals !== undefined)
    for (const kind of ['contacts', 'deals'] as const)
      if (!mayWrite(grants, { type: typeOf(kind), action: 'delete' }) || grants[kind].owner !== undefined)
        throw outside('Deleting the contacts and deals of an account');
  if (path.startsWith('lists/') && given.all !== undefined && !seesEvery(grants, 'contacts'))
    throw outside('Emptying a list');
}

const seesEvery = (grants: Grants, kind: Kind): boolean => mayRead(grants, kind) && grants[kind].owner === undefined;

const typeOf = (kind: Kind): string => recordTypeOfKind(kind)?.name ?? (kind === 'contactLists' ? 'ContactList' : '');

/** Reads what a call does from its address. A path below the UI base is one below the API root with `../` before it. */
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
    return method === 'GET' ? readBelow(kind, rest) : writeBelow(kind, method, rest);
  }
  if (method === 'GET' || path.startsWith('filtered_search/')) return readElsewhere(path);
  return path === 'lists' || path.startsWith('lists/') ? writeList(method) : undefined;
}

function readBelow(kind: Kind, [first, sub]: readonly string[]): Intent | undefined {
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

function writeBelow(
  kind: Kind,
  method: Call['method'],
  [first, sub = '', ...more]: readonly string[],
): Intent | undefined {
  if (more.length > 0) return undefined;
  if (first === undefined) return method === 'POST' ? { kinds: [kind], action: 'create' } : undefined;
  const together = AFTER_COLLECTION.find(([pattern]) => pattern.test(first));
  if (together && sub === '') return { kinds: [kind], action: together[1] };
  // Converting a lead makes a contact of it, and an account and a deal beside.
  if (method === 'POST' && sub === 'convert')
    return { kinds: [kind, 'contacts', 'salesAccounts', 'deals'], action: 'update', id: first };
  const action = AFTER_RECORD[`${method} ${sub}`];
  return action && { kinds: [kind], action, id: first };
}

function writeList(method: Call['method']): Intent | undefined {
  if (method === 'DELETE') return { kinds: ['contactLists'], action: 'delete' };
  return { kinds: ['contactLists'], action: method === 'POST' ? 'create' : 'update' };
}

/** Wire names under which related records are written, where it is not the name they are read by. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  contacts_added_list: 'contact_ids',
  contacts_removed_list: 'contact_ids',
};

/** What is written must not reach what may not be seen, or be given away. */
function checkBody(body: object, kind: Kind, grants: Grants): void {
  const recordType = recordTypeOfKind(kind);
  const hidden = recordType ? hiddenColumns(grants, recordType) : new Set<string>();
  const { owner } = grants[kind];
  for (const object of objectsIn(body)) {
    for (const [key, value] of Object.entries(object)) {
      if (hidden.has(WRITTEN_AS[key] ?? key)) throw outside(`Writing ${key}`);
      if (hidesCustomField(grants, kind, key)) throw outside('Writing this custom field');
      if (owner !== undefined && key === OWNER_COLUMN && String(value) !== owner) throw outside('Another owner');
    }
    const { targetable_type: type } = object;
    if (type !== undefined && type !== null && !mayReadNamed(kindOfTarget(type), grants))
      throw outside('Writing on this kind of record');
  }
}

const mayReadNamed = (kind: Kind | undefined, grants: Grants): kind is Kind =>
  kind !== undefined && mayRead(grants, kind);

/** A record of a kind that may not be read must not be named. */
function checkNamed({ kind, id, column }: Named, about: Kind, grants: Grants): Kind {
  if (column === OWNER_COLUMN && grants[about].owner === id) return 'users';
  if (!mayReadNamed(kind, grants)) throw outside(`Naming records in ${column}`);
  return kind;
}

export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

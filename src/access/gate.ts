import type { Action } from '../freshsales/change.ts';
import { isObject } from '../freshsales/rows.ts';
import type { Call, Meter } from '../freshsales/transport.ts';
import { lookups, resources } from '../resources/index.ts';
import { hiddenColumns, kindUnder, OWNER_COLUMN } from './columns.ts';
import { accessFor, type Grants, mayRead, mayWrite } from './grant.ts';
import { type Kind, kindOfTarget, kindOfType, resourceOfKind } from './kind.ts';
import { outside, refused } from './refused.ts';

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
export const createGate = (grants: Grants, isProven: (kind: Kind, id: string) => boolean): Meter => ({
  allow(call) {
    const intent = intentOf(call);
    if (!intent) throw outside('This address of Freshsales');
    for (const kind of intent.kinds) {
      if (!intent.action) {
        if (!mayRead(grants, kind)) throw refused(grants, kind);
        continue;
      }
      const type = typeOf(kind);
      if (!mayWrite(grants, { type, action: intent.action })) throw refused(grants, kind, accessFor(intent.action));
      if (grants[kind].owner !== undefined && intent.id !== undefined && !isProven(kind, intent.id))
        throw outside('A record of another owner');
    }
    const [kind] = intent.kinds;
    if (intent.action && kind && call.body) checkBody(call.body, kind, grants, isProven);
  },
  spend() {},
  learn() {},
});

const typeOf = (kind: Kind): string => resourceOfKind(kind)?.name ?? (kind === 'contactLists' ? 'ContactList' : '');

/** Reads what a call does from its address. A path below the UI base is one below the API root with `../` before it. */
export function intentOf({ method, path: given }: Pick<Call, 'method' | 'path'>): Intent | undefined {
  const path = given.replace(/^\.\.\//, '').replace(/\.json$/, '');
  const resource = resources.find((each) => path === each.path || path.startsWith(`${each.path}/`));
  if (resource) {
    const kind = kindOfType(resource.name);
    const rest = path
      .slice(resource.path.length + 1)
      .split('/')
      .filter(Boolean);
    if (!kind) return undefined;
    return method === 'GET' ? readBelow(kind, rest) : writeBelow(kind, method, rest);
  }
  if (method === 'GET' || path.startsWith('filtered_search/')) return readElsewhere(path);
  return path === 'lists' || path.startsWith('lists/') ? writeList(method) : undefined;
}

function readBelow(kind: Kind, [first, sub]: readonly string[]): Intent | undefined {
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

/** What is written must not reach what may not be seen, be given away, or be put on a record that is not the caller's. */
function checkBody(body: object, kind: Kind, grants: Grants, isProven: (kind: Kind, id: string) => boolean): void {
  const resource = resourceOfKind(kind);
  const hidden = resource ? hiddenColumns(grants, resource) : new Set<string>();
  const { owner, hideCustomFields } = grants[kind];
  for (const object of objectsIn(body)) {
    for (const [key, value] of Object.entries(object)) {
      if (hidden.has(WRITTEN_AS[key] ?? key)) throw outside(`Writing ${key}`);
      if (hideCustomFields.includes(key)) throw outside('Writing this custom field');
      if (owner !== undefined && key === OWNER_COLUMN && String(value) !== owner) throw outside('Another owner');
    }
    const { targetable_type: type, targetable_id: id } = object;
    const target = type === undefined ? undefined : kindOfTarget(type);
    if (type !== undefined && (!target || !mayRead(grants, target))) throw outside('Writing on this kind of record');
    if (target && grants[target].owner !== undefined && !isProven(target, String(id)))
      throw outside('Writing on a record of another owner');
  }
}

export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

import type { Call, Meter } from '../freshsales/transport.ts';
import { intentOf, namedIn, objectsIn } from './call-intent.ts';
import { OWNER_COLUMN } from './columns.ts';
import { type Grants, missingGrant, notGranted } from './grant.ts';
import { type Kind, recordTypeOfKind } from './kind.ts';
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
  learn() {},
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
const WRITTEN_AS: Readonly<Record<string, string>> = {
  contacts_added_list: 'contact_ids',
  contacts_removed_list: 'contact_ids',
};

/** Refuses hidden columns, and handing records over to another owner. */
function checkBody(body: object, kind: Kind, grants: Grants): void {
  const recordType = recordTypeOfKind(kind);
  const hidden = recordType ? hiddenColumns(grants, recordType) : new Set<string>();
  const { owner } = grants[kind];
  for (const object of objectsIn(body)) {
    for (const [key, value] of Object.entries(object)) {
      if (hidden.has(WRITTEN_AS[key] ?? key)) throw notGranted(`Writing ${key}`);
      if (hidesCustomField(grants, kind, key)) throw notGranted('Writing this custom field');
      if (owner !== undefined && key === OWNER_COLUMN && String(value) !== owner) throw notGranted('Another owner');
    }
    const { targetable_type: type } = object;
    if (type !== undefined && type !== null && !mayReadTarget(grants, type))
      throw notGranted('Writing on this kind of record');
  }
}

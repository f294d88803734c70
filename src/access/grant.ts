import { createHash } from 'node:crypto';
import { ACTIONS, type Action } from '../freshsales/change.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { ACCESSES, type Access, type Grant } from '../records/caller.ts';
import { KINDS, type Kind, kindOfType } from './kind.ts';

/** Operations that `withhold` can exclude from `full`. */
export const WITHHOLDABLE = ['forget', 'bulkDelete'] as const;

/** The grants of a caller, one for each kind. */
export type Grants = Readonly<Record<Kind, Grant>>;

const OFF: Grant = { access: 'off', hideCustomFields: [], withhold: [] };

/** Whatever is not granted is off. */
export const toGrants = (given: Readonly<Partial<Record<Kind, Grant>>>): Grants =>
  Object.fromEntries(KINDS.map((kind) => [kind, given[kind] ?? OFF])) as Record<Kind, Grant>;

const reaches = (access: Access, needed: Access): boolean => ACCESSES.indexOf(access) >= ACCESSES.indexOf(needed);

export const mayRead = (grants: Grants, kind: Kind): boolean => reaches(grants[kind].access, 'read');

/** Whether rows of this table may be shown; a table nobody has put under a kind is not. */
export function mayReadType(grants: Grants, typeName: string): boolean {
  const kind = kindOfType(typeName);
  return kind !== undefined && mayRead(grants, kind);
}

/** Whether a custom field is hidden, in whatever case it is named: Freshsales may not tell the cases apart. */
export const hidesCustomField = (grants: Grants, kind: Kind, name: string): boolean =>
  grants[kind].hideCustomFields.some((hidden) => hidden.toLowerCase() === name.toLowerCase());

/** True if the caller may see only one owner's records of any kind. */
export const seesOneOwner = (grants: Readonly<Record<string, Grant>>): boolean =>
  Object.values(grants).some(({ owner }) => owner !== undefined);

/** The access that an action needs. */
export const accessFor = (action: Action): Access =>
  action === 'create' || action === 'update' || action === 'upsert' ? 'write' : 'full';

/**
 * Whether the grants let this be done. Whoever sees one owner's records only does not write where it cannot be told whose they
 * are: to what an identifier finds, to many at once, or to what is in the recycle bin, where no record is read by itself.
 */
export function mayWrite(
  grants: Grants,
  { type, action }: { readonly type: string; readonly action: Action },
): boolean {
  const kind = kindOfType(type);
  if (!kind || !ACTIONS.includes(action)) return false;
  const { access, withhold, owner } = grants[kind];
  if (owner !== undefined && (['upsert', 'restore'].includes(action) || action.startsWith('bulk'))) return false;
  return reaches(access, accessFor(action)) && !withhold.includes(action);
}

/** `deals: write`, as the file has it. */
export const nameOf = (grants: Grants, kind: Kind): string => `${kind}: ${grants[kind].access}`;

/** Names equal grants equally, so that callers with the same ones share a schema. */
export const digestOf = (grants: Grants): string =>
  createHash('sha256')
    .update(JSON.stringify(KINDS.map((kind) => Object.entries(grants[kind]).sort())))
    .digest('hex');

/** Says which grant is missing, in the words of the file; never whether what was asked for exists. */
export const refused = (grants: Grants, kind: Kind, needed = 'read'): FreshsalesError =>
  new FreshsalesError(
    'FORBIDDEN',
    `This needs ${kind}: ${needed}, and this caller has ${kind}: ${grants[kind].access}.`,
  );

/** For what a grant's narrowing rules out. */
export const outside = (what: string): FreshsalesError =>
  new FreshsalesError('FORBIDDEN', `${what} is not granted to this caller.`);

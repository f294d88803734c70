import { createHash } from 'node:crypto';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Grant } from '../records/caller.ts';
import { KINDS, type Kind } from './kind.ts';

/** Operations that `withhold` can exclude from `full`. */
export const WITHHOLDABLE = ['forget', 'bulkDelete'] as const;

/** The grants of a caller, one for each kind. */
export type Grants = Readonly<Record<Kind, Grant>>;

const OFF: Grant = { access: 'off', hideCustomFields: [], withhold: [] };

/** Kinds that are not given are off. */
export const toGrants = (given: Readonly<Partial<Record<Kind, Grant>>>): Grants =>
  Object.fromEntries(KINDS.map((kind) => [kind, given[kind] ?? OFF])) as Record<Kind, Grant>;

/** `deals: write`, as in the callers file. */
export const nameOf = (grants: Grants, kind: Kind): string => `${kind}: ${grants[kind].access}`;

/** Callers with equal grants have equal digests, and share a schema. */
export const digestOf = (grants: Grants): string =>
  createHash('sha256')
    .update(JSON.stringify(KINDS.map((kind) => Object.entries(grants[kind]).sort())))
    .digest('hex');

/** Names the missing grant as in the callers file. Does not say if the requested record exists. */
export const missingGrant = (grants: Grants, kind: Kind, needed = 'read'): FreshsalesError =>
  new FreshsalesError('FORBIDDEN', `This needs ${kind}: ${needed}, and this caller has ${nameOf(grants, kind)}.`);

/** For requests that the narrowing of a grant excludes. */
export const notGranted = (what: string): FreshsalesError =>
  new FreshsalesError('FORBIDDEN', `${what} is not granted to this caller.`);

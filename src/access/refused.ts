import { FreshsalesError } from '../freshsales/errors.ts';
import type { Grants } from './grant.ts';
import type { Kind } from './kind.ts';

/** Says which grant is missing, in the words of the file; never whether what was asked for exists. */
export const refused = (grants: Grants, kind: Kind, needed = 'read'): FreshsalesError =>
  new FreshsalesError(
    'FORBIDDEN',
    `This needs ${kind}: ${needed}, and this caller has ${kind}: ${grants[kind].access}.`,
  );

/** For what a grant's narrowing rules out. */
export const outside = (what: string): FreshsalesError =>
  new FreshsalesError('FORBIDDEN', `${what} is not granted to this caller.`);

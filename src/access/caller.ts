import type { Allowance } from './allowance.ts';
import type { Grants } from './grant.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Somebody with a token of their own, and what they may do. */
export interface Caller {
  readonly name: string;
  readonly grants: Grants;
  readonly allowance: Allowance;
  /** The only operations they may send, where they are held to some. */
  readonly trusted: TrustedDocuments | undefined;
}

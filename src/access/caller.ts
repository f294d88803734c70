import type { Allowance } from './allowance.ts';
import type { Confirmable } from './confirmable.ts';
import type { Grants } from './grant.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Somebody with a token of their own, and what they may do. */
export interface Caller {
  readonly name: string;
  readonly grants: Grants;
  readonly allowance: Allowance;
  /** What has to be confirmed before it is done. */
  readonly confirm: readonly Confirmable[];
  /** From how many records on a request is a bulk write. */
  readonly bulkFrom: number;
  /** The only operations they may send, where they are held to some. */
  readonly trusted: TrustedDocuments | undefined;
}

import type { Allowance } from '../quota/allowance.ts';

/** Access levels, lowest first. Each includes the ones before it. */
export const ACCESSES = ['off', 'read', 'write', 'full'] as const;

export type Access = (typeof ACCESSES)[number];

/** What a caller may do with one kind of record or operation. */
export interface Grant {
  readonly access: Access;
  /** GraphQL names of the only fields to show. All fields if omitted. */
  readonly fields?: readonly string[] | undefined;
  /** Ids or names of the only views to list. All views if omitted. */
  readonly views?: readonly string[] | undefined;
  /** Id of the only user whose records to show. */
  readonly owner?: string | undefined;
  /** Wire names of custom fields to hide. */
  readonly hideCustomFields: readonly string[];
  /** Operations excluded from `full`. */
  readonly withhold: readonly string[];
}

/** The authenticated caller of an operation. */
export interface Caller {
  readonly name: string;
  readonly grants: Readonly<Record<string, Grant>>;
  readonly allowance: Allowance;
}

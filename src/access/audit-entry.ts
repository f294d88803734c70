import type { Deed } from './journal.ts';

/** What an operation asked to read, at one of its root fields. */
export interface Reading {
  /** GraphQL type name; the name of the field where what it gives is no CRM data. */
  readonly what: string;
  /** Of a single record. */
  readonly id?: string | undefined;
  /** How many came back; undefined where only their number was asked for. */
  readonly count?: number | undefined;
  /** What came with them: other types. */
  readonly related: readonly string[];
}

/** One operation, as it is written down. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly requestId: string;
  /** The caller's name; null where nobody in particular asked. */
  readonly caller: string | null;
  readonly operation: 'query' | 'mutation' | 'subscription' | 'none';
  /** What the client calls it. */
  readonly operationName?: string | undefined;
  readonly decision: 'allowed' | 'denied' | 'invalid';
  /** Its writes were only shown, and not made. */
  readonly preview?: true;
  /** The grants that allow it, or the reasons it was denied for; nothing where it was no valid operation. */
  readonly by: readonly string[];
  /** Codes of the errors in the answer. */
  readonly codes: readonly string[];
  readonly reads: readonly Reading[];
  readonly writes: readonly Deed[];
  /** Root fields, where neither of the two above tells more. */
  readonly fields: readonly string[];
  readonly calls: number;
  /** Calls the caller has left this hour, or the account where the caller has no limit; null where it did not come so far. */
  readonly left: number | null;
  readonly durationMs: number;
}

/** An entry as it stands in the file. */
export type AuditLine = AuditEntry & { readonly sentence: string };

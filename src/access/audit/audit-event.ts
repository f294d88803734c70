import type { AuditedWrite, FoundRecords } from '../../records/audit-trail.ts';
import type { ToolCall } from './request-origin.ts';

/** What an operation asked to read, at one of its root fields. */
export interface AuditedRead {
  /** GraphQL type name; the name of the field where what it gives is no CRM data. */
  readonly what: string;
  /** Of a single record. */
  readonly id?: string | undefined;
  /** Of several that were asked for by their ids. */
  readonly ids?: readonly string[] | undefined;
  /** How many came back; undefined where only their number was asked for. */
  readonly count?: number | undefined;
  /** What came with them: other types. */
  readonly related: readonly string[];
}

/** What a summary tells of entries that were counted and not written one by one. */
export interface Repeated {
  readonly count: number;
  /** ISO 8601, UTC, of the first and the last. */
  readonly from: string;
  readonly to: string;
  /** The first of the addresses that they came from. */
  readonly addresses: readonly string[];
  /** There were further addresses. */
  readonly moreAddresses?: true;
}

/**
 * What was decided: `planned` where only the plan was asked for, `unconfirmed` where the caller was asked to confirm, `invalid`
 * where there was no valid operation.
 */
export const DECISIONS = ['allowed', 'denied', 'invalid', 'planned', 'unconfirmed'] as const;

export type Decision = (typeof DECISIONS)[number];

/** One operation, as it is written down. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly requestId: string;
  /** The client's; undefined where the request came over no socket. */
  readonly address?: string | undefined;
  /** The caller's name; null where nobody in particular asked. */
  readonly caller: string | null;
  /** The MCP tool that it was asked for by. */
  readonly mcp?: ToolCall | undefined;
  readonly operation: 'query' | 'mutation' | 'subscription' | 'none';
  /** What the client calls it. */
  readonly operationName?: string | undefined;
  readonly decision: Decision;
  /** Its writes were only shown, and not made. */
  readonly preview?: true;
  /** The grants that allow it, or the reasons it was denied for; nothing where it was no valid operation. */
  readonly by: readonly string[];
  /** Codes of the errors in the answer. */
  readonly codes: readonly string[];
  readonly reads: readonly AuditedRead[];
  readonly found?: readonly FoundRecords[] | undefined;
  readonly writes: readonly AuditedWrite[];
  /** Root fields, where neither of the two above tells more. */
  readonly fields: readonly string[];
  readonly calls: number;
  /** Calls the caller has left this hour, or the account where the caller has no limit; null where it did not come so far. */
  readonly left: number | null;
  readonly durationMs: number;
  /** Stands for so many entries like it. */
  readonly repeated?: Repeated | undefined;
}

/** An entry as it stands in the file. */
export type AuditLine = AuditEvent & {
  readonly sentence: string;
  /** Texts or lists were cut, as they would have made the line too long. */
  readonly truncated?: true;
};

/** What may be kept out of the audit log: what records are called, and what their columns changed from and to. */
export const MASKS = ['names', 'values'] as const;

export type Mask = (typeof MASKS)[number];

export const MASKED = '•••';

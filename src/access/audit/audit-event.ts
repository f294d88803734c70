import type { AuditedWrite, FoundRecords } from '../../records/write-report.ts';
import type { ToolCall } from '../request-details.ts';

/** The records that a root field read. */
export interface AuditedRead {
  /** GraphQL type name, or the field name if the field returns no CRM data. */
  readonly what: string;
  /** Id of a single record. */
  readonly id?: string | undefined;
  /** Ids, if records were requested by ids. */
  readonly ids?: readonly string[] | undefined;
  /** Number of records. Undefined if only the count was selected. */
  readonly count?: number | undefined;
  /** Other types in the selection. */
  readonly related: readonly string[];
}

/** Summary of events that were counted instead of written. */
interface Repeated {
  readonly count: number;
  /** Time of the first and the last, ISO 8601 in UTC. */
  readonly from: string;
  readonly to: string;
  /** The first client addresses. */
  readonly addresses: readonly string[];
  /** There were more addresses. */
  readonly moreAddresses?: true;
}

/** `planned`: a dry run. `unconfirmed`: the caller must confirm. `invalid`: no valid operation. */
export const DECISIONS = ['allowed', 'denied', 'invalid', 'planned', 'unconfirmed'] as const;

export type Decision = (typeof DECISIONS)[number];

/** A person, as the token of the sign-in provider names them. */
interface Person {
  /** The claim `sub`. */
  readonly subject: string;
  /** The Freshsales user, by id or e-mail address, if the rule names one. */
  readonly user?: string | undefined;
}

/** One operation in the audit log. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly requestId: string;
  /** Address of the client. Undefined for requests without a socket. */
  readonly address?: string | undefined;
  /** Name of the caller. Null if not authenticated. */
  readonly caller: string | null;
  /** The account that the request is for, if the server has several. */
  readonly account?: string | undefined;
  /** The person who signed in as the caller. */
  readonly person?: Person | undefined;
  /** The MCP tool that sent it. */
  readonly mcp?: ToolCall | undefined;
  readonly operation: 'query' | 'mutation' | 'subscription' | 'none';
  /** Name of the operation. */
  readonly operationName?: string | undefined;
  readonly decision: Decision;
  /** A preview: nothing was written. */
  readonly preview?: true;
  /** The grants that allow it, or the reasons for its denial. Empty for invalid operations. */
  readonly by: readonly string[];
  /** Codes of errors in the response. */
  readonly codes: readonly string[];
  readonly reads: readonly AuditedRead[];
  readonly found?: readonly FoundRecords[] | undefined;
  readonly writes: readonly AuditedWrite[];
  /** Root fields. */
  readonly fields: readonly string[];
  readonly calls: number;
  /** Calls left this hour, of the caller or else of the account. Null if the operation did not run. */
  readonly left: number | null;
  readonly durationMs: number;
  /** Set if the line summarizes repeated events. */
  readonly repeated?: Repeated | undefined;
}

/** A line of the file. */
export type AuditLine = AuditEvent & {
  readonly sentence: string;
  /** Texts or lists were cut to limit the length of the line. */
  readonly truncated?: true;
};

/** The parts that the audit log can mask: names of records, and values of changed fields. */
export const MASKS = ['names', 'values'] as const;

export type Mask = (typeof MASKS)[number];

export const MASKED = '•••';

import { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits } from '../planner/document-limits.ts';
import { DEFAULT_MAX_CALLS, DEFAULT_MAX_VALUES } from '../quota/operation-budget.ts';

/** Limits on the size of an operation. */
export interface Limits extends DocumentLimits {
  /** Tokens of the document. */
  readonly maxTokens: number;
  /** Bytes of a request body. */
  readonly maxBodyBytes: number;
  /** Freshsales calls that an operation may be planned to need, and may make. */
  readonly maxCalls: number;
  /** Values in one response. */
  readonly maxValues: number;
}

/** Large enough for nested CRM queries, small enough that a hostile operation is cheap. */
export const DEFAULT_LIMITS: Limits = {
  ...DEFAULT_DOCUMENT_LIMITS,
  maxTokens: 5000,
  maxBodyBytes: 1_000_000,
  maxCalls: DEFAULT_MAX_CALLS,
  maxValues: DEFAULT_MAX_VALUES,
};

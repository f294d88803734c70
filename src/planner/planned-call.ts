/** A call, or several of one kind, that an operation will or may make. */
export interface PlannedCall {
  /** Position in the plan, from 1. */
  readonly order: number;
  readonly method: string;
  /** Path below the API root, as a template: `/contacts/view/{id}`. */
  readonly path: string;
  /** Requested includes. */
  readonly include: readonly string[];
  /** The fields that cause it, as paths of the answer: `contacts.nodes.owner`. */
  readonly fields: readonly string[];
  /** Once for the operation, or once for each record. */
  readonly per: 'operation' | 'record';
  /** The most calls over the whole operation. Null if unknown. */
  readonly atMost: number | null;
  /** True if it is made whatever the records contain. */
  readonly certain: boolean;
  /** The condition, if it is not certain. */
  readonly when: string | null;
  /** Fields whose columns are not side-loaded. */
  readonly lacks: readonly string[];
  /** True if the response is cached, so that the call is free. */
  readonly cached: boolean;
}

/** The cost of an operation before it runs, in Freshsales calls. */
export interface Plan {
  /** The planned calls, in order. */
  readonly calls: readonly PlannedCall[];
  /** Further calls on an account that does not behave as documented. */
  readonly fallbacks: readonly PlannedCall[];
  /** Fewest calls, if nothing is refused. */
  readonly lowerBound: number;
  /** Expected on an account that behaves as documented, if every list is as long as requested. The limit is held against this. */
  readonly needed: number;
  /**
   * Most calls on an account that sends complete side-loads and honours every include that it was not seen to ignore in the last
   * hour. Null if unknown.
   */
  readonly upperBoundIfHonoured: number | null;
  /** Most calls on any account. Null if unknown. */
  readonly upperBound: number | null;
  /** Cheaper ways to the same data, or more data for the same calls. */
  readonly hints: readonly string[];
}

export const callsText = (count: number): string => (count === 1 ? '1 call' : `${count} calls`);

/** A call, or several of the same kind, that an operation will or may cause. */
export interface PlannedCall {
  /** Its place in the plan, from 1. */
  readonly order: number;
  readonly method: string;
  /** Below the API root, ids left open: `/contacts/view/{id}`. */
  readonly path: string;
  /** What is asked to come along. */
  readonly include: readonly string[];
  /** The fields that cause it, as paths of the answer: `contacts.nodes.owner`. */
  readonly fields: readonly string[];
  /** Whether it is made for the operation, or for each of the records that its fields stand in. */
  readonly per: 'operation' | 'record';
  /** How many at the most, over the whole operation; null where nobody can say. */
  readonly atMost: number | null;
  /** Whether it is made whatever the records are like. */
  readonly certain: boolean;
  /** When it is made, where that is not always. */
  readonly when: string | null;
  /** The fields that are read for want of a column in the row that comes along. */
  readonly lacks: readonly string[];
  /** Known already, so that it will cost nothing. */
  readonly cached: boolean;
}

/** What an operation will cost, before it runs. All numbers are Freshsales calls. */
export interface Plan {
  /** What is planned, in order. */
  readonly calls: readonly PlannedCall[];
  /** What comes on top on an account that does not answer as documented. */
  readonly fallbacks: readonly PlannedCall[];
  /** At least so many, if nothing is refused. */
  readonly lowerBound: number;
  /** Expected on an account that behaves as documented, if every list is as long as requested. The limit is held against this. */
  readonly needed: number;
  /**
   * At most so many on an account that sends side-loads whole, and honours every include that it was not seen to ignore in the
   * last hour; null where nobody can say.
   */
  readonly upperBoundIfHonoured: number | null;
  /** At most so many, whatever the account honours; null where nobody can say. */
  readonly upperBound: number | null;
  /** Cheaper ways to the same data. */
  readonly hints: readonly string[];
}

export const callsText = (count: number): string => (count === 1 ? '1 call' : `${count} calls`);

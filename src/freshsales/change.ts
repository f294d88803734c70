/** What a write can do. The bulk ones may be done by a job of Freshsales' own, after the answer. */
export const ACTIONS = [
  'create',
  'update',
  'upsert',
  'delete',
  'restore',
  'forget',
  'bulkUpsert',
  'bulkUpdate',
  'bulkDelete',
  'bulkAssign',
] as const;

export type Action = (typeof ACTIONS)[number];

/** Which record another points to, by its GraphQL type. An id of `*` stands for all of that type. */
export interface Reference {
  readonly type: string;
  readonly id: string;
}

/** Records that a write has changed, or may have. Whoever remembers answers has to hear of it. */
export interface Change {
  /** GraphQL type name. */
  readonly type: string;
  /** Collection path below the API root. */
  readonly path: string;
  /** The records written. None where it is not known which: then it may have been any of the type. */
  readonly ids: readonly string[];
  /** Other records whose answers embed or count them. */
  readonly touched: readonly Reference[];
  readonly action: Action;
}

/** The kinds of writes. Bulk ones may take effect after the response. */
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

/** A reference to a record by GraphQL type. The id `*` means all records of the type. */
export interface Reference {
  readonly type: string;
  readonly id: string;
}

/** Records that a write changed, or may have changed. Invalidates caches. */
export interface Change {
  /** GraphQL type name. */
  readonly type: string;
  /** Collection path below the API root. */
  readonly path: string;
  /** The written records. Empty if unknown: any record of the type may have changed. */
  readonly ids: readonly string[];
  /** Other records whose responses embed or count them. */
  readonly touched: readonly Reference[];
  readonly action: Action;
}

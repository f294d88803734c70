/** Types whose changes are known, by their GraphQL names. */
export const CHANGE_TYPES = [
  'Contact',
  'SalesAccount',
  'Deal',
  'Lead',
  'Task',
  'Appointment',
  'Note',
  'SalesActivity',
] as const;

export type ChangeType = (typeof CHANGE_TYPES)[number];

export const isChangeType = (name: string): name is ChangeType => CHANGE_TYPES.some((type) => type === name);

export type ChangeAction = 'created' | 'updated' | 'deleted';

/** A change of one record. */
export interface RecordChange {
  readonly type: ChangeType;
  /** Freshsales id. */
  readonly id: string;
  readonly action: ChangeAction;
  /** `mutation`: a write of this server. */
  readonly source: 'webhook' | 'poll' | 'mutation';
  /** Changed fields, by their names in GraphQL or in Freshsales. Undefined if unknown. */
  readonly fields?: readonly string[] | undefined;
}

/** A change in the feed. */
export interface FeedEntry extends RecordChange {
  readonly position: number;
  /** When it became known, in milliseconds since 1970. */
  readonly at: number;
  readonly cursor: string;
}

export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  /** The end of the page, with or without entries. */
  readonly end: string;
  /** True if more entries follow. */
  readonly hasMore: boolean;
}

/** A place in the feed from which changes are read. */
export interface FeedReader {
  /** The next entries, which may be none. */
  next(limit: number): Promise<FeedPage>;
  /** Resolves when there may be more entries, or the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** The number of entries that follow, as far as known. */
  readonly lag: number;
}

/** The changes of an account, in order. */
export interface ChangeFeed {
  /**
   * Adds writes of this server that began at a time of `performance.now()`. Those that a webhook has announced meanwhile are not
   * added again. Never rejects.
   */
  addWrites(changes: readonly Omit<RecordChange, 'source'>[], since: number): Promise<void>;
  /** Reads after a cursor, or from the oldest entry (`start`) or from now on (`end`). Rejects for cursors that are not valid. */
  readFrom(cursor: { readonly after: string } | 'start' | 'end'): Promise<FeedReader>;
}

/** The changes in an account, for one of its keys. */
export interface AccountChanges {
  readonly feed: ChangeFeed;
  /** It is not the server’s own key. It may be wrong, or that of a user who may not read every record. */
  readonly isForeignKey: boolean;
}

import type { RecordChange } from '../records/change-feed.ts';

/** A record that may have changed. */
export type Hint = Omit<RecordChange, 'source'> & {
  readonly source: 'webhook' | 'poll';
  /** Other records that may show it. */
  readonly related?: readonly { readonly type: string; readonly id: string }[];
};

/** The cache, as far as the feed needs it. */
export interface HintedCache {
  invalidate(hint: Hint): Promise<void>;
  /** Notes that an event about a type arrived. */
  markLive(type: string, agoMs: number): void;
  /** Watches whether a record is read from now on. */
  watch(type: string, id: string): { readonly isRead: boolean; stop(): void };
}

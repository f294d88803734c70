import type { Action } from '../freshsales/change.ts';

/** What a caller can be made to confirm: deleting, erasing for good, and writing to many records at once. */
export const CONFIRMABLE = ['delete', 'forget', 'bulk'] as const;

export type Confirmable = (typeof CONFIRMABLE)[number];

/** From how many records on a request is a bulk write, where the file does not say. */
export const DEFAULT_BULK_FROM = 10;

/** What a caller has to confirm. */
export interface ConfirmRules {
  readonly confirm: readonly Confirmable[];
  /** From how many records on a request is a bulk write. */
  readonly bulkFrom: number;
}

/** One mutation of a request: what it does, and to how many records. */
export interface CountedWrite {
  readonly action: Action;
  readonly records: number;
}

const KINDS: Readonly<Partial<Record<Action, Confirmable>>> = {
  delete: 'delete',
  bulkDelete: 'delete',
  forget: 'forget',
};

/** Whether a request with these writes has to be confirmed. All of its records count together, whatever is done to each. */
export function mustConfirm({ confirm, bulkFrom }: ConfirmRules, writes: readonly CountedWrite[]): boolean {
  if (writes.some(({ action }) => confirm.some((kind) => kind === KINDS[action]))) return true;
  return confirm.includes('bulk') && writes.reduce((sum, { records }) => sum + records, 0) >= bulkFrom;
}

import type { Action } from '../freshsales/change.ts';

/** What a caller can be made to confirm: deleting, erasing for good, and writing to many records at once. */
export const CONFIRMABLE = ['delete', 'forget', 'bulk'] as const;

export type Confirmable = (typeof CONFIRMABLE)[number];

const KINDS: Readonly<Partial<Record<Action, readonly Confirmable[]>>> = {
  delete: ['delete'],
  forget: ['forget'],
  bulkDelete: ['delete', 'bulk'],
  bulkUpsert: ['bulk'],
  bulkUpdate: ['bulk'],
  bulkAssign: ['bulk'],
};

/** Whether an action has to be confirmed by somebody who has to confirm these. */
export const mustConfirm = (confirm: readonly Confirmable[], action: Action): boolean =>
  (KINDS[action] ?? []).some((kind) => confirm.includes(kind));

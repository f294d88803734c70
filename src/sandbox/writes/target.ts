import { type Account, type Draft, objectsIn, type Step } from '../account.ts';
import { className } from '../links.ts';
import type { Row } from '../store.ts';
import { rowOf } from './draft.ts';

/** The record that an activity can belong to: one of a type with views. `undefined` if it does not exist. */
export const targetRow = (account: Account, name: string, id: unknown): Row | undefined =>
  isTarget(account, name) ? rowOf(account, name, id) : undefined;

const isTarget = ({ types }: Account, name: string): boolean => types.of(name)?.views !== undefined;

/** The target of a task, appointment, note or sales activity, which must exist. */
export const targetStep: Step = (draft) => {
  const { targetable_id: id, targetable_type: type } = draft.given;
  if (!draft.sent('targetable_id') && !draft.sent('targetable_type')) return;
  if ((id ?? null) === null && (type ?? null) === null) return draft.set({ targetables: [] });
  const name = className(draft.account, typeof type === 'string' ? type : classBefore(draft));
  if (!isTarget(draft.account, name)) return draft.refuse('Targetable type is not included in the list');
  const target = rowOf(draft.account, name, id);
  if (target) draft.set({ targetables: [{ id: target.id, type: name }] });
  else draft.refuse("Targetable doesn't exist");
};

/** The same for a record that must have a target. */
export const mandatoryTargetStep: Step = (draft) => {
  targetStep(draft);
  const none = objectsIn(draft.value('targetables')).length === 0;
  const touched = !draft.before || 'targetables' in draft.changes;
  if (none && touched && draft.problems.every((problem) => !problem.startsWith('Targetable')))
    draft.refuse("Targetable can't be blank");
};

/** An id without a type keeps the previous type. */
function classBefore(draft: Draft): string {
  const [first] = objectsIn(draft.before?.targetables);
  return String(first?.type ?? '');
}

import { isObject } from '../account.ts';
import { className } from '../derive.ts';
import { type Draft, rowOf, type Step } from './draft.ts';

/** Record types that something can be about. */
const KINDS = new Set(['Contact', 'SalesAccount', 'Deal', 'Lead']);

/** What a task, appointment, note or sales activity is about; it must be there. */
export const targetStep: Step = (draft) => {
  const { targetable_id: id, targetable_type: type } = draft.given;
  if (!draft.sent('targetable_id') && !draft.sent('targetable_type')) return;
  if ((id ?? null) === null && (type ?? null) === null) return draft.set({ targetables: [] });
  const name = className(typeof type === 'string' ? type : classBefore(draft));
  if (!KINDS.has(name)) return draft.refuse('Targetable type is not included in the list');
  const target = rowOf(draft.account, name, id);
  if (target) draft.set({ targetables: [{ id: target.id, type: name }] });
  else draft.refuse("Targetable doesn't exist");
};

/** The same for what cannot be without. */
export const mandatoryTargetStep: Step = (draft) => {
  targetStep(draft);
  const none = !Array.isArray(draft.value('targetables')) || [draft.value('targetables')].flat().length === 0;
  const touched = !draft.before || 'targetables' in draft.changes;
  if (none && touched && draft.problems.every((problem) => !problem.startsWith('Targetable')))
    draft.refuse("Targetable can't be blank");
};

/** An id alone is one of the same kind as before. */
function classBefore(draft: Draft): string {
  const list = draft.before?.targetables;
  const [first] = Array.isArray(list) ? list.filter(isObject) : [];
  return String(first?.type ?? '');
}

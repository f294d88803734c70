import { API_USER } from '../account.ts';
import { stamp } from '../clock.ts';
import { idsOf } from '../links.ts';
import { columns, moment, reference, text, wrongType } from './cast.ts';
import { idOf, objectsOf, rowOf, type Step } from './draft.ts';
import { mandatoryTargetStep } from './target.ts';
import type { WriteRules } from './write-rules.ts';

/** Open or done. Only a task that is there can be done. */
const status: Step = (draft) => {
  if (!draft.before || !draft.sent('status')) return;
  const { account } = draft;
  const done = Number(draft.given.status);
  if (draft.given.status === null || (done !== 0 && done !== 1))
    return draft.refuse('Status is not included in the list');
  const filled = account.behaviours.completedDateFilled ? stamp(account.now(), account.zone) : null;
  draft.set({ status: done, completed_date: done === 1 ? (draft.before.completed_date ?? filled) : null });
};

/** The owner and whoever else works on it. */
const users: Step = (draft) => {
  const owner = draft.changes.owner_id;
  const items = draft.sent('task_users_attributes') ? objectsOf(draft.given.task_users_attributes ?? []) : [];
  if (!items) return draft.refuse(wrongType('task_users_attributes'));
  const before = idsOf(draft.before?.user_ids);
  const gone = new Set(items.filter(({ _destroy }) => _destroy === true).map(({ user_id }) => idOf(user_id)));
  const added = items
    .filter(({ _destroy }) => _destroy !== true)
    .map(({ user_id }) => rowOf(draft.account, 'User', user_id)?.id);
  if (added.includes(undefined)) draft.refuse("User doesn't exist");
  const all = [...before, ...(typeof owner === 'string' ? [owner] : []), ...added];
  draft.set({ user_ids: [...new Set(all)].filter((id) => id !== undefined && !gone.has(id)) });
};

/** Whoever makes a task owns it, unless it is somebody else's. */
const owner: Step = (draft) => {
  if (!draft.before && !draft.sent('owner_id')) draft.set({ owner_id: API_USER });
};

export const taskRules: WriteRules = {
  columns: {
    ...columns('title description', text()),
    due_date: moment,
    owner_id: reference('User'),
    task_type_id: reference('TaskType'),
    outcome_id: reference('SalesActivityOutcome'),
  },
  steps: [
    (draft) => draft.require('title', "Title can't be blank"),
    (draft) => draft.require('due_date', "Due date can't be blank"),
    mandatoryTargetStep,
    status,
    owner,
    users,
  ],
};

import { toWireId } from '../../freshsales/writes.ts';
import { recordInput } from '../../mutations/record-input.ts';
import { choice, type FieldContext, idAt, moment, ref, text, type Writable } from '../../mutations/writable.ts';
import { targetFields, writeTarget } from '../target.ts';
import { TaskStatus } from './type.ts';

/** Rails nested attributes: they add, and never remove (FACTS 11). */
const collaboratorIds: Writable<readonly string[]> = {
  type: ['ID'],
  column: 'task_users_attributes',
  refersTo: 'User',
  empty: [],
  description:
    'Collaborators to add. Removing collaborators is not known to work in Freshsales. Takes Freshsales ids or global ids of User records.',
  write: (values, { path, draft }: FieldContext) => {
    const ids = values.map((value, index) => idAt('User', value, { path: [...path, String(index)], draft }));
    draft.columns.task_users_attributes = ids.map((id) => ({ user_id: toWireId(id ?? '') }));
  },
};

const writable = {
  title: text('title', 'Title.', { needed: true }),
  description: text('description', 'Description.'),
  dueAt: moment('due_date', 'Due date and time.', { needed: true }),
  ownerId: ref('User', 'owner_id', 'Owner.'),
  typeId: ref('TaskType', 'task_type_id', 'Task type.'),
  outcomeId: ref('SalesActivityOutcome', 'outcome_id', 'Outcome.'),
  collaboratorIds,
  ...targetFields,
};

export const CreateTaskInput = recordInput('CreateTaskInput', writable, {
  description: 'Fields of a new task.',
  required: ['title', 'dueAt', 'targetId'],
  check: writeTarget({ needed: true }),
});

export const UpdateTaskInput = recordInput(
  'UpdateTaskInput',
  { ...writable, status: choice(TaskStatus, 'status', 'Open or completed.') },
  {
    description: 'Fields of a task to change. Omitted fields are left unchanged; null clears a field.',
    check: writeTarget({ needed: true }),
  },
);

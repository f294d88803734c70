import { toWireId } from '../../freshsales/writes.ts';
import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { recordInput } from '../../mutations/record-input.ts';
import { createMutation, recordMutation, updateMutation } from '../../mutations/record-mutations.ts';
import { choice, idAt, moment, ref, type Spot, text, type Writable } from '../../mutations/writable.ts';
import { idArgs, type WriteFacts } from '../../mutations/write-facts.ts';
import { targetFields, writeTarget } from '../../queries/target.ts';
import { builder } from '../../schema/builder.ts';
import { type TaskRecord, taskType } from './record.ts';
import { loadTask, Task, TaskStatus } from './type.ts';

/** Rails nested attributes: they add, and never remove (FACTS 11). */
const collaboratorIds: Writable<readonly string[]> = {
  type: ['ID'],
  column: 'task_users_attributes',
  refersTo: 'User',
  empty: [],
  description:
    'Collaborators to add. Removing collaborators is not known to work in Freshsales. Takes Freshsales ids or global ids of User records.',
  write: (values, { path, draft }: Spot) => {
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

const CreateTaskInput = recordInput('CreateTaskInput', writable, {
  description: 'Fields of a new task.',
  required: ['title', 'dueAt', 'targetId'],
  check: writeTarget({ needed: true }),
});

const UpdateTaskInput = recordInput(
  'UpdateTaskInput',
  { ...writable, status: choice(TaskStatus, 'status', 'True if completed.') },
  {
    description: 'Fields of a task to change. Omitted fields are left unchanged; null clears a field.',
    check: writeTarget({ needed: true }),
  },
);

const taskFacts: WriteFacts<TaskRecord> = {
  recordType: taskType,
  type: Task,
  loader: loadTask,
  // Deals contain the time of their next activity.
  ripples: ['Contact', 'SalesAccount', 'Deal'],
  rippling: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createTask: t.field(createMutation(taskFacts, CreateTaskInput, 'Creates a task.')),
  updateTask: t.field(updateMutation(taskFacts, UpdateTaskInput, 'Updates a task.')),
  completeTask: t.field({
    ...recordMutation<TaskRecord, { id: string }>(taskFacts, {
      prefix: 'Complete',
      action: 'update',
      description: 'Marks a task as completed.',
      call: 'PUT /tasks/{id}',
      fill: (_args, draft) => {
        draft.columns.status = 1;
      },
      order: ({ columns }, id) => ({ method: 'PUT', path: `tasks/${id}`, body: { task: columns } }),
    }),
    args: idArgs('Task'),
  }),
  deleteTask: t.field(deleteMutation(taskFacts, 'Deletes a task permanently.')),
}));

import { toWireId } from '../../freshsales/writes.ts';
import { builder } from '../../graph/builder.ts';
import { deletes } from '../../graph/gone.ts';
import { creates, updates } from '../../graph/mutations.ts';
import { recordInput } from '../../graph/record-input.ts';
import { recordMutation } from '../../graph/record-mutation.ts';
import { choice, idAt, moment, ref, type Spot, text, type Writable } from '../../graph/writable.ts';
import { idArgs, type WriteFacts } from '../../graph/write-facts.ts';
import { targetFields, writeTarget } from '../../queries/target.ts';
import { type TaskRecord, taskResource } from './resource.ts';
import { loadTask, Task, TaskStatus } from './type.ts';

/** Nested attributes, as Rails takes them: they add (FACTS 11). */
const collaboratorIds: Writable<readonly string[]> = {
  type: ['ID'],
  column: 'task_users_attributes',
  refersTo: 'User',
  empty: [],
  description:
    'Users to take part, beside those who do already: Freshsales is not known to take one off. Ids of User records, Freshsales’ own or global ones.',
  write: (values, { path, draft }: Spot) => {
    const ids = values.map((value, index) => idAt('User', value, { path: [...path, String(index)], draft }));
    draft.columns.task_users_attributes = ids.map((id) => ({ user_id: toWireId(id ?? '') }));
  },
};

const writable = {
  title: text('title', 'What is to be done.', { needed: true }),
  description: text('description', 'More about it.'),
  dueAt: moment('due_date', 'When it is due.', { needed: true }),
  ownerId: ref('User', 'owner_id', 'Who is to do it.'),
  typeId: ref('TaskType', 'task_type_id', 'What kind of task it is.'),
  outcomeId: ref('SalesActivityOutcome', 'outcome_id', 'How it ended.'),
  collaboratorIds,
  ...targetFields,
};

const CreateTaskInput = recordInput('CreateTaskInput', writable, {
  description: 'A new task.',
  required: ['title', 'dueAt', 'targetId'],
  check: writeTarget({ needed: true }),
});

const UpdateTaskInput = recordInput(
  'UpdateTaskInput',
  { ...writable, status: choice(TaskStatus, 'status', 'Whether it is done.') },
  {
    description: 'What shall be otherwise about a task. A field left out is left alone; null clears it.',
    check: writeTarget({ needed: true }),
  },
);

const taskFacts: WriteFacts<TaskRecord> = {
  resource: taskResource,
  type: Task,
  loader: loadTask,
  // Deals show when something is due next.
  ripples: ['Contact', 'SalesAccount', 'Deal'],
  rippling: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createTask: t.field(creates(taskFacts, CreateTaskInput, 'Enters a task.')),
  updateTask: t.field(updates(taskFacts, UpdateTaskInput, 'Changes a task.')),
  completeTask: t.field({
    ...recordMutation<TaskRecord, { id: string }>(taskFacts, {
      prefix: 'Complete',
      action: 'update',
      description: 'Marks a task as done.',
      call: 'PUT /tasks/{id}',
      fill: (_args, draft) => {
        draft.columns.status = 1;
      },
      order: ({ columns }, id) => ({ method: 'PUT', path: `tasks/${id}`, body: { task: columns } }),
    }),
    args: idArgs('Task'),
  }),
  deleteTask: t.field(deletes(taskFacts, 'Deletes a task, for good.')),
}));

import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { type Condition, conditionArgs } from '../../mutations/read-first.ts';
import { createMutation, recordMutation, updateMutation } from '../../mutations/record-mutations.ts';
import { idArgs, updateCall, type WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { CreateTaskInput, UpdateTaskInput } from './inputs.ts';
import { type TaskRecord, taskType } from './record.ts';
import { Task } from './type.ts';

const taskFacts: WriteFacts<TaskRecord> = {
  recordType: taskType,
  type: Task,
  // Deals contain the time of their next activity.
  dependentTypes: ['Contact', 'SalesAccount', 'Deal'],
  affectingColumns: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createTask: t.field(createMutation(taskFacts, CreateTaskInput, 'Creates a task.')),
  updateTask: t.field(updateMutation(taskFacts, UpdateTaskInput, 'Updates a task.')),
  completeTask: t.field({
    ...recordMutation<TaskRecord, Condition & { id: string }>(taskFacts, {
      prefix: 'Complete',
      action: 'update',
      description: 'Marks a task as completed.',
      call: updateCall(taskType),
      fields: ['status'],
      fill: (_args, draft) => {
        draft.columns.status = 1;
      },
      body: ({ columns }) => ({ task: columns }),
    }),
    args: { ...idArgs('Task'), ...conditionArgs(taskType) },
  }),
  deleteTask: t.field(deleteMutation(taskFacts, 'Deletes a task permanently.')),
}));

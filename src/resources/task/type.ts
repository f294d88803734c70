import { loaderFor } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { connectionType } from '../../schema/connection.ts';
import { Node, withIds } from '../../schema/node.ts';
import { type TaskRecord, taskType } from './record.ts';

export const loadTask = loaderFor(taskType);

export const Task = builder.objectRef<TaskRecord>('Task');

export const TaskStatus = builder.enumType('TaskStatus', {
  description: 'Status of a task.',
  values: {
    OPEN: { value: 0, description: 'Not completed.' },
    COMPLETED: { value: 1, description: 'Completed.' },
  } as const,
});

Task.implement({
  description: 'A task with a due date.',
  interfaces: [Node],
  fields: (t) => ({
    title: t.exposeString('title', { nullable: false, description: 'Title.' }),
    description: t.exposeString('description', { description: 'Description.' }),
    status: t.field({
      type: TaskStatus,
      nullable: false,
      description: 'True if completed.',
      extensions: { freshsales: { columns: ['status'] } },
      resolve: ({ status }) => (Number(status) === 1 ? 1 : 0),
    }),
    dueAt: t.expose('due_date', { type: 'DateTime', description: 'Due date and time.' }),
    completedAt: t.expose('completed_date', {
      type: 'DateTime',
      description: 'Time of completion. Some older accounts leave it empty even for completed tasks.',
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'Time of creation.' }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'Time of the last update.' }),
  }),
});
withIds(Task);

export const TaskConnection = connectionType('Task', Task);

/** Types and loader of a to-many relation. */
export const tasks = { type: Task, connection: TaskConnection, loader: loadTask };

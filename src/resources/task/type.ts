import { builder } from '../../graph/builder.ts';
import { connectionType } from '../../graph/connection.ts';
import { recordLoader } from '../../graph/loader.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type TaskRecord, taskResource } from './resource.ts';

export const loadTask = recordLoader(taskResource);

export const Task = builder.objectRef<TaskRecord>('Task');

export const TaskStatus = builder.enumType('TaskStatus', {
  description: 'Whether a task is done.',
  values: {
    OPEN: { value: 0, description: 'Still to be done.' },
    COMPLETED: { value: 1, description: 'Done.' },
  } as const,
});

Task.implement({
  description: 'Something to be done by a certain time.',
  interfaces: [Node],
  fields: (t) => ({
    title: t.exposeString('title', { nullable: false, description: 'What is to be done.' }),
    description: t.exposeString('description', { description: 'More about it.' }),
    status: t.field({
      type: TaskStatus,
      nullable: false,
      description: 'Whether it is done.',
      extensions: { freshsales: { columns: ['status'] } },
      resolve: ({ status }) => (Number(status) === 1 ? 1 : 0),
    }),
    dueAt: t.expose('due_date', { type: 'DateTime', description: 'When it is due.' }),
    completedAt: t.expose('completed_date', {
      type: 'DateTime',
      description: 'When it was done. Older accounts leave it empty even then.',
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When it was entered.' }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When it was last changed.' }),
  }),
});
nodeType(Task, loadTask);

export const TaskConnection = connectionType('Task', Task);

/** What a relation to several tasks leads to. */
export const tasks = { type: Task, connection: TaskConnection, loader: loadTask };

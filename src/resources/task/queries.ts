import { pagesPrice } from '../../records/price.ts';
import { builder } from '../../schema/builder.ts';
import { connectionArgs } from '../../schema/connection.ts';
import { connectListed } from '../../schema/listed.ts';
import { byId } from '../../schema/root.ts';
import { taskType } from './record.ts';
import { loadTask, Task, TaskConnection } from './type.ts';

const TaskFilter = builder.enumType('TaskFilter', {
  description: 'Task filters that Freshsales offers. Exactly one applies.',
  values: {
    OPEN: { value: 'open', description: 'Open tasks.' },
    DUE_TODAY: { value: 'due today', description: 'Tasks due today.' },
    DUE_TOMORROW: { value: 'due tomorrow', description: 'Tasks due tomorrow.' },
    OVERDUE: { value: 'overdue', description: 'Open tasks past their due date.' },
    COMPLETED: { value: 'completed', description: 'Completed.' },
  } as const,
});

builder.queryFields((t) => ({
  task: t.field(byId(Task, loadTask, 'The task with this id.')),
  tasks: t.field({
    type: TaskConnection,
    nullable: false,
    extensions: pagesPrice(taskType.path, { query: ({ filter }) => ({ filter: String(filter) }) }),
    description: 'Tasks visible to the user of the API key. One call per 100 rows, owners and targets included.',
    args: {
      filter: t.arg({ type: TaskFilter, required: true, defaultValue: 'open', description: 'Filter to apply.' }),
      ...connectionArgs,
    },
    resolve: (_root, { filter, ...args }, context, info) =>
      connectListed(context, info, { recordType: taskType, query: { filter }, args }),
  }),
}));

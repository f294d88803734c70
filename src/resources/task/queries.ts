import { builder } from '../../graph/builder.ts';
import { connectionArgs } from '../../graph/connection.ts';
import { connectListed, filterLists } from '../../graph/listed.ts';
import { registerLists } from '../../graph/lists.ts';
import { pagesPrice } from '../../graph/price.ts';
import { byId } from '../../graph/root.ts';
import { taskResource } from './resource.ts';
import { loadTask, Task, TaskConnection } from './type.ts';

const TaskFilter = builder.enumType('TaskFilter', {
  description: 'Freshsales lists tasks by exactly one of these.',
  values: {
    OPEN: { value: 'open', description: 'Not done yet.' },
    DUE_TODAY: { value: 'due today', description: 'Due today.' },
    DUE_TOMORROW: { value: 'due tomorrow', description: 'Due tomorrow.' },
    OVERDUE: { value: 'overdue', description: 'Not done, and past their time.' },
    COMPLETED: { value: 'completed', description: 'Done.' },
  } as const,
});

registerLists(taskResource, filterLists(taskResource, 'open', 'completed'));

builder.queryFields((t) => ({
  task: t.field(byId(Task, loadTask, 'A task.')),
  tasks: t.field({
    type: TaskConnection,
    nullable: false,
    extensions: pagesPrice(taskResource.path, { query: ({ filter }) => ({ filter: String(filter) }) }),
    description: 'Tasks that the user of the key may see. One call for up to a hundred, owners and targets included.',
    args: {
      filter: t.arg({ type: TaskFilter, required: true, defaultValue: 'open', description: 'Which of them.' }),
      ...connectionArgs,
    },
    resolve: (_root, { filter, ...args }, context, info) =>
      connectListed(context, info, { resource: taskResource, query: { filter }, args }),
  }),
}));

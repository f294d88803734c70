import { loadSalesActivityOutcome, loadTaskType, SalesActivityOutcome, TaskType } from '../../lookups/activities.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { targetField } from '../../queries/record.ts';
import { needsOf, selectionOf } from '../../records/field-needs.ts';
import { builder } from '../../schema/builder.ts';
import { relatedIds, toOne, toOneBy } from '../../schema/relation.ts';
import { taskType } from './record.ts';
import { Task } from './type.ts';

builder.objectFields(Task, (t) => ({
  type: t.field(toOneBy(taskType, 'task_type_id', TaskType, loadTaskType, 'Task type.')),
  outcome: t.field(toOneBy(taskType, 'outcome_id', SalesActivityOutcome, loadSalesActivityOutcome, 'Outcome.')),
  owner: t.field(toOne(taskType, 'owner', User, loadUser, 'The user who owns the task.')),
  creator: t.field(toOne(taskType, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(taskType, 'updater', User, loadUser, 'The user who last updated the record.')),
  collaborators: t.field({
    type: [User],
    nullable: { list: false, items: false },
    description:
      'Users who collaborate on the task. Costs one call per task if the task was read through another record.',
    extensions: { freshsales: { include: 'users' } },
    resolve: async (task, _args, context, info) => {
      const ids = await relatedIds(context, taskType, task, 'users');
      const users = await loadUser(context).loadMany(ids, needsOf(selectionOf(context, info), User.name, info));
      return users.filter((user) => user !== null);
    },
  }),
  target: t.field(
    targetField(
      { columns: ['targetables'], extra: 'targetable' },
      'The record the task belongs to, if Freshsales returns it.',
    ),
  ),
}));

import { builder } from '../../graph/builder.ts';
import { needsOf, selectionOf } from '../../graph/lookahead.ts';
import { relatedIds, toOne, toOneBy } from '../../graph/relation.ts';
import { targetField } from '../../queries/record.ts';
import { loadSalesActivityOutcome, SalesActivityOutcome } from '../sales-activity-outcome/type.ts';
import { loadTaskType, TaskType } from '../task-type/type.ts';
import { loadUser, User } from '../user/type.ts';
import { taskResource } from './resource.ts';
import { Task } from './type.ts';

builder.objectFields(Task, (t) => ({
  type: t.field(toOneBy(taskResource, 'task_type_id', TaskType, loadTaskType, 'Task type.')),
  outcome: t.field(toOneBy(taskResource, 'outcome_id', SalesActivityOutcome, loadSalesActivityOutcome, 'Outcome.')),
  owner: t.field(toOne(taskResource, 'owner', User, loadUser, 'The user who owns the task.')),
  creator: t.field(toOne(taskResource, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(taskResource, 'updater', User, loadUser, 'The user who last updated the record.')),
  collaborators: t.field({
    type: [User],
    nullable: { list: false, items: false },
    description:
      'Users who collaborate on the task. Costs one call per task if the task was read through another record.',
    extensions: { freshsales: { include: 'users' } },
    resolve: async (task, _args, context, info) => {
      const ids = await relatedIds(context, taskResource, task, 'users');
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

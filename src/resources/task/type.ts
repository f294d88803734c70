import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../../freshsales/resource.ts';
import { toInt, toTime } from '../../freshsales/values.ts';
import { SalesActivityOutcome, TaskType } from '../../lookups/activities.ts';
import { User } from '../../lookups/users.ts';
import { andThen } from '../../maybe-promise.ts';
import type { Context } from '../../records/context.ts';
import type { RecordType } from '../../records/record-type.ts';
import { builder } from '../../schema/builder.ts';
import { recordList } from '../../schema/connection.ts';
import { choiceField, createdTime, updatedTime } from '../../schema/fields.ts';
import { loadAllRelated, nodeType } from '../../schema/node.ts';
import { connectMany, type RelationArgs, relatedIds, toMany, toOne, toOneBy } from '../../schema/relation.ts';
import { type InMemory, sortRows } from '../../schema/sort.ts';
import { targetField } from '../target.ts';
import { type TaskRecord, taskType } from './record.ts';

export const TaskStatus = builder.enumType('TaskStatus', {
  description: 'Status of a task.',
  values: {
    OPEN: { value: 0, description: 'Not completed.' },
    COMPLETED: { value: 1, description: 'Completed.' },
  } as const,
});

export const Task = nodeType(taskType, 'A task with a due date.');

builder.objectFields(Task, (t) => ({
  title: t.exposeString('title', { semanticNonNull: true, description: 'Title.' }),
  description: t.exposeString('description', { description: 'Description.' }),
  status: t.field({ ...choiceField(TaskStatus, 'status', 'Open or completed.'), semanticNonNull: true }),
  dueAt: t.expose('due_date', { type: 'DateTime', description: 'Due date and time.' }),
  completedAt: t.expose('completed_date', {
    type: 'DateTime',
    description: 'Time of completion. Some older accounts leave it empty even for completed tasks.',
  }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
}));

/** Lists of tasks. */
export const tasks = recordList(Task, {
  description: 'Fields that tasks of a record can be sorted by.',
  values: {
    DUE_AT: { value: 'due_date', description: 'Due date and time.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
  },
});

const ofRecord = builder.args((t) => ({
  status: t.field({
    type: TaskStatus,
    description: 'Only tasks with this status. Costs no further calls.',
    extensions: { freshsales: { columns: ['status'] } },
  }),
  isOverdue: t.boolean({
    description: 'True for open tasks past their due date only, false for all others. Costs no further calls.',
    extensions: { freshsales: { columns: ['status', 'due_date'] } },
  }),
}));

interface TasksArgs extends RelationArgs {
  readonly status?: number | null | undefined;
  readonly isOverdue?: boolean | null | undefined;
}

/** The tasks of a record, narrowed and sorted in memory. */
export const tasksOf = <R extends Identified>(recordType: RecordType<R, 'tasks'>) => {
  const field = toMany(recordType, 'tasks', tasks, 'Tasks.');
  return {
    ...field,
    args: { ...field.args, ...ofRecord },
    resolve: (row: R, args: TasksArgs, context: Context, info: GraphQLResolveInfo) =>
      connectMany({ recordType, include: 'tasks', row, target: tasks }, args, context, info, narrowing(args, context)),
  };
};

function narrowing({ status, isOverdue, sort }: TasksArgs, { freshsales }: Context): InMemory<TaskRecord> | undefined {
  const isGiven = (value: unknown) => value !== null && value !== undefined;
  if (![status, isOverdue, sort].some(isGiven)) return undefined;
  const now = Date.now();
  const isLate = ({ status: stored, due_date: due }: TaskRecord) =>
    toInt(stored) === 0 && Date.parse(toTime(due, freshsales.timeZone) ?? '') < now;
  return {
    key: JSON.stringify([status, isOverdue, sort]),
    columns: ['status', 'due_date', ...(sort ? [sort.field] : [])],
    apply: (rows) => {
      const kept = rows.filter(
        (row) =>
          (!isGiven(status) || toInt(row.status) === status) && (!isGiven(isOverdue) || isLate(row) === isOverdue),
      );
      return sort ? sortRows(kept, sort) : kept;
    },
  };
}

builder.objectFields(Task, (t) => ({
  type: t.field(toOneBy(taskType, 'task_type_id', TaskType, 'Task type.')),
  outcome: t.field(toOneBy(taskType, 'outcome_id', SalesActivityOutcome, 'Outcome.')),
  owner: t.field(toOne(taskType, 'owner', User, 'The user who owns the task.')),
  creator: t.field(toOne(taskType, 'creater', User, 'The user who created the record.')),
  updater: t.field(toOne(taskType, 'updater', User, 'The user who last updated the record.')),
  collaborators: t.field({
    type: [User],
    semanticNonNull: true,
    description:
      'Users who collaborate on the task. Costs one call per task if the task was read through another record.',
    extensions: { freshsales: { include: 'users' } },
    resolve: (task, _args, context, info) =>
      andThen(relatedIds(context, taskType, task, 'users'), (ids) => loadAllRelated(context, info, User, ids)),
  }),
  target: t.field(
    targetField(
      { columns: ['targetables'], extra: 'targetable' },
      'The record the task belongs to, if Freshsales returns it.',
    ),
  ),
}));

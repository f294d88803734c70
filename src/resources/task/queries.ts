import type { GraphQLResolveInfo } from 'graphql';
import { User } from '../../lookups/users.ts';
import type { Context } from '../../records/context.ts';
import { asksFor, nodeNeedsOf, type Planning, selectionOf } from '../../records/field-needs.ts';
import { databaseId } from '../../records/gid.ts';
import { loaderFor } from '../../records/loader.ts';
import { filterQuery, includesOfPage, listedPages, type Sort } from '../../records/pages.ts';
import { includesToAsk } from '../../records/record-type.ts';
import { MAX_WHOLE_ROWS, readWhole, wholeCost } from '../../records/strategies/list-pages.ts';
import { type ConnectionArgs, checkArgs, sliceOf } from '../../records/window.ts';
import { builder } from '../../schema/builder.ts';
import { type Connection, connectionArgs, pagesField } from '../../schema/connection.ts';
import { explainFilter, listedFetch, recordField } from '../../schema/list-fields.ts';
import { connectKnown, type ForwardArgs, forwardArgs } from '../../schema/relation.ts';
import { type InMemory, sortRows } from '../../schema/sort.ts';
import { type TaskRecord, taskType } from './record.ts';
import { Task, tasks } from './type.ts';

const TaskFilter = builder.enumType('TaskFilter', {
  description:
    'Task filters that Freshsales offers. Exactly one applies, and Freshsales chooses the order: by due date.',
  values: {
    ALL: {
      value: 'all',
      description: 'All tasks. Accounts that require a filter, as the API reference says, refuse this.',
    },
    OPEN: { value: 'open', description: 'Open tasks.' },
    DUE_TODAY: { value: 'due today', description: 'Tasks due today.' },
    DUE_TOMORROW: { value: 'due tomorrow', description: 'Tasks due tomorrow.' },
    OVERDUE: { value: 'overdue', description: 'Open tasks past their due date.' },
    COMPLETED: { value: 'completed', description: 'Completed tasks.' },
  } as const,
});

const READ_WHOLE = `Reads the whole list of the filter: one call per 100 tasks, at most ${MAX_WHOLE_ROWS} tasks.`;

const filterArg = builder.args((t) => ({
  filter: t.field({ type: TaskFilter, required: true, defaultValue: 'open', description: 'Filter to apply.' }),
}));

/** Freshsales has no filter by owner, so the list of a filter is read whole and narrowed in memory. */
interface OwnedArgs extends ConnectionArgs {
  readonly owner: string;
  readonly filter: string;
  readonly sort?: Sort | null | undefined;
}

const SELECTED = ['nodes', 'edges', 'pageInfo', 'totalCount'];

const listOf = (filter: unknown) => listedPages(taskType, filterQuery(filter));

/** The tasks of a filter that a user owns. */
async function connectOwned(
  context: Context,
  info: GraphQLResolveInfo,
  { owner, filter, sort, ...args }: OwnedArgs,
): Promise<Connection<TaskRecord>> {
  const list = listOf(filter);
  const key = `${list.key} ${owner}`;
  const narrowed: InMemory<TaskRecord> = {
    key: JSON.stringify(sort ?? null),
    columns: ['owner_id', ...(sort ? [sort.field] : [])],
    apply: (rows) => {
      const owned = rows.filter(({ owner_id }) => owner_id === owner);
      return sort ? sortRows(owned, sort) : owned;
    },
  };
  // Refuses a cursor of another list before any call.
  sliceOf(args, `${key} ${narrowed.key}`);
  const selection = selectionOf(context, info);
  const include = includesOfPage(taskType, includesToAsk(nodeNeedsOf(selection, Task.name, info)));
  const whole = asksFor(selection, ...SELECTED)
    ? await readWhole(context, list, include).catch((error: unknown) => {
        throw explainFilter(filter, error);
      })
    : { ids: [], problem: undefined };
  const { listed } = loaderFor(context, taskType);
  return connectKnown({ type: Task, key, ...whole, load: listed }, args, context, info, narrowed);
}

/** The fetch of the tasks of a filter that a user owns. */
const owned = {
  cost: ({ filter, ...args }: ConnectionArgs & { filter: string }, { selection, capabilities }: Planning) => {
    checkArgs(args);
    return asksFor(selection, ...SELECTED) ? wholeCost(listOf(filter), capabilities) : [];
  },
  run: connectOwned,
};

interface TasksArgs extends ConnectionArgs {
  readonly filter: string;
  readonly ownerId?: string | null | undefined;
}

const ofFilter = listedFetch(taskType);

const tasksFetch = {
  cost: ({ ownerId, ...args }: TasksArgs, planning: Planning) => {
    if (!isGiven(ownerId)) return ofFilter.cost(args, planning);
    databaseId(User.name, ownerId);
    return owned.cost(args, planning);
  },
  run: (root: object, { ownerId, ...args }: TasksArgs, context: Context, info: GraphQLResolveInfo) =>
    isGiven(ownerId)
      ? owned.run(context, info, { ...args, owner: databaseId(User.name, ownerId) })
      : ofFilter.run(root, args, context, info),
};

const isGiven = <T>(value: T): value is NonNullable<T> => value !== null && value !== undefined;

builder.queryFields((t) => ({
  task: t.field(recordField(Task, 'The task with this id.')),
  tasks: t.field({
    type: tasks.connection,
    semanticNonNull: true,
    description: 'Tasks visible to the user of the API key. One call per 100 rows, owners and targets included.',
    args: {
      ...filterArg,
      ownerId: t.arg.id({
        description: `Only tasks that this user owns. ${READ_WHOLE}`,
        extensions: { freshsales: { columns: ['owner_id'], refersTo: User.name } },
      }),
      ...connectionArgs,
    },
    ...pagesField(tasksFetch),
  }),
}));

interface OwnTasksArgs extends ForwardArgs {
  readonly filter: string;
  readonly sort?: Sort | null | undefined;
}

const ownTasksFetch = {
  cost: owned.cost,
  run: ({ id }: { id: string }, args: OwnTasksArgs, context: Context, info: GraphQLResolveInfo) =>
    owned.run(context, info, { ...args, owner: id }),
};

builder.objectField(User, 'tasks', (t) =>
  t.field({
    type: tasks.connection,
    semanticNonNull: true,
    description: `Tasks that the user owns. ${READ_WHOLE} The calls are shared by all users in an operation.`,
    args: {
      ...filterArg,
      sort: t.arg({ type: tasks.sort, description: 'Sort order. Costs no further calls.' }),
      ...forwardArgs,
    },
    ...pagesField(ownTasksFetch, { filteredBy: 'owner_id' }),
  }),
);

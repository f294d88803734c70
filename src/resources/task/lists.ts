import type { GraphQLResolveInfo } from 'graphql';
import { User } from '../../lookups/users.ts';
import type { Context } from '../../records/context.ts';
import { type Args, asksFor, type FieldSource, nodeNeedsOf, selectionOf } from '../../records/field-needs.ts';
import { databaseId } from '../../records/gid.ts';
import { includesOfPage } from '../../records/loader.ts';
import { includesToAsk, needsColumns } from '../../records/needs.ts';
import { filterQuery, listedPages, type Sort } from '../../records/pages.ts';
import { pagesPrice } from '../../records/price.ts';
import { rangeOfIds } from '../../records/range.ts';
import { MAX_WHOLE_ROWS, readWhole, wholeCharges } from '../../records/whole-list.ts';
import { type ConnectionArgs, sliceOf } from '../../records/window.ts';
import { builder } from '../../schema/builder.ts';
import { type Connection, connectionArgs, connectionOf, reportProblem } from '../../schema/connection.ts';
import { sortRows } from '../../schema/in-memory.ts';
import { forwardArgs } from '../../schema/relation.ts';
import { byId, connectListed, withFilterHint } from '../../schema/root.ts';
import { type TaskRecord, taskType } from './record.ts';
import { loadTask, Task, TaskConnection, TaskSort } from './type.ts';

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

const { freshsales: paged } = pagesPrice(taskType.path, { query: ({ filter }) => filterQuery(filter) });

const ownedPrice: FieldSource['price'] = ({ filter }, { selection, capabilities }) =>
  asksFor(selection, ...SELECTED) ? wholeCharges(listOf(filter), capabilities) : [];

/** The tasks of a filter that a user owns. */
async function connectOwned(
  context: Context,
  info: GraphQLResolveInfo,
  { owner, filter, sort, ...args }: OwnedArgs,
): Promise<Connection<TaskRecord>> {
  const list = listOf(filter);
  const key = `${list.key} ${owner} ${JSON.stringify(sort ?? null)}`;
  const slice = sliceOf(args, key);
  const selection = selectionOf(context, info);
  if (!asksFor(selection, ...SELECTED)) return connectionOf(rangeOfIds([], slice, key), []);
  const needs = nodeNeedsOf(selection, Task.name, info);
  const { ids, problem } = await readWhole(context, list, includesOfPage(taskType, includesToAsk(needs))).catch(
    (error: unknown) => {
      throw withFilterHint(filter, error);
    },
  );
  const loader = loadTask(context);
  const rows = await loader.listed(ids, needsColumns('owner_id', ...(sort ? [sort.field] : [])));
  const owned = rows.filter((row) => row !== null).filter(({ owner_id }) => owner_id === owner);
  const shown = sort ? sortRows(owned, sort) : owned;
  const range = rangeOfIds(
    shown.map(({ id }) => id),
    slice,
    key,
  );
  reportProblem(context, info, { problem: problem ?? range.problem });
  const found = await loader.listed(
    range.rows.map(({ id }) => id),
    needs,
  );
  return connectionOf(range, found);
}

builder.queryFields((t) => ({
  task: t.field(byId(Task, loadTask, 'The task with this id.')),
  tasks: t.field({
    type: TaskConnection,
    semanticNonNull: true,
    extensions: {
      freshsales: {
        ...paged,
        price: (args: Args, pricing) => (isGiven(args.ownerId) ? ownedPrice : paged.price)?.(args, pricing) ?? [],
      } satisfies FieldSource,
    },
    description: 'Tasks visible to the user of the API key. One call per 100 rows, owners and targets included.',
    args: {
      ...filterArg,
      ownerId: t.arg.id({
        description: `Only tasks that this user owns. ${READ_WHOLE}`,
        extensions: { freshsales: { columns: ['owner_id'], refersTo: User.name } },
      }),
      ...connectionArgs,
    },
    resolve: (_root, { filter, ownerId, ...args }, context, info) =>
      isGiven(ownerId)
        ? connectOwned(context, info, { ...args, filter, owner: databaseId(User.name, ownerId) })
        : connectListed(context, info, { recordType: taskType, filter, args }),
  }),
}));

const isGiven = <T>(value: T): value is NonNullable<T> => value !== null && value !== undefined;

builder.objectField(User, 'tasks', (t) =>
  t.field({
    type: TaskConnection,
    semanticNonNull: true,
    description: `Tasks that the user owns. ${READ_WHOLE} The calls are shared by all users in an operation.`,
    extensions: {
      freshsales: { ...paged, price: ownedPrice, filteredBy: 'owner_id' } satisfies FieldSource,
    },
    args: {
      ...filterArg,
      sort: t.arg({ type: TaskSort, description: 'Sort order. Costs no further calls.' }),
      ...forwardArgs,
    },
    resolve: ({ id }, args, context, info) => connectOwned(context, info, { ...args, owner: id }),
  }),
);

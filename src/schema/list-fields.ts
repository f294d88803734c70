import type { ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import { toWireId } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import { badInput } from '../records/errors.ts';
import { fetchedBy, type Planning } from '../records/field-needs.ts';
import { databaseId } from '../records/gid.ts';
import { filterQuery, listedPages } from '../records/pages.ts';
import { type RecordType, viewsPath } from '../records/record-type.ts';
import { pagesCost } from '../records/strategies/list-pages.ts';
import { readById } from '../records/strategies/read-one.ts';
import { readViews, type ViewRow, viewPages } from '../records/views.ts';
import type { ConnectionArgs } from '../records/window.ts';
import { builder, type Types } from './builder.ts';
import { connectionArgs, pagesFetch, pagesField, type RecordList } from './connection.ts';
import {
  explainAttributes,
  FilterRuleInput,
  type GivenRule,
  givenRules,
  MAX_RULES,
  searchFetch,
  withExplanation,
} from './filtered-search.ts';
import { loadNode, type NodeType } from './node.ts';
import type { SortRef } from './sort.ts';
import { type RecordFilter, refuseUnknownFields } from './typed-filter.ts';
import { type ViewArgs, viewFetch } from './views.ts';

const idArgs = builder.args((t) => ({
  id: t.id({ required: true, description: 'Freshsales id, or global id of this type.' }),
}));

/** A record by id. Null if it does not exist. */
export const recordField = <R extends Identified>(type: NodeType<R>, description: string) => ({
  type,
  description: `${description} Null if it does not exist. Costs one call, relations included.`,
  args: idArgs,
  ...fetchedBy(
    {
      cost: ({ id }: { id: string }, { registry }: Planning) =>
        readById.cost(registry, type.name, databaseId(type.name, id)),
      run: async (_root: object, { id }: { id: string }, context: Context, info: GraphQLResolveInfo) =>
        loadNode(context, info, type, databaseId(type.name, id)),
    },
    { reads: true },
  ),
});

const viewArgs = builder.args((t) => ({
  view: t.id({
    description: 'Id or exact name of a saved view. If omitted, a default is chosen from the account’s own views.',
  }),
}));

const sortArgs = (type: SortRef) => builder.args((t) => ({ sort: t.field({ type, description: 'Sort order.' }) }));

/** The types of lists, which may be without an order. */
type ListTypes<R extends Identified> = Omit<RecordList<R>, 'sort'> & { readonly sort?: SortRef };

interface ListArgs extends ViewArgs {
  readonly where?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Records of a saved view, or those that match a filter. */
export const listField = <R extends Identified>(
  { type, connection, sort }: ListTypes<R>,
  filter: RecordFilter,
  description: string,
) => ({
  type: connection,
  semanticNonNull: true,
  description: `${description} One call per 100 rows, relations included. One more call for the list of views, cached for an hour, unless a filter is given.`,
  args: { ...viewArgs, ...filterArgs(filter), ...(sort && sortArgs(sort)), ...connectionArgs },
  ...pagesField(listFetch(type.table, filter), { reads: ({ where }) => (where ? 'thin' : 'page') }),
});

const filterArgs = ({ input }: RecordFilter) =>
  builder.args((t) => ({
    where: t.field({
      type: input,
      description:
        'Conditions that must all hold, checked by Freshsales. Not together with a view. If omitted or null, the list is that of a view.',
    }),
  }));

/** By a view, or by a search if there is a filter. */
function listFetch<R extends Identified>(recordType: RecordType<R>, { toRules }: RecordFilter) {
  const byView = viewFetch(recordType);
  const bySearch = searchFetch(recordType, (where: Readonly<Record<string, unknown>>, knowledge) => {
    const rules = toRules(where, knowledge.schema);
    refuseUnknownFields(knowledge, recordType, rules);
    return rules;
  });
  return {
    cost: ({ where, ...args }: ListArgs, planning: Planning) => {
      if (!where) return byView.cost(args, planning);
      refuseView(args);
      return bySearch.cost({ ...args, where }, planning);
    },
    run: (root: object, { where, ...args }: ListArgs, context: Context, info: GraphQLResolveInfo) => {
      if (!where) return byView.run(root, args, context, info);
      refuseView(args);
      return bySearch.run(root, { ...args, where }, context, info);
    },
  };
}

function refuseView({ view }: ViewArgs): void {
  if (view !== undefined && view !== null)
    throw badInput('“view” and “where” cannot be used together. Leave one of them out.');
}

/** The records of a view. */
export const viewRecordsField = <R extends Identified>(
  { type: { table: recordType }, connection, sort }: RecordList<R>,
  description: string,
) => ({
  type: connection,
  semanticNonNull: true,
  description: `${description} One call per 100 rows, relations included.`,
  args: { ...sortArgs(sort), ...connectionArgs },
  ...pagesField({
    cost: ({ sort, ...args }: ViewArgs, planning: Planning) =>
      pagesCost(viewPages(recordType, '{id}', sort), args, planning),
    run: (view: ViewRow, args: ViewArgs, context: Context, info: GraphQLResolveInfo) =>
      viewFetch(recordType).run(view, { ...args, view: view.id }, context, info),
  }),
});

/** The saved views of a record type. */
export const viewsField = (recordType: RecordType, type: ObjectRef<Types, ViewRow>) => ({
  type: [type] as [ObjectRef<Types, ViewRow>],
  semanticNonNull: true,
  description: `The saved views of ${recordType.many.replaceAll('_', ' ')} that are visible to the API key. Costs one call; cached for an hour.`,
  ...fetchedBy(
    {
      cost: () => [{ calls: 1, list: viewsPath(recordType) }],
      run: (_root: object, _args: object, context: Context) => readViews(context, recordType),
    },
    { rows: (_args, { known }) => known.list(viewsPath(recordType))?.length ?? Number.POSITIVE_INFINITY },
  ),
});

const whereArgs = builder.args((t) => ({
  where: t.field({
    type: [FilterRuleInput],
    required: true,
    description: `Filter rules, at most ${MAX_RULES}. A record must match all of them.`,
  }),
}));

/** Records that match a filter. */
export const filterField = <R extends Identified>(
  { type: { table: recordType }, connection, sort }: ListTypes<R>,
  description: string,
) => ({
  type: connection,
  semanticNonNull: true,
  description: `${description} One call per 100 rows. Columns that the account’s filtered search omits cost one more call per record.`,
  args: { ...whereArgs, ...(sort && sortArgs(sort)), ...connectionArgs },
  deprecationReason: `Use ${recordType.many.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())} with its typed where.`,
  ...pagesField(
    searchFetch(
      recordType,
      (where: readonly GivenRule[]) => givenRules(recordType, where),
      (error) => explainAttributes(recordType, error),
    ),
    { reads: 'thin' },
  ),
});

/** The records of which a user is the owner. */
export const ownedField = <R extends Identified>(
  { type: { table: recordType }, connection, sort }: RecordList<R>,
  description: string,
) => {
  const search = searchFetch(recordType, (id: string) => [
    { attribute: 'owner_id', operator: 'is', value: toWireId(id) },
  ]);
  const fetch = {
    cost: (args: ViewArgs, planning: Planning) => search.cost({ ...args, where: '{id}' }, planning),
    run: (user: Identified, args: ViewArgs, context: Context, info: GraphQLResolveInfo) =>
      search.run(user, { ...args, where: user.id }, context, info),
  };
  return {
    type: connection,
    semanticNonNull: true,
    description: `${description} One call per 100 rows for each user, relations included.`,
    args: { ...sortArgs(sort), ...connectionArgs },
    ...pagesField(fetch, { reads: 'thin', filteredBy: 'owner_id' }),
  };
};

/** The fetch of the list of a type without views: tasks, appointments, sales activities. */
export const listedFetch = <R extends Identified>(recordType: RecordType<R>) =>
  pagesFetch(
    ({ filter = 'all' }: ConnectionArgs & { filter?: string }) => listedPages(recordType, filterQuery(filter)),
    (error, { filter = 'all' }) => explainFilter(filter, error),
  );

/** Adds to a refusal of the whole list that a filter may be required (FACTS 19). */
export const explainFilter = (filter: string, error: unknown): unknown =>
  filter === 'all' ? withExplanation(error, 'This account may require a filter: choose another one than ALL.') : error;

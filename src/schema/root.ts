import type { EnumRef, InputObjectRef, ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { badInput } from '../records/errors.ts';
import { type Args, type FieldSource, needsOf, selectionOf } from '../records/field-needs.ts';
import { databaseId } from '../records/gid.ts';
import { loaderFor, type RecordLoader } from '../records/loader.ts';
import { filterQuery, idOnWire, listedPages, type Sort, sortQuery } from '../records/pages.ts';
import { pagesPrice, recordCharges, viewPrice } from '../records/price.ts';
import type { RecordType } from '../records/record-type.ts';
import { readViews, type ViewRow } from '../records/views.ts';
import type { ConnectionArgs } from '../records/window.ts';
import { builder, type Types } from './builder.ts';
import { type Connection, connectionArgs, connectPages } from './connection.ts';
import {
  connectFiltered,
  FilterRuleInput,
  filteredPrice,
  type GivenRule,
  givenRules,
  MAX_RULES,
  withAdvice,
  withHint,
} from './filter.ts';
import { connectView, type ViewArgs } from './views.ts';
import { type RecordFilter, refuseUnknownFields } from './where.ts';

const idArgs = builder.args((t) => ({
  id: t.id({ required: true, description: 'Freshsales id, or global id of this type.' }),
}));

/** A record by id. Null if it does not exist. */
export const byId = <R extends Identified>(
  type: ObjectRef<Types, R>,
  loader: RecordLoader<R>,
  description: string,
) => ({
  type,
  description: `${description} Null if it does not exist. Costs one call, relations included.`,
  args: idArgs,
  extensions: {
    freshsales: {
      price: ({ id }, { registry }) => recordCharges(registry, type.name, id),
      reads: true,
    } satisfies FieldSource,
  },
  resolve: async (
    _root: object,
    { id }: { id: string },
    context: Context,
    info: GraphQLResolveInfo,
  ): Promise<R | null> =>
    loader(context).load(databaseId(type.name, id), needsOf(selectionOf(context, info), type.name, info)),
});

const viewArgs = builder.args((t) => ({
  view: t.id({
    description: 'Id or exact name of a saved view. If omitted, a default is chosen from the account’s own views.',
  }),
}));

type SortRef = InputObjectRef<Types, Sort>;

const sortArgs = (type: SortRef) => builder.args((t) => ({ sort: t.field({ type, description: 'Sort order.' }) }));

interface ListArgs extends ViewArgs {
  readonly where?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Records of a saved view, or those that match a filter. */
export const listed = <R extends Identified>(
  recordType: RecordType<R>,
  connection: ObjectRef<Types, Connection<R>>,
  { sort, filter }: { sort?: SortRef; filter: RecordFilter },
  description: string,
) => ({
  type: connection,
  semanticNonNull: true,
  description: `${description} One call per 100 rows, relations included. One more call for the list of views, cached for an hour, unless a filter is given.`,
  args: { ...viewArgs, ...filterArgs(filter), ...(sort && sortArgs(sort)), ...connectionArgs },
  extensions: listedPrice(recordType, filter),
  resolve: (_root: object, { where, ...args }: ListArgs, context: Context, info: GraphQLResolveInfo) => {
    if (!where) return connectView(context, info, recordType, args);
    if (args.view !== undefined && args.view !== null)
      throw badInput('“view” and “where” cannot be used together. Leave one of them out.');
    const rules = filter.toRules(where, info.schema);
    refuseUnknownFields(context, recordType, rules);
    return connectFiltered(context, info, recordType, { ...args, rules });
  },
});

const filterArgs = ({ input }: RecordFilter) =>
  builder.args((t) => ({
    where: t.field({
      type: input,
      description: 'Conditions that must all hold, checked by Freshsales. Not together with a view.',
    }),
  }));

function listedPrice(recordType: RecordType, { toRules }: RecordFilter): { freshsales: FieldSource } {
  const view = viewPrice(recordType).freshsales;
  const search = filteredPrice(recordType, toRules).freshsales;
  const chosen = ({ where, view: named }: Args) => (!where ? view : named ? undefined : search);
  return {
    freshsales: {
      ...view,
      price: (args, pricing) => chosen(args)?.price?.(args, pricing) ?? [],
      reads: ({ where }) => (where ? 'thin' : 'page'),
    },
  };
}

/** The records of a view. */
export const ofView = <R extends Identified>(
  recordType: RecordType<R>,
  connection: ObjectRef<Types, Connection<R>>,
  sort: SortRef,
  description: string,
) => ({
  type: connection,
  semanticNonNull: true,
  description: `${description} One call per 100 rows, relations included.`,
  args: { ...sortArgs(sort), ...connectionArgs },
  extensions: pagesPrice(`${recordType.path}/view/{id}`, { query: ({ sort }) => sortQuery(sort as Sort | null) }),
  resolve: (view: ViewRow, args: ViewArgs, context: Context, info: GraphQLResolveInfo) =>
    connectView(context, info, recordType, { ...args, view: view.id }),
});

/** The saved views of a record type. */
export const allViews = (recordType: RecordType, type: ObjectRef<Types, ViewRow>) => ({
  type: [type] as [ObjectRef<Types, ViewRow>],
  semanticNonNull: true,
  description: `The saved views of ${recordType.many.replaceAll('_', ' ')} that are visible to the API key. Costs one call; cached for an hour.`,
  extensions: {
    freshsales: {
      price: () => [{ calls: 1, once: `${recordType.path}/filters` }],
      rows: (_args, { known }) => known.list(`${recordType.path}/filters`)?.length ?? Number.POSITIVE_INFINITY,
    } satisfies FieldSource,
  },
  resolve: (_root: object, _args: object, context: Context) => readViews(context, recordType),
});

const whereArgs = builder.args((t) => ({
  where: t.field({
    type: [FilterRuleInput],
    required: true,
    description: `Filter rules, at most ${MAX_RULES}. A record must match all of them.`,
  }),
}));

interface FilterArgs extends ConnectionArgs {
  readonly where: readonly GivenRule[];
  readonly sort?: Sort | null | undefined;
}

/** Records that match a filter. `sort` is omitted for record types that are not sorted. */
export const filtered = <R extends Identified>(
  recordType: RecordType<R>,
  connection: ObjectRef<Types, Connection<R>>,
  sort: SortRef | undefined,
  description: string,
) => ({
  type: connection,
  semanticNonNull: true,
  description: `${description} One call per 100 rows. Columns that the account’s filtered search omits cost one more call per record.`,
  args: { ...whereArgs, ...(sort && sortArgs(sort)), ...connectionArgs },
  deprecationReason: `Use ${recordType.many.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())} with its typed where.`,
  extensions: filteredPrice(recordType, (where: readonly GivenRule[]) => givenRules(recordType, where)),
  resolve: async (_root: object, { where, ...args }: FilterArgs, context: Context, info: GraphQLResolveInfo) => {
    const rules = givenRules(recordType, where);
    return connectFiltered(context, info, recordType, { ...args, rules }).catch((error: unknown) => {
      throw withAdvice(recordType, error);
    });
  },
});

/** The records of which a user is the owner. */
export const ownedBy = <R extends Identified>(
  recordType: RecordType<R>,
  connection: ObjectRef<Types, Connection<R>>,
  sort: SortRef,
  description: string,
) => {
  const rulesOf = (id: string) => [{ attribute: 'owner_id', operator: 'is', value: idOnWire(id) }];
  const { freshsales } = filteredPrice(recordType, () => rulesOf('{id}'));
  return {
    type: connection,
    semanticNonNull: true,
    description: `${description} One call per 100 rows for each user, relations included.`,
    args: { ...sortArgs(sort), ...connectionArgs },
    extensions: { freshsales: { ...freshsales, filteredBy: 'owner_id' } satisfies FieldSource },
    resolve: ({ id }: Identified, args: Omit<ViewArgs, 'view'>, context: Context, info: GraphQLResolveInfo) =>
      connectFiltered(context, info, recordType, { ...args, rules: rulesOf(id) }),
  };
};

/** A connection over a record type with its own list: tasks, appointments, sales activities. */
export const connectListed = <R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  { recordType, filter = 'all', args }: { recordType: RecordType<R>; filter?: string; args: ConnectionArgs },
): Promise<Connection<R>> =>
  connectPages(context, info, {
    list: listedPages(recordType, filterQuery(filter)),
    args,
    loader: loaderFor(recordType),
  }).catch((error: unknown) => {
    throw withFilterHint(filter, error);
  });

/** Adds to a refusal of the whole list that a filter may be required (FACTS 19). */
export const withFilterHint = (filter: string, error: unknown): unknown =>
  filter === 'all' ? withHint(error, 'This account may require a filter: choose another one than ALL.') : error;

const SortDirection = builder.enumType('SortDirection', {
  description: 'Sort direction.',
  values: {
    ASC: { value: 'asc', description: 'Ascending: smallest, earliest or alphabetically first value first.' },
    DESC: { value: 'desc', description: 'Descending: largest, latest or alphabetically last value first.' },
  } as const,
});

/** `<Name>Sort` over the columns that Freshsales can sort by. */
export function sortInput<V extends string>(name: string, field: EnumRef<Types, V>) {
  return builder.inputType(`${name}Sort`, {
    description: 'Sort order. If omitted, rows keep the order in which Freshsales sends them.',
    fields: (t) => ({
      field: t.field({ type: field, required: true, description: 'Field to sort by.' }),
      direction: t.field({ type: SortDirection, required: true, defaultValue: 'asc', description: 'Sort direction.' }),
    }),
  });
}

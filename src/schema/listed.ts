import type { GraphQLResolveInfo } from 'graphql';
import type { Identified, RecordType } from '../freshsales/resource.ts';
import type { Query } from '../freshsales/transport.ts';
import type { Context } from '../records/context.ts';
import { loaderFor, type RecordLoader } from '../records/loader.ts';
import type { PagedList } from '../records/pages.ts';
import { type ListFinder, pagesOfAll } from '../records/type-lists.ts';
import type { ConnectionArgs } from '../records/window.ts';
import { type Connection, connectPages } from './connection.ts';

const listOf = <R extends Identified>(recordType: RecordType<R>, query: Query): PagedList<R> => ({
  key: `${recordType.path} ${JSON.stringify(query)}`,
  recordType,
  path: recordType.path,
  query,
});

/** Records of a type are in these lists of its own path, each in one of them. */
export const filterLists = (recordType: RecordType, ...filters: readonly string[]): ListFinder => ({
  call: `GET /${recordType.path}`,
  calls: () => filters.length,
  pages: (measures) =>
    pagesOfAll(
      filters.map((filter) => listOf(recordType, { filter }).key),
      measures,
    ),
  find: async () => ({ lists: filters.map((filter) => listOf(recordType, { filter })), isWhole: true }),
});

/** A connection over a record type that is listed under its own path: tasks, appointments, sales activities. */
export const connectListed = <R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  { recordType, query = {}, args }: { recordType: RecordType<R>; query?: Query; args: ConnectionArgs },
): Promise<Connection<R>> =>
  connectPages(context, info, {
    list: listOf(recordType, query),
    args,
    loader: loaderFor(recordType) as RecordLoader<Identified> as RecordLoader<R>,
  });

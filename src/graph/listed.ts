import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { Identified, Resource } from '../freshsales/resource.ts';
import type { Query } from '../freshsales/transport.ts';
import { type Connection, connectPages } from './connection.ts';
import { type ListFinder, pagesOfAll } from './lists.ts';
import { loaderFor, type RecordLoader } from './loader.ts';
import type { PagedList } from './pages.ts';
import type { ConnectionArgs } from './window.ts';

const listOf = <R extends Identified>(resource: Resource<R>, query: Query): PagedList<R> => ({
  key: `${resource.path} ${JSON.stringify(query)}`,
  resource,
  path: resource.path,
  query,
});

/** Records of a type are in these lists of its own path, each in one of them. */
export const filterLists = (resource: Resource, ...filters: readonly string[]): ListFinder => ({
  call: `GET /${resource.path}`,
  calls: () => filters.length,
  pages: (measures) =>
    pagesOfAll(
      filters.map((filter) => listOf(resource, { filter }).key),
      measures,
    ),
  find: async () => ({ lists: filters.map((filter) => listOf(resource, { filter })), isWhole: true }),
});

/** A connection over a record type that is listed under its own path: tasks, appointments, sales activities. */
export const connectListed = <R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  { resource, query = {}, args }: { resource: Resource<R>; query?: Query; args: ConnectionArgs },
): Promise<Connection<R>> =>
  connectPages(context, info, {
    list: listOf(resource, query),
    args,
    loader: loaderFor(resource) as RecordLoader<Identified> as RecordLoader<R>,
  });

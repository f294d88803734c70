import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { Identified, Resource } from '../freshsales/resource.ts';
import type { Query } from '../freshsales/transport.ts';
import { type Connection, connectPages } from './connection.ts';
import { loaderFor, type RecordLoader } from './loader.ts';
import type { ConnectionArgs } from './window.ts';

/** A connection over a record type that is listed under its own path: tasks, appointments, sales activities. */
export const connectListed = <R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  { resource, query = {}, args }: { resource: Resource<R>; query?: Query; args: ConnectionArgs },
): Promise<Connection<R>> =>
  connectPages(context, info, {
    list: { key: `${resource.path} ${JSON.stringify(query)}`, resource, path: resource.path, query },
    args,
    loader: loaderFor(resource) as RecordLoader<Identified> as RecordLoader<R>,
  });

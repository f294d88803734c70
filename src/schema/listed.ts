import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import type { Query } from '../freshsales/transport.ts';
import type { Context } from '../records/context.ts';
import { loaderFor } from '../records/loader.ts';
import { listedPages } from '../records/pages.ts';
import type { RecordType } from '../records/record-type.ts';
import type { ConnectionArgs } from '../records/window.ts';
import { type Connection, connectPages } from './connection.ts';

/** A connection over a record type with its own list: tasks, appointments, sales activities. */
export const connectListed = <R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  { recordType, query = {}, args }: { recordType: RecordType<R>; query?: Query; args: ConnectionArgs },
): Promise<Connection<R>> =>
  connectPages(context, info, {
    list: listedPages(recordType, query),
    args,
    loader: loaderFor(recordType),
  });

import type { ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { isRecordId } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified, Table } from '../freshsales/resource.ts';
import { andThen, type MaybePromise } from '../maybe-promise.ts';
import type { Context } from '../records/context.ts';
import { needsOf, selectionOf } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { loaderFor } from '../records/loader.ts';
import type { Needs } from '../records/record-type.ts';
import { builder, type Types } from './builder.ts';

/** An object with a global id. */
export const Node = builder.interfaceRef<Identified>('Node').implement({
  description: 'An object with a global id, which can be read again through node.',
  resolveType: (row) => typeOf(row),
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Global id, such as gid://freshsales/Contact/31016358306.' }),
  }),
});

/** The GraphQL type of a row, set by the record store. */
export const typeOf = (row: Identified): string => String((row as Identified & { __typename?: string }).__typename);

/** A GraphQL type, and the table whose rows have it. */
export interface NodeType<R extends Identified, T extends Table<R> = Table<R>> extends ObjectRef<Types, R> {
  readonly table: T;
}

/** Declares the type of the rows of a table, with their two ids. */
export const nodeType = <R extends Identified, T extends Table<R>>(
  table: T & Table<R>,
  description: string,
): NodeType<R, T> => Object.assign(typeWithIds<R>(table.name, description), { table });

/** Declares a type with a global id and a Freshsales id. */
export function typeWithIds<R extends Identified>(name: string, description: string): ObjectRef<Types, R> {
  return builder.objectRef<R>(name).implement({
    description,
    // Inside a function generic in the row, Pothos cannot see that the types agree.
    interfaces: [Node] as never,
    fields: (t) => ({
      id: t.id({
        nullable: false,
        description: `Global id, such as ${toGid(name, '31016358306')}.`,
        resolve: ({ id }) => toGid(name, id),
      }),
      databaseId: t.string({
        nullable: false,
        description: 'Freshsales id.',
        resolve: ({ id }) => id,
      }),
    }),
  });
}

/** The type to load: rows of a table, with the selected fields. */
type RowsOf<R extends Identified> = Pick<NodeType<R>, 'table'>;

const selectedOf = <R extends Identified>(context: Context, info: GraphQLResolveInfo, { table }: RowsOf<R>): Needs =>
  needsOf(selectionOf(context, info), table.name, info);

/** The row with this id. Null if it does not exist. */
export const loadNode = <R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  type: RowsOf<R>,
  id: string,
): MaybePromise<R | null> => loaderFor(context, type.table).load(id, selectedOf(context, info, type));

/** The row that a record points to; null without an id. `searchValues`: values to find it by in a search. */
export function loadRelated<R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  type: RowsOf<R>,
  id: string,
  searchValues?: readonly string[],
): MaybePromise<R | null> {
  if (id === '') return null;
  // It would become part of a URL.
  if (!isRecordId(id)) throw new FreshsalesError('UPSTREAM_ERROR', 'Freshsales sent something that is not an id.');
  return loaderFor(context, type.table).refer(id, selectedOf(context, info, type), searchValues);
}

/** The rows that a record points to. Skips those that do not exist. */
export const loadAllRelated = <R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  type: RowsOf<R>,
  ids: readonly string[],
): MaybePromise<R[]> =>
  andThen(loaderFor(context, type.table).loadMany(ids.filter(isRecordId), selectedOf(context, info, type)), (found) =>
    found.filter((row) => row !== null),
  );

import type { MaybePromise, ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { columnOf, type Identified, type Resource } from '../freshsales/resource.ts';
import { after } from './after.ts';
import { builder, type Types } from './builder.ts';
import { type Connection, connectionOf, connectRows } from './connection.ts';
import { isBinned, isRow } from './entries.ts';
import { loaderFor, type RecordLoader } from './loader.ts';
import { asksFor, type Charge, type FieldSource, needsOf, nodeNeedsOf, selectionOf } from './lookahead.ts';
import { bringMissing } from './missing-rows.ts';
import { type Needs, needsColumns, needsInclude } from './needs.ts';
import { rowsAsked } from './price.ts';
import { type RelationOptions, registerRelation } from './relation-options.ts';

/** The arguments of a relation that is read whole and paged in memory. */
export const forwardArgs = builder.args((t) => ({
  first: t.int({
    description: 'Number of rows to return, at most 500. Defaults to 25. More rows cost no further calls.',
  }),
  after: t.string({ description: 'Returns the rows after this cursor.' }),
}));

interface ForwardArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

const wire = (source: FieldSource) => ({ freshsales: source });

/** A related record whose id an include adds. */
export function toOne<R extends Identified, I extends string, T extends Identified>(
  resource: Resource<R, I>,
  include: I,
  type: ObjectRef<Types, T>,
  loader: RecordLoader<T>,
  description: string,
) {
  const needs = needsInclude(include);
  return {
    type,
    description,
    extensions: wire({ include }),
    resolve: (row: R, _args: object, context: Context, info: GraphQLResolveInfo): MaybePromise<T | null> =>
      after(cellOf(context, resource, row, columnOf(resource.includes[include]), needs), (id) =>
        loadRelated(context, info, loader, type, id),
      ),
  };
}

/** A related record whose id is a plain column. `extra`: the include by which its row comes along with a call made anyway. */
export function toOneBy<R extends Identified, T extends Identified>(
  resource: { readonly name: string },
  column: keyof R & string,
  type: ObjectRef<Types, T>,
  loader: RecordLoader<T>,
  description: string,
  extra?: string,
) {
  const needs = needsColumns(column);
  return {
    type,
    description,
    extensions: wire({ columns: [column], ...(extra !== undefined && { extra }) }),
    resolve: (row: R, _args: object, context: Context, info: GraphQLResolveInfo): MaybePromise<T | null> =>
      after(cellOf(context, resource, row, column, needs), (id) => loadRelated(context, info, loader, type, id)),
  };
}

function loadRelated<T extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  loader: RecordLoader<T>,
  type: ObjectRef<Types, T>,
  id: unknown,
): MaybePromise<T | null> {
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') return null;
  return loader(context).refer(String(id), needsOf(selectionOf(context, info), type.name, info));
}

/** How to read rows that a record's includes did not bring, and what that costs for each record. */
export interface Fallback {
  /** Gives their ids; the rows are then known as if they had come along. */
  readonly read: (context: Context, id: string) => Promise<readonly string[]>;
  readonly charges: readonly Charge[];
}

/** Related records whose ids an include adds. They come whole, so their connection pages in memory. */
export function toMany<R extends Identified, I extends string, T extends Identified>(
  resource: Resource<R, I>,
  include: I,
  { type, connection, loader }: ManyTarget<T>,
  description: string,
  options: RelationOptions = {},
) {
  const { fallback, doubtful } = options;
  registerRelation(resource, include, options);
  return {
    type: connection,
    nullable: false as const,
    description,
    args: forwardArgs,
    extensions: wire({
      ...{ include, rows: rowsAsked },
      ...(fallback && { fallback: fallback.charges }),
      ...(doubtful && { doubtful }),
    }),
    resolve: (row: R, args: ForwardArgs, context: Context, info: GraphQLResolveInfo): MaybePromise<Connection<T>> =>
      after(relatedIds(context, resource, row, include, fallback), (ids) => {
        const selection = selectionOf(context, info);
        const key = `${resource.name}/${row.id}/${include}`;
        const { range, slice } = connectRows(ids, args, key);
        if (!asksFor(selection, 'nodes', 'edges')) return connectionOf(key, range, slice, []);
        const wanted = range.rows.map(({ id }) => id);
        const needs = nodeNeedsOf(selection, type.name, info);
        const related = { include, ids: wanted, of: type.name, needs };
        const brought = bringMissing(context, resource, row.id, related);
        const records = after(brought, () => loader(context).loadMany(wanted, needs));
        return after(records, (found) => connectionOf(key, range, slice, found));
      }),
  };
}

/** What a to-many relation leads to: a record type, its connection and its loader. */
export interface ManyTarget<T extends Identified> {
  readonly type: ObjectRef<Types, T>;
  readonly connection: ObjectRef<Types, Connection<T>>;
  readonly loader: RecordLoader<T>;
}

/** The ids of a to-many relation, from the row, else from a read of the record by itself, else from the fallback. */
export function relatedIds<R extends Identified, I extends string>(
  context: Context,
  resource: Resource<R, I>,
  row: R,
  include: I,
  fallback?: Fallback,
): MaybePromise<readonly string[]> {
  const column = columnOf(resource.includes[include]);
  // What is not known of a record in the recycle bin cannot be had, and an error would take the whole list with it.
  if (isBinned(row) && !(column in row)) return [];
  const cell = cellOf(context, resource, row, column, needsInclude(include));
  return after(cell, (ids) => {
    if (Array.isArray(ids)) return ids.filter((id) => typeof id === 'string');
    if (fallback) return fallback.read(context, row.id);
    throw new FreshsalesError(
      'UPSTREAM_ERROR',
      `Freshsales did not say which ${include} belong to this ${resource.name}.`,
    );
  });
}

/** Rows that come inside a record, by the include that brings them. What is no row is passed over. */
export function embeddedRows<R extends Identified, I extends string, T extends Identified>(
  context: Context,
  resource: Resource<R, I>,
  row: R,
  include: I & keyof R & string,
): MaybePromise<T[]> {
  const cell = cellOf(context, resource, row, columnOf(resource.includes[include]), needsInclude(include));
  return after(cell, (rows) => (Array.isArray(rows) ? rows.filter(isRow) : []) as Identified[] as T[]);
}

/** A cell of the row; where the row is of an answer that lacked it, of the record read anew. */
export function cellOf(
  context: Context,
  table: { readonly name: string },
  row: Identified,
  column: string,
  needs: Needs,
): MaybePromise<unknown> {
  const cells = row as Identified & Record<string, unknown>;
  if (cells[column] !== undefined) return cells[column];
  if (isBinned(row))
    throw new FreshsalesError(
      'NOT_AVAILABLE',
      `This ${table.name} is in the recycle bin, where Freshsales tells no more of it than this.`,
    );
  const record = loaderFor(table)(context).load(row.id, needs);
  return after(record, (read) => (read as (Identified & Record<string, unknown>) | null)?.[column]);
}

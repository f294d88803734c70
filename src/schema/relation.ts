import type { MaybePromise } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { isRow } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { columnOf, type Identified, type Table } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { asksFor, type FieldSource, nodeNeedsOf, selectionOf } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { andThen, loaderFor } from '../records/loader.ts';
import type { Sort } from '../records/pages.ts';
import { failureOf } from '../records/record-request.ts';
import { isBinned } from '../records/record-store.ts';
import {
  isLookup,
  type Needs,
  needsColumns,
  needsInclude,
  type RecordType,
  relationOf,
  union,
} from '../records/record-type.ts';
import { rowsAsked } from '../records/strategies/list-pages.ts';
import { bringMissing } from '../records/truncated-sideloads.ts';
import { builder } from './builder.ts';
import { type Connection, connectionOf, connectRows, type RecordList, reportProblem } from './connection.ts';
import { loadRelated, type NodeType } from './node.ts';
import { type InMemory, inOrder, type SortRef, sorts } from './sort.ts';

/** Arguments of a relation that is read completely and paged in memory. */
export const forwardArgs = builder.args((t) => ({
  first: t.int({
    description: 'Number of rows to return, at most 500. Defaults to 25. More rows cost no further calls.',
  }),
  after: t.string({ description: 'Returns the rows after this cursor.' }),
}));

export interface ForwardArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

export interface RelationArgs extends ForwardArgs {
  sort?: Sort | null | undefined;
}

/** The same with an order. */
export const relationArgs = (sort: SortRef) =>
  builder.args((t) => ({
    first: forwardArgs.first,
    after: forwardArgs.after,
    sort: t.field({
      type: sort,
      description:
        'Sort order, by which all rows are sorted in memory. Fields that side-loaded rows lack cost one call per 100 rows.',
    }),
  }));

/** A to-one relation whose id an include adds. */
export const toOne = <R extends Identified, I extends string, T extends Identified>(
  recordType: RecordType<R, I>,
  include: I,
  type: NodeType<T>,
  description: string,
) => ({
  type,
  description,
  ...relatedBy(recordType, columnOf(recordType.includes[include]), type, { include }),
});

/** A to-one relation whose id is a plain column. `extra`: the include that side-loads its row with another call. */
export const toOneBy = <R extends Identified, T extends Identified>(
  table: Table<R>,
  column: keyof R & string,
  type: NodeType<T>,
  description: string,
  extra?: string,
) => ({
  type,
  description: extra === undefined ? `${description} ${costOfId(type)}` : description,
  ...relatedBy(table, column, type, { columns: [column], ...(extra !== undefined && { extra }) }),
});

/** The extensions and the resolver of a relation to the row whose id is in a column. */
function relatedBy<R extends Identified, T extends Identified>(
  table: Table<R>,
  column: string,
  type: NodeType<T>,
  source: FieldSource & { readonly include?: string },
) {
  const needs = source.include === undefined ? needsColumns(column) : needsInclude(source.include);
  return {
    extensions: { freshsales: source },
    resolve: (row: R, _args: object, context: Context, info: GraphQLResolveInfo): MaybePromise<T | null> =>
      andThen(cellOf(context, table, row, column, needs), (id) =>
        (typeof id === 'string' || typeof id === 'number') && id !== ''
          ? loadRelated(context, info, type, String(id))
          : null,
      ),
  };
}

/** What it costs to read a record of which only the id is side-loaded. */
const costOfId = <T extends Identified>({ table }: NodeType<T>): string =>
  isLookup(table) ? 'Costs one call for the whole list; cached for an hour.' : 'Costs one call per record.';

/** A to-many relation whose ids an include adds. The list is complete, so its connection pages in memory. */
export function toMany<R extends Identified, I extends string, T extends Identified>(
  recordType: RecordType<R, I>,
  include: I,
  target: RecordList<T>,
  description: string,
) {
  return {
    type: target.connection,
    semanticNonNull: true,
    description: `${description}${costOfMany(recordType, include)}`,
    args: relationArgs(target.sort),
    extensions: { freshsales: { include, rows: rowsAsked, sorts } satisfies FieldSource },
    resolve: (row: R, args: RelationArgs, context: Context, info: GraphQLResolveInfo): MaybePromise<Connection<T>> =>
      connectMany({ recordType, include, row, target }, args, context, info, inOrder(args.sort)),
  };
}

/** What a relation costs that is read for each record if no include brings it. */
function costOfMany(recordType: RecordType, include: string): string {
  const { subResource, doubtful } = relationOf(recordType, include);
  if (!subResource) return '';
  const one = recordType.one.replaceAll('_', ' ');
  return doubtful
    ? ` Many accounts do not include them: then they cost one call per ${one}.`
    : ` Included; on accounts that ignore the include they cost one call per ${one}.`;
}

/** A to-many relation of one record. */
interface ManyOf<R extends Identified, I extends string, T extends Identified> {
  readonly recordType: RecordType<R, I>;
  readonly include: I;
  readonly row: R;
  readonly target: RecordList<T>;
}

/** The connection of a to-many relation. */
export function connectMany<R extends Identified, I extends string, T extends Identified>(
  many: ManyOf<R, I, T>,
  args: ForwardArgs,
  context: Context,
  info: GraphQLResolveInfo,
  inMemory?: InMemory<T>,
): MaybePromise<Connection<T>> {
  const { recordType, include, row, target } = many;
  const key = `${recordType.name}/${row.id}/${include}`;
  const selection = selectionOf(context, info);
  const needs = nodeNeedsOf(selection, target.type.name, info);
  const page = (ids: readonly string[]) => {
    const range = connectRows(ids, args, inMemory ? `${key} ${inMemory.key}` : key);
    reportProblem(context, info, range, toGid(recordType.name, row.id));
    if (!asksFor(selection, 'nodes', 'edges')) return connectionOf<T>(range, []);
    const wanted = range.rows.map(({ id }) => id);
    return andThen(loadRows(many, wanted, needs, context), (found) => connectionOf(range, found));
  };
  return andThen(relatedIds(context, recordType, row, include), (ids) =>
    andThen(
      arranged(context, target.type.name, { ids, needs, inMemory }, (wanted) => loadRows(many, ids, wanted, context)),
      page,
    ),
  );
}

interface Arrangement<T> {
  readonly ids: readonly string[];
  /** What will be needed of the rows that are shown. */
  readonly needs: Needs;
  readonly inMemory: InMemory<T> | undefined;
}

/** Ids of rows, narrowed or sorted in memory. If the rows have to be completed for that, they are completed once. */
export function arranged<T extends Identified>(
  { registry }: Context,
  type: string,
  { ids, needs, inMemory }: Arrangement<T>,
  load: (needs: Needs) => MaybePromise<readonly (T | null)[]>,
): MaybePromise<readonly string[]> {
  if (!inMemory) return ids;
  const columns = needsColumns(...inMemory.columns);
  const { sideloadColumns } = registry.recordType(type) ?? {};
  const areThere = inMemory.columns.every((column) => sideloadColumns?.includes(column) ?? true);
  return andThen(load(areThere ? columns : union([needs, columns])), (found) =>
    inMemory.apply(found.filter((each) => each !== null)).map(({ id }) => id),
  );
}

function loadRows<R extends Identified, I extends string, T extends Identified>(
  { recordType, include, row, target: { type } }: ManyOf<R, I, T>,
  ids: readonly string[],
  needs: Needs,
  context: Context,
): MaybePromise<readonly (T | null)[]> {
  const brought = bringMissing(context, recordType, row.id, { include, ids, of: type.name, needs });
  return andThen(brought, () => loaderFor(context, type.table).loadMany(ids, needs));
}

/** The ids of a to-many relation: from the row, a read of the record, or the sub-resource. */
export function relatedIds<R extends Identified, I extends string>(
  context: Context,
  recordType: RecordType<R, I>,
  row: R,
  include: I,
): MaybePromise<readonly string[]> {
  const column = columnOf(recordType.includes[include]);
  // Missing data of a record in the recycle bin cannot be read, and an error would null the whole list.
  if (isBinned(row) && !(column in row)) return [];
  const cell = cellOf(context, recordType, row, column, needsInclude(include));
  return andThen(cell, (ids) => {
    if (Array.isArray(ids)) return [...new Set(ids.filter((id) => typeof id === 'string' && id !== ''))];
    const { subResource } = relationOf(recordType, include);
    if (subResource) return subResource.run(recordType, row.id, context);
    throw new FreshsalesError(
      'UPSTREAM_ERROR',
      `Freshsales did not return which ${include} belong to this ${recordType.name}.`,
    );
  });
}

/** Rows embedded in a record by an include. Skips other elements. */
export function embeddedRows<R extends Identified, I extends string, T extends Identified>(
  context: Context,
  recordType: RecordType<R, I>,
  row: R,
  include: I & keyof R & string,
): MaybePromise<T[]> {
  const cell = cellOf(context, recordType, row, columnOf(recordType.includes[include]), needsInclude(include));
  return andThen(cell, (rows) => (Array.isArray(rows) ? rows.filter(isRow) : []) as Identified[] as T[]);
}

/** A cell of the row. Reads the record if the row lacks it. */
function cellOf(context: Context, table: Table, row: Identified, column: string, needs: Needs): MaybePromise<unknown> {
  const cells = row as Identified & Record<string, unknown>;
  if (cells[column] !== undefined) return cells[column];
  if (isBinned(row))
    throw new FreshsalesError(
      'NOT_AVAILABLE',
      `This ${table.name} is in the recycle bin, so Freshsales returns only some of its fields.`,
    );
  const record = loaderFor(context, table).load(row.id, needs);
  return andThen(record, (read) => {
    const cell = (read as (Identified & Record<string, unknown>) | null)?.[column];
    const failure = cell === undefined ? failureOf(context, table, { id: row.id, needs }) : undefined;
    if (failure) throw failure;
    return cell;
  });
}

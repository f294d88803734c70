import type { GraphQLResolveInfo } from 'graphql';
import { isRecordId, isRow } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { columnOf, type Identified, type Table } from '../freshsales/resource.ts';
import { andThen, type MaybePromise } from '../maybe-promise.ts';
import type { Context } from '../records/context.ts';
import { asksFor, type FieldSource, nodeNeedsOf, selectionOf } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { loaderFor } from '../records/loader.ts';
import type { Sort } from '../records/pages.ts';
import { rangeOfIds } from '../records/range.ts';
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
import { type ConnectionArgs, DEFAULT_FIRST, MAX_FIRST, sliceOf } from '../records/window.ts';
import { builder } from './builder.ts';
import { type Connection, connectionOf, type RecordList } from './connection.ts';
import { loadRelated, type NodeType } from './node.ts';
import { reportBeside } from './partial-answers.ts';
import { type InMemory, inOrder, type SortRef, sorts } from './sort.ts';

/** Arguments of a relation that is read completely and paged in memory. */
export const forwardArgs = builder.args((t) => ({
  first: t.int({
    description: `Number of rows to return, at most ${MAX_FIRST}. Defaults to ${DEFAULT_FIRST}. More rows cost no further calls.`,
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
        id === null || id === undefined ? null : loadRelated(context, info, type, String(id)),
      ),
  };
}

/** The cost of reading a record of which only the id is side-loaded. */
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

/** The cost of a relation that is read for each record if no include brings it. */
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
  { recordType, include, row, target: { type } }: ManyOf<R, I, T>,
  args: ForwardArgs,
  context: Context,
  info: GraphQLResolveInfo,
  inMemory?: InMemory<T>,
): MaybePromise<Connection<T>> {
  const key = `${recordType.name}/${row.id}/${include}`;
  const load = (ids: readonly string[], needs: Needs) => {
    const brought = bringMissing(context, recordType, row.id, { include, ids, of: type.name, needs });
    return andThen(brought, () => loaderFor(context, type.table).loadMany(ids, needs));
  };
  return andThen(relatedIds(context, recordType, row, include), (ids) =>
    connectKnown({ type, key, ids, load, record: toGid(recordType.name, row.id) }, args, context, info, inMemory),
  );
}

/** A list of which all ids are known. */
interface KnownList<T extends Identified> {
  readonly type: NodeType<T>;
  /** Identifies it in cursors. */
  readonly key: string;
  readonly ids: readonly string[];
  readonly load: (ids: readonly string[], needs: Needs) => MaybePromise<readonly (T | null)[]>;
  /** Global id of the record that it belongs to. */
  readonly record?: string;
  /** The reason why rows may be missing. */
  readonly problem?: Error | undefined;
  readonly isPrimary?: (id: string) => boolean;
}

/** The connection of a list that is paged in memory. */
export function connectKnown<T extends Identified>(
  { type, key, ids, load, record, problem, isPrimary }: KnownList<T>,
  args: ConnectionArgs,
  context: Context,
  info: GraphQLResolveInfo,
  inMemory?: InMemory<T>,
): MaybePromise<Connection<T>> {
  const selection = selectionOf(context, info);
  const needs = nodeNeedsOf(selection, type.name, info);
  const shown = inMemory ? arranged(type, needs, inMemory, (wanted) => load(ids, wanted)) : ids;
  const list = inMemory ? `${key} ${inMemory.key}` : key;
  return andThen(shown, (known) => {
    const range = rangeOfIds(known, sliceOf(args, list), list);
    const missing = problem ?? range.problem;
    if (missing) reportBeside(context, info, missing, record);
    if (!asksFor(selection, 'nodes', 'edges')) return connectionOf<T>(range, []);
    const wanted = range.rows.map(({ id }) => id);
    return andThen(load(wanted, needs), (found) => connectionOf(range, found, isPrimary));
  });
}

/** Ids of rows, narrowed or sorted in memory. If the rows have to be completed for that, they are completed once. */
function arranged<T extends Identified>(
  { table: { sideloadColumns } }: NodeType<T>,
  needs: Needs,
  { columns, apply }: InMemory<T>,
  load: (needs: Needs) => MaybePromise<readonly (T | null)[]>,
): MaybePromise<readonly string[]> {
  const read = needsColumns(...columns);
  const areThere = columns.every((column) => sideloadColumns?.includes(column) ?? true);
  return andThen(load(areThere ? read : union([needs, read])), (found) =>
    apply(found.filter((each) => each !== null)).map(({ id }) => id),
  );
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
    if (Array.isArray(ids)) return [...new Set(ids.filter(isRecordId))];
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

import type { ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { withIds } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import {
  type FieldFetch,
  type FieldSource,
  fetchedBy,
  nodeNeedsOf,
  type Planning,
  selectionOf,
} from '../records/field-needs.ts';
import { loaderFor } from '../records/loader.ts';
import { includesOfPage, type PagedList } from '../records/pages.ts';
import { type Range, readRange, readTotal } from '../records/range.ts';
import { includesToAsk, type RecordType } from '../records/record-type.ts';
import { pagesCost, partOf, rowsAsked } from '../records/strategies/list-pages.ts';
import { type ConnectionArgs, DEFAULT_FIRST, MAX_FIRST, sliceOf } from '../records/window.ts';
import { builder, type Types } from './builder.ts';
import type { NodeType } from './node.ts';
import { reportBeside } from './partial-answers.ts';
import { type SortFields, type SortRef, sortInput } from './sort.ts';

/** A record of a list and its position. */
export interface Edge<R> {
  readonly range: Range;
  /** Its place in the range. Its cursor contains a digest, and is computed only if it is selected. */
  readonly index: number;
  readonly node: R;
  /** For an account of a contact: true if it is the primary one. */
  readonly isPrimary?: boolean;
}

interface PageInfoShape {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A page of a list. */
export interface Connection<R> {
  readonly edges: readonly Edge<R>[];
  /** Computed lazily, like the cursors. */
  readonly pageInfo: PageInfoShape;
  readonly total: number | undefined;
}

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Position of a page within its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      nullable: false,
      description: 'True if rows follow this page. Always accurate when paging forward.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      nullable: false,
      description: 'True if rows precede this page. Always accurate when paging backward.',
    }),
    startCursor: t.exposeString('startCursor', { description: 'Cursor of the first row on this page, for `before`.' }),
    endCursor: t.exposeString('endCursor', { description: 'Cursor of the last row on this page, for `after`.' }),
  }),
});

/** Arguments of a list that Freshsales returns in pages. */
export const connectionArgs = builder.args((t) => ({
  first: t.int({
    description: `Number of rows to return from the start of the list, at most ${MAX_FIRST}. Defaults to ${DEFAULT_FIRST}. One call per 100 rows, and above 50 rows at most one more, so that pages overlap.`,
  }),
  after: t.string({ description: 'Returns the rows after this cursor.' }),
  last: t.int({
    description: `Number of rows to return from the end of the list, at most ${MAX_FIRST}. May cost one more call without \`before\`.`,
  }),
  before: t.string({ description: 'Returns the rows before this cursor.' }),
}));

/** Relay's `<Name>Connection` and `<Name>Edge` over a record type, with `nodes` and `totalCount`. */
export function connectionType<R extends Identified>(
  name: string,
  node: ObjectRef<Types, R>,
  { description, isPrimary = false }: { description?: string; isPrimary?: boolean } = {},
): ObjectRef<Types, Connection<R>> {
  const edge = builder.objectRef<Edge<R>>(`${name}Edge`).implement({
    description: `An edge in a list of ${node.name} records.`,
    fields: (t) => ({
      cursor: t.string({
        nullable: false,
        description: 'Cursor of this row, for `after` and `before`.',
        resolve: ({ range, index }) => range.cursorOf(index),
      }),
      node: t.field({
        type: node,
        nullable: false,
        description: `The ${node.name} at the end of the edge.`,
        // Pothos cannot see that the types agree inside a generic function.
        resolve: (row) => row.node as never,
      }),
    }),
  });
  if (isPrimary)
    builder.objectField(edge, 'isPrimary', (t) =>
      t.boolean({
        nullable: false,
        description: 'True if this is the primary account.',
        resolve: (row) => row.isPrimary === true,
      }),
    );
  return builder.objectRef<Connection<R>>(`${name}Connection`).implement({
    description: description ?? `A page of ${node.name} records.`,
    fields: (t) => ({
      edges: t.expose('edges', {
        type: [edge],
        nullable: { list: false, items: false },
        description: 'The rows of this page, each with its cursor.',
      }),
      nodes: t.field({
        type: [node],
        nullable: { list: false, items: false },
        description: 'The rows of this page, without cursors.',
        resolve: ({ edges }) => edges.map((row) => row.node) as never,
      }),
      pageInfo: t.expose('pageInfo', {
        type: PageInfo,
        nullable: false,
        description: 'Cursors of this page, and whether more rows exist.',
      }),
      totalCount: t.int({
        semanticNonNull: true,
        description: 'Number of rows in the whole list. Selected alone, it costs one call and no rows are read.',
        resolve: ({ total }) => {
          if (total === undefined)
            throw new FreshsalesError('UPSTREAM_ERROR', 'Freshsales does not return the number of rows in this list.');
          return total;
        },
      }),
    }),
  });
}

/** A record type and the GraphQL types of its lists. */
export interface RecordList<R extends Identified> {
  readonly type: NodeType<R, RecordType<R>>;
  readonly connection: ObjectRef<Types, Connection<R>>;
  /** The order by which lists can be sorted. */
  readonly sort: SortRef;
}

/** Declares the types of lists: `<Name>Connection`, `<Name>Edge`, `<Name>Sort` and `<Name>SortField`. */
export const recordList = <R extends Identified>(
  type: NodeType<R, RecordType<R>>,
  sortedBy: SortFields<keyof R & string>,
): RecordList<R> => ({ type, connection: connectionType(type.name, type), sort: sortInput(type.name, sortedBy) });

/** The fetch of the pages of a list. `listOf`: the list with these arguments, below a parent unless it is planned. */
export const pagesFetch = <R extends Identified, A extends ConnectionArgs, P extends object>(
  listOf: (args: A, parent?: P) => PagedList<R>,
  explain: (error: unknown, args: A) => unknown = (error) => error,
) => ({
  cost: (args: A, planning: Planning) => pagesCost(listOf(args), args, planning),
  run: (parent: P, args: A, context: Context, info: GraphQLResolveInfo): Promise<Connection<R>> =>
    connectPages(context, info, listOf(args, parent), args).catch((error: unknown) => {
      throw explain(error, args);
    }),
});

/** The extensions and the resolver of a connection over pages. */
export const pagesField = <F extends FieldFetch>(fetch: F, source: Omit<FieldSource, 'fetch'> = {}) =>
  fetchedBy(fetch, { rows: rowsAsked, reads: 'page', ...source });

/** The connection of a list that Freshsales returns in pages, with complete records. */
export async function connectPages<R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  list: PagedList<R>,
  args: ConnectionArgs,
): Promise<Connection<R>> {
  const selection = selectionOf(context, info);
  const slice = sliceOf(args, list.key);
  const part = partOf(selection);
  if (part !== 'rows') return emptyOf(part === 'length' ? await readTotal(context, list) : undefined);
  const needs = nodeNeedsOf(selection, list.recordType.name, info);
  const range = await readRange(context, list, slice, includesOfPage(list.recordType, includesToAsk(needs)));
  // Answered from the record store, where the pages put their rows. Only what a row lacks is read.
  const records = await loaderFor(context, list.recordType).listed(
    range.rows.map(({ id }) => id),
    needs,
  );
  const problem = range.problem ?? (range.rows.some(({ id }) => id === '') ? withoutId() : undefined);
  if (problem) reportBeside(context, info, problem);
  return connectionOf(range, records);
}

/** The rows of a list that is read whole, each once. Rows without an id are left out, with an error. */
export function identified<R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  rows: readonly R[],
  keyOf?: (row: R) => string,
): R[] {
  if (rows.some(({ id }) => id === '')) reportBeside(context, info, withoutId());
  return withIds(rows, keyOf);
}

const withoutId = () =>
  new FreshsalesError('UPSTREAM_ERROR', 'Freshsales sent a row without an id. The row is left out.');

/** Builds edges. Skips records deleted since the list was read. */
export function connectionOf<R>(
  range: Range,
  records: readonly (R | null)[],
  isPrimary?: (id: string) => boolean,
): Connection<R> {
  const edges = range.rows.flatMap(({ id }, index) => {
    const node = records[index];
    if (node === null || node === undefined) return [];
    return [{ range, index, node, isPrimary: isPrimary?.(id) ?? false }];
  });
  return {
    edges,
    get pageInfo() {
      return pageInfoOf(range);
    },
    total: range.total,
  };
}

const pageInfoOf = ({ rows, hasNext, hasPrevious, cursorOf }: Range): PageInfoShape => ({
  hasNextPage: hasNext,
  hasPreviousPage: hasPrevious,
  startCursor: rows.length > 0 ? cursorOf(0) : null,
  endCursor: rows.length > 0 ? cursorOf(rows.length - 1) : null,
});

const emptyOf = <R>(total: number | undefined): Connection<R> => ({
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  total,
});

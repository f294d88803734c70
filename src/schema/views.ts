import type { ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified, RecordType } from '../freshsales/resource.ts';
import type { Row } from '../freshsales/rows.ts';
import { urlTextProblem } from '../freshsales/url-text.ts';
import { badInput } from '../records/bad-input.ts';
import type { Context } from '../records/context.ts';
import { isGid, parseGid, shorten, withoutZeros } from '../records/gid.ts';
import { loaderFor, type RecordLoader, registerReading } from '../records/loader.ts';
import type { PagedList } from '../records/pages.ts';
import { type ListFinder, pagesOfAll } from '../records/type-lists.ts';
import { type ConnectionArgs, checkArgs } from '../records/window.ts';
import { builder, type Types } from './builder.ts';
import { type Connection, connectPages } from './connection.ts';
import { Node, registerNode, withIds } from './node.ts';
import { type Sort, sortQuery } from './sort.ts';

/** A saved filter of one record type. */
export interface ViewRow extends Identified {
  readonly name: string;
  readonly is_default: boolean;
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly updated_at: string | null;
}

/** The account's views of a record type, in its own order. One call for all operations of an hour. */
export async function readViews(context: Context, recordType: RecordType): Promise<ViewRow[]> {
  const rows = await context.freshsales.list(`${recordType.path}/filters`, 'filters');
  return rows.map((row) => toView(recordType, row));
}

const toView = (recordType: RecordType, row: Row): ViewRow => ({
  ...(row as Row & ViewRow),
  ...{ __typename: `${recordType.name}View` },
});

/** Chooses as the contract says: the first “All …”, else the first default one, else the first. */
export function defaultView(views: readonly ViewRow[]): ViewRow | undefined {
  return views.find(isOfAll) ?? views.find((view) => view.is_default === true) ?? views[0];
}

const isOfAll = ({ name }: ViewRow): boolean => /^All\s/.test(name);

/** The id of the view an argument names, by its id, its global id or its exact name; of the default one without it. */
export async function viewIdOf(
  context: Context,
  recordType: RecordType,
  given: string | null | undefined,
): Promise<string> {
  const type = `${recordType.name}View`;
  if (given !== null && given !== undefined) {
    if (isGid(given)) {
      const gid = parseGid(given);
      if (gid.type !== type)
        throw badInput(`Expected an id of type ${type}, but ${shorten(given)} has type ${gid.type}.`);
      return gid.id;
    }
    if (/^\d{1,20}$/.test(given)) return withoutZeros(given);
    const problem = urlTextProblem(given);
    if (problem) throw badInput(`“view” ${problem}`);
  }
  const views = await readViews(context, recordType);
  const view = given === null || given === undefined ? defaultView(views) : views.find(({ name }) => name === given);
  if (!view) throw unknownView(recordType, given ?? '', views);
  return view.id;
}

function unknownView(recordType: RecordType, given: string, views: readonly ViewRow[]) {
  const names = views.map(({ name }) => `“${name}”`).join(', ');
  if (views.length === 0) return badInput(`The API key sees no views of ${recordType.many}.`);
  return badInput(`No view of ${recordType.many} is named “${shorten(given)}”. Use one of: ${names}.`);
}

/** Arguments of every list over views. */
export interface ViewArgs extends ConnectionArgs {
  readonly view?: string | null | undefined;
  readonly sort?: Sort | null | undefined;
}

/** A connection over one view. Freshsales says 403 to an unknown view (FACTS 3), so that is told apart here. */
export async function connectView<R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  recordType: RecordType<R>,
  args: ViewArgs,
): Promise<Connection<R>> {
  checkArgs(args);
  const view = await viewIdOf(context, recordType, args.view);
  const loader = loaderFor(recordType) as RecordLoader<Identified> as RecordLoader<R>;
  try {
    return await connectPages(context, info, { list: viewList(recordType, view, args.sort), args, loader });
  } catch (error) {
    if (!(error instanceof FreshsalesError && (error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND'))) throw error;
    const views = await readViews(context, recordType);
    const named = views.find(({ name }) => name === args.view);
    if (named && named.id !== view) return connectView(context, info, recordType, { ...args, view: named.id });
    throw views.some(({ id }) => id === view) ? error : unknownView(recordType, args.view ?? view, views);
  }
}

const viewList = <R extends Identified>(
  recordType: RecordType<R>,
  view: string,
  sort: Sort | null | undefined,
): PagedList<R> => ({
  key: `${recordType.path}/view/${view} ${sort ? `${sort.field} ${sort.direction}` : ''}`,
  recordType,
  path: `${recordType.path}/view/${view}`,
  query: sortQuery(sort),
});

/** Records of a type are in its default view: all of them, where that is one of all. */
export const viewLists = (recordType: RecordType): ListFinder => ({
  call: `GET /${recordType.path}/view/{id}`,
  first: `${recordType.path}/filters`,
  calls: ({ known }) => (known.list(`${recordType.path}/filters`) ? 1 : 2),
  pages: (measures) => {
    const rows = measures.known.list(`${recordType.path}/filters`) ?? [];
    const view = defaultView(rows.map((row) => toView(recordType, row)));
    return view && pagesOfAll([viewList(recordType, view.id, undefined).key], measures);
  },
  find: async (context) => {
    const view = defaultView(await readViews(context, recordType));
    return view && { lists: [viewList(recordType, view.id, undefined)], isWhole: isOfAll(view) };
  },
});

/** `<Name>View`: its ids, its name, and whether it is one every account has. */
export function viewType(recordType: RecordType): ObjectRef<Types, ViewRow> {
  const View = builder.objectRef<ViewRow>(`${recordType.name}View`).implement({
    description: `A saved filter over ${recordType.many.replaceAll('_', ' ')}. Lists of records are read through views.`,
    interfaces: [Node],
    fields: (t) => ({
      name: t.exposeString('name', {
        nullable: false,
        description: 'Name of the view. Accepted by the “view” argument.',
      }),
      isDefault: t.boolean({
        nullable: false,
        description: 'True for built-in views. An account has several.',
        resolve: (view) => view.is_default === true,
      }),
      userName: t.exposeString('user_name', {
        description: 'Name of the user who created the view. Null for built-in views.',
      }),
      updatedAt: t.expose('updated_at', {
        type: 'DateTime',
        description: 'Time of the last change to the view’s rules.',
      }),
    }),
  });
  withIds(View);
  registerReading(View.name, { list: `${recordType.path}/filters` });
  registerNode(
    View.name,
    async (context, id) => (await readViews(context, recordType)).find((view) => view.id === id) ?? null,
  );
  return View;
}

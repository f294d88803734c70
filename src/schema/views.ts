import type { ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified } from '../freshsales/resource.ts';
import { isTrue } from '../freshsales/values.ts';
import type { Context } from '../records/context.ts';
import type { FieldCost, Planning } from '../records/field-needs.ts';
import type { Sort } from '../records/pages.ts';
import { type RecordType, viewsPath } from '../records/record-type.ts';
import { pagesCost } from '../records/strategies/list-pages.ts';
import {
  readViews,
  unknownView,
  type ViewRow,
  viewChoice,
  viewChosen,
  viewIdOf,
  viewPages,
  viewsIn,
} from '../records/views.ts';
import { type ConnectionArgs, checkArgs } from '../records/window.ts';
import { builder, type Types } from './builder.ts';
import { type Connection, connectPages } from './connection.ts';
import { typeWithIds } from './node.ts';

/** Arguments of lists of views. */
export interface ViewArgs extends ConnectionArgs {
  readonly view?: string | null | undefined;
  readonly sort?: Sort | null | undefined;
}

/** The fetch of the records of a view. The list of views is read first, unless the view is named by its id. */
export const viewFetch = <R extends Identified>(recordType: RecordType<R>) => ({
  cost: (args: ViewArgs, planning: Planning) => viewCost(recordType, args, planning),
  run: (_root: object, args: ViewArgs, context: Context, info: GraphQLResolveInfo) =>
    connectView(context, info, recordType, args),
});

function viewCost(recordType: RecordType, args: ViewArgs, planning: Planning): FieldCost[] {
  checkArgs(args);
  const views = viewsPath(recordType);
  const pages = (id: string) => pagesCost(viewPages(recordType, id, args.sort), args, planning);
  const choice = viewChoice(recordType, args.view);
  if ('id' in choice) {
    const when = 'only if Freshsales refuses the view';
    const checked: FieldCost = { calls: 1, list: views, when, fallback: true };
    // A view may be named by a number: then there is none of that id, and it is found in the list.
    const again = choice.isName ? pages('{id}') : [];
    return [
      ...pages(choice.id),
      checked,
      ...again.map(({ calls, call = '' }): FieldCost => ({ calls, call, when, fallback: true })),
    ];
  }
  const id = viewChosen(viewsIn(recordType, planning.known.list(views) ?? []), choice.name)?.id;
  return [{ calls: 1, list: views }, ...pages(id ?? '{id}').map((each) => ({ ...each, view: args.view ?? '' }))];
}

/** A connection over one view. Freshsales returns 403 for an unknown view (FACTS 3), so a 403 is checked against the list of views. */
async function connectView<R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  recordType: RecordType<R>,
  args: ViewArgs,
): Promise<Connection<R>> {
  checkArgs(args);
  const view = await viewIdOf(context, recordType, args.view);
  try {
    return await connectPages(context, info, viewPages(recordType, view, args.sort), args);
  } catch (error) {
    if (!(error instanceof FreshsalesError && (error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND'))) throw error;
    const views = await readViews(context, recordType);
    const named = views.find(({ name }) => name === args.view);
    if (named && named.id !== view) return connectView(context, info, recordType, { ...args, view: named.id });
    throw views.some(({ id }) => id === view) ? error : unknownView(recordType, args.view ?? view, views);
  }
}

/** `<Name>View`: ids, name, and whether it is built in. */
export function viewType(recordType: RecordType): ObjectRef<Types, ViewRow> {
  const View = typeWithIds<ViewRow>(
    `${recordType.name}View`,
    `A saved filter over ${recordType.many.replaceAll('_', ' ')}. Lists of records are read through views.`,
  );
  builder.objectFields(View, (t) => ({
    name: t.exposeString('name', {
      semanticNonNull: true,
      description: 'Name of the view. Accepted by the “view” argument.',
    }),
    isDefault: t.boolean({
      semanticNonNull: true,
      description: 'True for built-in views. An account has several.',
      resolve: (view) => isTrue(view.is_default),
    }),
    userName: t.exposeString('user_name', {
      description: 'Name of the user who created the view. Null for built-in views.',
    }),
    updatedAt: t.expose('updated_at', {
      type: 'DateTime',
      description: 'Time of the last change to the view’s rules.',
    }),
  }));
  return View;
}

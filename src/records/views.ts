import { type Row, withIds } from '../freshsales/answer.ts';
import type { Identified } from '../freshsales/resource.ts';
import { urlTextProblem } from '../freshsales/transport.ts';
import { isTrue } from '../freshsales/values.ts';
import { badInput } from './errors.ts';
import { isGid, parseGid, shorten, withoutZeros } from './gid.ts';
import { type PagedList, pagesCall, pagesOfAll, type Sort, sortQuery, type TypeLists } from './pages.ts';
import { type Operation, type RecordType, viewsPath } from './record-type.ts';

/** A saved filter of one record type. */
export interface ViewRow extends Identified {
  readonly name: string;
  readonly is_default: boolean;
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly updated_at: string | null;
}

/** The account's views of a record type, in its own order. One call for all operations of an hour. */
export const readViews = async ({ freshsales }: Operation, recordType: RecordType): Promise<ViewRow[]> =>
  viewsIn(recordType, await freshsales.list(viewsPath(recordType), 'filters'));

export const viewsIn = ({ name }: RecordType, rows: readonly Row[]): ViewRow[] =>
  withIds(rows).map((row) => ({ ...(row as Row & ViewRow), __typename: `${name}View` }));

/** The first view named “All …”, else the first default one, else the first. */
export const defaultView = (views: readonly ViewRow[]): ViewRow | undefined =>
  views.find(isOfAll) ?? views.find((view) => isTrue(view.is_default)) ?? views[0];

export const isOfAll = ({ name }: ViewRow): boolean => /^All\s/.test(name);

/** The view that an argument names. `isName`: what looks like an id may be a name. */
type ViewChoice = { readonly id: string; readonly isName: boolean } | { readonly name: string | undefined };

/** Throws if it cannot be a view of this record type. */
export function viewChoice({ name }: RecordType, given: string | null | undefined): ViewChoice {
  if (given === null || given === undefined) return { name: undefined };
  if (isGid(given)) {
    const { type, id } = parseGid(given);
    if (type !== `${name}View`)
      throw badInput(`Expected an id of type ${name}View, but ${shorten(given)} has type ${type}.`);
    return { id, isName: false };
  }
  if (/^\d{1,20}$/.test(given)) return { id: withoutZeros(given), isName: true };
  const problem = urlTextProblem(given);
  if (problem) throw badInput(`“view” ${problem}`);
  return { name: given };
}

/** The view with this exact name; the default one without it. */
export const viewChosen = (views: readonly ViewRow[], name: string | undefined): ViewRow | undefined =>
  name === undefined ? defaultView(views) : views.find((view) => view.name === name);

/** The id of the view that an argument names by its id, its global id or its exact name; of the default one without it. */
export async function viewIdOf(
  operation: Operation,
  recordType: RecordType,
  given: string | null | undefined,
): Promise<string> {
  const choice = viewChoice(recordType, given);
  if ('id' in choice) return choice.id;
  const views = await readViews(operation, recordType);
  const view = viewChosen(views, choice.name);
  if (!view) throw unknownView(recordType, given ?? '', views);
  return view.id;
}

export function unknownView(recordType: RecordType, given: string, views: readonly ViewRow[]) {
  const names = views.map(({ name }) => `“${name}”`).join(', ');
  if (views.length === 0) return badInput(`The API key sees no views of ${recordType.many}.`);
  return badInput(`No view of ${recordType.many} is named “${shorten(given)}”. Use one of: ${names}.`);
}

/** The records of one view. */
export const viewPages = <R extends Identified>(
  recordType: RecordType<R>,
  view: string,
  sort?: Sort | null | undefined,
): PagedList<R> => ({
  key: `${recordType.path}/view/${view} ${sort ? `${sort.field} ${sort.direction}` : ''}`,
  recordType,
  path: `${recordType.path}/view/${view}`,
  query: sortQuery(sort),
  sort,
});

/** The default view, as the list of a record type. */
export function inDefaultView(recordType: RecordType): TypeLists {
  const views = viewsPath(recordType);
  return {
    recordType,
    call: pagesCall(viewPages(recordType, '{id}')),
    first: views,
    beginning: ({ known }) => (known.list(views) ? 1 : 2),
    pages: (knowledge) => {
      const view = defaultView(viewsIn(recordType, knowledge.known.list(views) ?? []));
      return view && pagesOfAll([viewPages(recordType, view.id)], knowledge);
    },
    find: async (operation) => {
      const view = defaultView(await readViews(operation, recordType));
      return view && { lists: [viewPages(recordType, view.id)], isComplete: isOfAll(view) };
    },
  };
}

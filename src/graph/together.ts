import { createContextCache } from '@pothos/core';
import type { Context } from '../context.ts';
import type { PageAnswer } from '../freshsales/answer.ts';
import { MAX_PER_PAGE } from '../freshsales/paging.ts';
import type { Resource } from '../freshsales/resource.ts';
import type { Row } from '../freshsales/rows.ts';
import type { Entry } from './entries.ts';
import { searchCall, searchList } from './filtered-search.ts';
import { observedOf } from './observed.ts';
import { storeOf } from './store.ts';
import { tryPage } from './try-page.ts';
import { includesLacking, isThere, lackingOf, type Wanted } from './wanted.ts';

/** Freshsales gives no records by a list of ids. By what else records of a type are found, many in one filtered search. */
export interface Together {
  /** The column that records are found by, and that rows which come along have. */
  readonly column: string;
  /** What that column is called in a filter. */
  readonly attribute: string;
  /** Several records may have the same in it, so that a search finds others as well, and may have further pages. */
  readonly shared?: true;
  /** The include that brings the column, where rows lack it otherwise. */
  readonly by?: string;
  /** What rows of a relation that have not come may be found by, where the record that they belong to tells. */
  readonly hintsFrom?: (parent: Resource, row: Row) => readonly string[];
  /** Includes that are known not to come with a search. */
  readonly without?: readonly string[];
}

/** What one operation has tried. One search is made at a time: after one in vain there is no other. */
interface Attempt {
  last: Promise<void>;
  inVain: boolean;
}

const attempts = createContextCache((_context: Context) => new Map<string, Attempt>());

function attemptAt(context: Context, { name }: Resource): Attempt {
  const attempt = attempts(context).get(name) ?? { last: Promise.resolve(), inVain: false };
  attempts(context).set(name, attempt);
  return attempt;
}

/** Those of the wanted records that a search may bring, and nothing that is known speaks against it. */
export function searchable(
  context: Context,
  resource: Resource,
  together: Together,
  wanted: readonly Wanted[],
): readonly Wanted[] {
  const observed = observedOf(context);
  const search = searchCall(resource);
  if (attemptAt(context, resource).inVain || observed.lacks(search)) return [];
  const found = wanted.filter((each) => {
    const entry = storeOf(context).get(resource, each.id);
    return (
      keysOf(entry, together, each).length > 0 &&
      lackingOf(entry, resource, each.needs).every(
        (name) => !together.without?.includes(name) && !observed.lacks(search, name),
      )
    );
  });
  return found.length > 1 ? found : [];
}

/** Reads records a hundred at a time. What that does not bring is for the caller to read in another way. */
export async function readTogether(
  context: Context,
  resource: Resource,
  together: Together,
  wanted: readonly Wanted[],
): Promise<void> {
  const attempt = attemptAt(context, resource);
  const turn = attempt.last.then(async () => {
    for (let start = 0; start < wanted.length; start += MAX_PER_PAGE) {
      const some = wanted.slice(start, start + MAX_PER_PAGE).filter((each) => !isThere(context, resource, each));
      if (some.length > 1 && !attempt.inVain) attempt.inVain = !(await search(context, resource, together, some));
    }
  });
  attempt.last = turn.catch(() => {});
  return turn;
}

/** Reads page after page while each brings some of the records. Gives whether all of them did. */
async function search(
  context: Context,
  resource: Resource,
  together: Together,
  wanted: readonly Wanted[],
): Promise<boolean> {
  const include = includesLacking(context, resource, wanted).filter((name) => !together.without?.includes(name));
  const values = wanted.flatMap((each) => keysOf(storeOf(context).get(resource, each.id), together, each));
  const list = searchList(resource, together.attribute, [...new Set(values)]);
  let missing = wanted;
  for (let page = 1; ; page += 1) {
    const answer = await tryPage(context, list, page, include);
    if (!answer) return false;
    const pagesLeft = together.shared ? Math.ceil((answer.total ?? 0) / MAX_PER_PAGE) - page : 0;
    learn(context, resource, answer, { wanted: missing, isAll: page === 1 && pagesLeft <= 0 });
    const left = missing.filter((each) => !isThere(context, resource, each));
    if (left.length === missing.length) return false;
    if (pagesLeft <= 0 || left.length === 0 || pagesLeft >= left.length) return true;
    missing = left;
  }
}

/** Remembers what rows came without although it was asked for, and that none came at all. */
function learn(
  context: Context,
  resource: Resource,
  { rows }: PageAnswer,
  { wanted, isAll }: { wanted: readonly Wanted[]; isAll: boolean },
): void {
  const observed = observedOf(context);
  const call = searchCall(resource);
  const came = new Set(rows.map(({ id }) => id));
  const found = wanted.filter(({ id }) => came.has(id));
  if (found.length === 0 && isAll) observed.missed(call);
  for (const { id, needs } of found)
    for (const name of lackingOf(storeOf(context).get(resource, id), resource, needs)) observed.missed(call, name);
}

/** What a record may be found by: its own, or what those say who know of it. */
function keysOf(entry: Entry | undefined, { column }: Together, { hints = [] }: Wanted): readonly string[] {
  const value = entry?.row[column];
  return typeof value === 'string' && value !== '' ? [value] : hints;
}

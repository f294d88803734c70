import { createContextCache } from '@pothos/core';
import type { Context } from '../context.ts';
import type { PageAnswer } from '../freshsales/answer.ts';
import { MAX_PER_PAGE } from '../freshsales/paging.ts';
import type { Resource } from '../freshsales/resource.ts';
import type { Entry } from './entries.ts';
import { includesToAsk } from './needs.ts';
import { observedOf, observeIncludes } from './observed.ts';
import { missingIncludes, storeOf } from './store.ts';
import { isAnswered, isThere, lackingOf, type Wanted } from './wanted.ts';

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
  /** Includes that are known not to come with a search. */
  readonly without?: readonly string[];
}

/** The search by which records of a type are read together, as a template. */
export const searchFor = ({ one }: Resource): string => `POST /filtered_search/${one}`;

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
  const search = searchFor(resource);
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
  const order = orderFor(context, resource, together, wanted);
  let missing = wanted;
  for (let page = 1; ; page += 1) {
    const answer = await ask(context, resource, order, page);
    if (!answer) return false;
    storeOf(context).take(resource, answer);
    const isLast = !together.shared || page * MAX_PER_PAGE >= (answer.total ?? 0);
    learn(context, resource, answer, { wanted: missing, isAll: page === 1 && isLast, include: order.include });
    const left = missing.filter((each) => !isThere(context, resource, each));
    if (left.length === missing.length) return false;
    const pagesLeft = Math.ceil((answer.total ?? 0) / MAX_PER_PAGE) - page;
    if (isLast || left.length === 0 || pagesLeft >= left.length) return true;
    missing = left;
  }
}

interface Order {
  readonly include: readonly string[];
  readonly rules: readonly { attribute: string; operator: string; value: unknown }[];
}

function orderFor(context: Context, resource: Resource, together: Together, wanted: readonly Wanted[]): Order {
  const store = storeOf(context);
  const include = wanted.flatMap(({ id, needs }) =>
    missingIncludes(store.get(resource, id), resource, includesToAsk(needs)),
  );
  const keys = new Set(wanted.flatMap((each) => keysOf(store.get(resource, each.id), together, each)));
  const value = together.column.endsWith('_id') ? [...keys].map(idOnWire) : [...keys];
  return {
    include: [...new Set(include)].filter((name) => !together.without?.includes(name)),
    rules: [{ attribute: together.attribute, operator: 'is_in', value }],
  };
}

async function ask(
  context: Context,
  resource: Resource,
  { include, rules }: Order,
  page: number,
): Promise<PageAnswer | undefined> {
  try {
    return await context.freshsales.page({
      path: `filtered_search/${resource.one}`,
      many: resource.many,
      perPage: MAX_PER_PAGE,
      detail: true,
      ...{ page, include, rules },
    });
  } catch (error) {
    if (!isAnswered(error)) throw error;
    // A server that stumbled once may stand again next time.
    if (error.code !== 'UPSTREAM_ERROR') observedOf(context).missed(searchFor(resource));
    return undefined;
  }
}

/** Remembers what rows came without although it was asked for, and that none came at all. */
function learn(
  context: Context,
  resource: Resource,
  { rows }: PageAnswer,
  { wanted, isAll, include }: { wanted: readonly Wanted[]; isAll: boolean; include: readonly string[] },
): void {
  const observed = observedOf(context);
  const call = searchFor(resource);
  const came = new Set(rows.map(({ id }) => id));
  const found = wanted.filter(({ id }) => came.has(id));
  if (found.length === 0 && isAll) observed.missed(call);
  observeIncludes(context, resource, call, { include, rows });
  for (const { id, needs } of found)
    for (const name of lackingOf(storeOf(context).get(resource, id), resource, needs)) observed.missed(call, name);
}

/** What a record may be found by: its own, or what those say who know of it. */
function keysOf(entry: Entry | undefined, { column }: Together, { hints = [] }: Wanted): readonly string[] {
  const value = entry?.row[column];
  return typeof value === 'string' && value !== '' ? [value] : hints;
}

/** Ids are numbers on the wire; one that a number cannot hold stays text. */
export const idOnWire = (id: string): string | number => (Number.isSafeInteger(Number(id)) ? Number(id) : id);

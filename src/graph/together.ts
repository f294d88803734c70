import { createContextCache } from '@pothos/core';
import type { Context } from '../context.ts';
import type { PageAnswer } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { columnOf, type Resource } from '../freshsales/resource.ts';
import type { Entry } from './entries.ts';
import { includesToAsk, type Needs } from './needs.ts';
import { shortcomingsOf } from './shortcomings.ts';
import { missingIncludes, satisfies, storeOf } from './store.ts';
import { MAX_PER_PAGE } from './window.ts';

/** Freshsales gives no records by a list of ids. By what else records of a type are found, many in one filtered search. */
export interface Together {
  /** The column that tells a record from all others of its type, and that rows which come along have. */
  readonly column: string;
  /** What that column is called in a filter. */
  readonly attribute: string;
  /** Includes that are known not to come with a search. */
  readonly without?: readonly string[];
}

/** A record that is wanted, and what of it. */
export interface Wanted {
  readonly id: string;
  readonly needs: Needs;
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
  const shortcomings = shortcomingsOf(context);
  const search = searchFor(resource);
  if (attemptAt(context, resource).inVain || shortcomings.has(search)) return [];
  const found = wanted.filter(({ id, needs }) => {
    const entry = storeOf(context).get(resource, id);
    return (
      keyOf(entry, together) !== undefined &&
      lackingOf(entry, resource, needs).every(
        (name) => !together.without?.includes(name) && !shortcomings.has(`${search} ${name}`),
      )
    );
  });
  return found.length > 1 ? found : [];
}

/** Reads records a hundred at a time. What that does not bring is for the caller to read, one by one. */
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

/** Gives whether any of the records is there now. */
async function search(
  context: Context,
  resource: Resource,
  together: Together,
  wanted: readonly Wanted[],
): Promise<boolean> {
  const answer = await ask(context, resource, together, wanted);
  if (!answer) return false;
  storeOf(context).take(resource, answer);
  learn(context, resource, answer, wanted);
  return wanted.some((each) => isThere(context, resource, each));
}

async function ask(
  context: Context,
  resource: Resource,
  { column, attribute, without = [] }: Together,
  wanted: readonly Wanted[],
): Promise<PageAnswer | undefined> {
  const store = storeOf(context);
  const include = wanted.flatMap(({ id, needs }) =>
    missingIncludes(store.get(resource, id), resource, includesToAsk(needs)),
  );
  const values = wanted.map(({ id }) => store.get(resource, id)?.row[column]);
  try {
    return await context.freshsales.page({
      path: `filtered_search/${resource.one}`,
      many: resource.many,
      page: 1,
      perPage: MAX_PER_PAGE,
      include: [...new Set(include)].filter((name) => !without.includes(name)),
      rules: [{ attribute, operator: 'is_in', value: [...new Set(values)] }],
      detail: true,
    });
  } catch (error) {
    if (!(error instanceof FreshsalesError) || !ANSWERED.has(error.code)) throw error;
    // A server that stumbled once may stand again next time.
    if (error.code !== 'UPSTREAM_ERROR') shortcomingsOf(context).add(searchFor(resource));
    return undefined;
  }
}

/** Failures after which single reads may succeed. Where no call is left, or the caller is gone, they would not. */
const ANSWERED: ReadonlySet<string> = new Set(['FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND', 'UPSTREAM_ERROR']);

/** Remembers what rows came without although it was asked for, and that none came at all. */
function learn(context: Context, resource: Resource, { rows }: PageAnswer, wanted: readonly Wanted[]): void {
  const shortcomings = shortcomingsOf(context);
  const came = new Set(rows.map(({ id }) => id));
  const found = wanted.filter(({ id }) => came.has(id));
  if (found.length === 0) shortcomings.add(searchFor(resource));
  for (const { id, needs } of found)
    for (const name of lackingOf(storeOf(context).get(resource, id), resource, needs))
      shortcomings.add(`${searchFor(resource)} ${name}`);
}

const isThere = (context: Context, resource: Resource, { id, needs }: Wanted): boolean =>
  satisfies(storeOf(context).get(resource, id), resource, needs);

/** Remembers which includes a search for something else was asked for and has not brought. */
export function learnIncludes(
  context: Context,
  resource: Resource,
  include: readonly string[],
  rows: PageAnswer['rows'],
): void {
  for (const name of include) {
    const declared = resource.includes[name];
    if (declared && rows.length > 0 && rows.every((row) => row[columnOf(declared)] === undefined))
      shortcomingsOf(context).add(`${searchFor(resource)} ${name}`);
  }
}

/** The columns and includes that are wanted of a record and not known. */
const lackingOf = (entry: Entry | undefined, resource: Resource, { columns, includes }: Needs): readonly string[] =>
  entry?.gone
    ? []
    : [
        ...[...columns].filter((column) => !entry || !(column in entry.row || entry.whole)),
        ...missingIncludes(entry, resource, [...includes]),
      ];

function keyOf(entry: Entry | undefined, { column }: Together): string | undefined {
  const value = entry?.row[column];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

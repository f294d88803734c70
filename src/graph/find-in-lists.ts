import { createContextCache } from '@pothos/core';
import type { Context } from '../context.ts';
import type { Resource } from '../freshsales/resource.ts';
import { finderOf, isMeasured, isWorth, type ListFinder, mayGoOn, mayRisk, openLists, type Passage } from './lists.ts';
import { observedOf } from './observed.ts';
import { storeOf } from './store.ts';
import { affords, includesLacking, isThere, lackingOf, type Wanted } from './wanted.ts';

/** One way through the lists of a type for each operation: who comes later waits, and sees what was found. */
const ways = createContextCache((_context: Context) => new Map<string, Promise<void>>());

/**
 * Looks for records in the lists of their type, where those are so short that it costs less than to read each by itself.
 * `reads`: how many reads are to be saved. What is not found is for the caller to read in another way.
 */
export async function findInLists(
  context: Context,
  resource: Resource,
  wanted: readonly Wanted[],
  reads = wanted.length,
): Promise<void> {
  const name = `${storeOf(context).age} ${resource.name}`;
  const before = ways(context).get(name);
  if (before) return before;
  const finder = finderOf(resource.name);
  const some = finder ? wanted.filter((each) => mayCome(context, resource, each, finder)) : [];
  const worth = Math.min(reads, some.length);
  if (!finder || worth === 0) return;
  const calls = finder.calls(context);
  if (!isWorth(worth, { calls, isMeasured: isMeasured(finder, context) }) || !affords(context, worth, calls)) return;
  const way = goThrough(context, resource, some, worth);
  ways(context).set(
    name,
    way.catch(() => {}),
  );
  return way;
}

/** Whether nothing that is wanted of the record is known not to come with a list. */
const mayCome = (context: Context, resource: Resource, { id, needs }: Wanted, { call }: ListFinder): boolean =>
  lackingOf(storeOf(context).get(resource, id), resource, needs).every(
    (name) => !observedOf(context).lacks(call, name),
  );

async function goThrough(context: Context, resource: Resource, wanted: readonly Wanted[], reads: number) {
  const passage = await openLists(context, resource, includesLacking(context, resource, wanted));
  if (!passage || isLong(passage, reads) || !(await passage.begin())) return;
  let missing = wanted;
  let inVain = 0;
  for (;;) {
    const left = missing.filter((each) => !isThere(context, resource, each));
    if (left.length === 0 || isLong(passage, reads)) return;
    // A page that brings none of them makes it less likely that the next one does.
    if (left.length === missing.length) inVain += 1;
    if (inVain >= mayRisk(reads)) return;
    missing = left;
    if (!(await passage.next())) return;
  }
}

const isLong = ({ pagesLeft = 0 }: Passage, reads: number): boolean => pagesLeft > mayGoOn(reads);

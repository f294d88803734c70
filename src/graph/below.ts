import type { Context } from '../context.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Resource } from '../freshsales/resource.ts';
import { observedOf } from './observed.ts';
import type { Fallback } from './relation.ts';
import { storeOf } from './store.ts';
import { MAX_PER_PAGE } from './window.ts';

/** Freshsales has two roots: the API, and the UI base above it, where the same key is good and more sub-resources are (FACTS 14). */
export type Root = 'api' | 'ui';

/**
 * Reads related rows at their own address below a record, such as `/contacts/1/notes`, for accounts whose answers do not
 * honour the include. `roots` is where that address is known to answer, the best attested first.
 */
export const below = (
  parent: Resource,
  child: Resource,
  roots: readonly Root[],
  include: readonly string[] = [],
): Fallback => ({
  // Each root is tried until one answers.
  charges: [
    { calls: roots.length, call: `GET /${parent.path}/{id}/${child.many}` },
    { calls: MAX_PAGES - 1, needs: 0, call: `GET /${parent.path}/{id}/${child.many}`, when: FURTHER, fallback: true },
  ],
  async read(context, id) {
    const observed = observedOf(context);
    const known = roots.filter((root) => !observed.lacks(addressOf(root, parent, child)));
    const tried: Root[] = [];
    for (const root of known.length > 0 ? known : roots) {
      const path = `${root === 'ui' ? '../' : ''}${parent.path}/${id}/${child.many}`;
      const ids = await readBelow(context, child, path, include);
      // The record is there, so that the addresses which did not answer are not.
      if (ids) for (const each of tried) observed.missed(addressOf(each, parent, child));
      if (ids) return ids;
      tried.push(root);
    }
    return [];
  },
});

const FURTHER = 'only where there are more than a hundred';

const addressOf = (root: Root, parent: Resource, child: Resource): string =>
  `GET ${root} /${parent.path}/{id}/${child.many}`;

/** Pages below one record that are read at the most. What is longer is refused, and not shown in part. */
const MAX_PAGES = 10;

/** The ids of all rows at an address; undefined where it does not answer. */
async function readBelow(
  context: Context,
  child: Resource,
  path: string,
  include: readonly string[],
): Promise<string[] | undefined> {
  const ids = new Set<string>();
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const query = { ...(include.length > 0 && { include: include.join(',') }), page, per_page: MAX_PER_PAGE };
    const answer = await context.freshsales.below(path, child.many, query);
    if (!answer) return page === 1 ? undefined : [...ids];
    storeOf(context).take(child, answer);
    const before = ids.size;
    for (const { id } of answer.rows) ids.add(id);
    // Not every address is known to have pages: one that gives the same rows again has given all.
    const isLast = answer.rows.length < MAX_PER_PAGE || ids.size === before || ids.size === answer.total;
    if (isLast) return [...ids];
  }
  throw new FreshsalesError(
    'NOT_AVAILABLE',
    `This record has more than ${MAX_PAGES * MAX_PER_PAGE} ${child.many}, and no more of them can be read.`,
  );
}

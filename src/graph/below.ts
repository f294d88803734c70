import type { Context } from '../context.ts';
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
  charges: [{ calls: roots.length, call: `GET /${parent.path}/{id}/${child.many}` }],
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

const addressOf = (root: Root, parent: Resource, child: Resource): string =>
  `GET ${root} /${parent.path}/{id}/${child.many}`;

async function readBelow(
  context: Context,
  child: Resource,
  path: string,
  include: readonly string[],
): Promise<string[] | undefined> {
  const query = { ...(include.length > 0 && { include: include.join(',') }), page: 1, per_page: MAX_PER_PAGE };
  const answer = await context.freshsales.below(path, child.many, query);
  if (!answer) return undefined;
  storeOf(context).take(child, answer);
  return answer.rows.map(({ id }) => id);
}

import { allPages, MAX_PER_PAGE, MAX_WHOLE_PAGES } from '../../freshsales/paging.ts';
import type { RecordType } from '../../freshsales/resource.ts';
import type { Fallback } from '../../schema/relation.ts';
import { capabilitiesOf } from '../capabilities.ts';
import type { Context } from '../context.ts';
import { recordStoreOf } from '../record-store.ts';
import { BEYOND_A_PAGE } from '../window.ts';

/** Freshsales has two roots: the API, and the UI base above it, where the same key is good and more sub-resources are (FACTS 14). */
export type Root = 'api' | 'ui';

/**
 * Reads related rows at their own address below a record, such as `/contacts/1/notes`, for accounts whose answers do not
 * honour the include. `roots` is where that address is known to answer, the best attested first.
 */
export const subResource = (
  parent: RecordType,
  child: RecordType,
  roots: readonly Root[],
  include: readonly string[] = [],
): Fallback => ({
  // Each root is tried until one answers.
  charges: [
    { calls: roots.length, include, call: `GET /${parent.path}/{id}/${child.many}` },
    {
      ...{ calls: MAX_WHOLE_PAGES - 1, needs: 0, include, call: `GET /${parent.path}/{id}/${child.many}` },
      ...{ when: BEYOND_A_PAGE, fallback: true },
    },
  ],
  async read(context, id) {
    const observed = capabilitiesOf(context);
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

const addressOf = (root: Root, parent: RecordType, child: RecordType): string =>
  `GET ${root} /${parent.path}/{id}/${child.many}`;

/** The ids of all rows at an address; undefined where it does not answer. */
async function readBelow(
  context: Context,
  child: RecordType,
  path: string,
  include: readonly string[],
): Promise<string[] | undefined> {
  const pages = await allPages(`${child.many} of this record`, (page) =>
    context.freshsales.below(path, child.many, {
      ...(include.length > 0 && { include: include.join(',') }),
      ...{ page, per_page: MAX_PER_PAGE },
    }),
  );
  for (const page of pages ?? []) recordStoreOf(context).take(child, page);
  return pages?.flatMap(({ rows }) => rows.map(({ id }) => id));
}

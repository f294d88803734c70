import { withIds } from '../../freshsales/answer.ts';
import { allPages, getCall, MAX_PER_PAGE, MAX_WHOLE_PAGES } from '../../freshsales/reads.ts';
import type { Table } from '../../freshsales/resource.ts';
import { callTemplate } from '../../freshsales/transport.ts';
import { capabilitiesOf } from '../capabilities.ts';
import { recordStoreOf } from '../record-store.ts';
import type { Operation, RecordType, SubResource } from '../record-type.ts';

/** Freshsales has two roots: the API, and the UI base above it, which takes the same key and has more sub-resources (FACTS 14). */
type Root = 'api' | 'ui';

/**
 * Reads related rows at their own address, for accounts whose answers do not honour the include. `roots` is where that address
 * is known to answer, the best attested first.
 */
export const subResource = (child: string, roots: readonly Root[], include: readonly string[] = []): SubResource => ({
  name: 'sub-resource',
  child,
  cost: (parent, { registry }) => ({
    call: callTemplate(getCall(pathOf(parent, '{id}', registry.table(child)))),
    include,
    atMost: roots.length,
    furtherPages: MAX_WHOLE_PAGES - 1,
  }),
  run: async (parent, id, operation) => {
    const table = operation.registry.table(child);
    return table ? readFromRoots(operation, { parent, id, table, roots, include }) : [];
  },
});

const pathOf = ({ path }: RecordType, id: string, table: Table | undefined): string => `${path}/${id}/${table?.many}`;

interface Address {
  readonly parent: RecordType;
  readonly id: string;
  readonly table: Table;
  readonly roots: readonly Root[];
  readonly include: readonly string[];
}

/** Tries each root until one answers. */
async function readFromRoots(operation: Operation, { parent, id, table, roots, include }: Address): Promise<string[]> {
  const capabilities = capabilitiesOf(operation);
  const nameOf = (root: Root): string => `GET ${root} /${pathOf(parent, '{id}', table)}`;
  const available = roots.filter((root) => !capabilities.isUnavailable(nameOf(root)));
  const tried: Root[] = [];
  for (const root of available.length > 0 ? available : roots) {
    const path = `${root === 'ui' ? '../' : ''}${pathOf(parent, id, table)}`;
    const ids = await readAt(operation, table, path, include);
    // The record is there, so that the addresses which did not answer are not.
    if (ids) for (const each of tried) capabilities.markUnavailable(nameOf(each));
    if (ids) return ids;
    tried.push(root);
  }
  return [];
}

/** The ids of all rows at an address; undefined where it does not answer. */
async function readAt(
  operation: Operation,
  table: Table,
  path: string,
  include: readonly string[],
): Promise<string[] | undefined> {
  const pages = await allPages(`${table.many} of this record`, (page) =>
    operation.freshsales.subResource(path, table.many, {
      ...(include.length > 0 && { include: include.join(',') }),
      page,
      per_page: MAX_PER_PAGE,
    }),
  );
  for (const page of pages ?? []) recordStoreOf(operation).take(table, page);
  return pages ? withIds(pages.flatMap(({ rows }) => rows)).map(({ id }) => id) : undefined;
}

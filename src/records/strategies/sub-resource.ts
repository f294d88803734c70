import { allPages, MAX_PER_PAGE, MAX_WHOLE_PAGES } from '../../freshsales/paging.ts';
import type { Table } from '../../freshsales/resource.ts';
import { capabilitiesOf } from '../capabilities.ts';
import type { Charge } from '../field-needs.ts';
import { recordStoreOf } from '../record-store.ts';
import type { Operation, RecordType, Registry, Root, SubResource } from '../record-type.ts';
import { BEYOND_A_PAGE } from '../window.ts';

/** Reads related rows at their own address, for accounts whose answers do not honour the include. */
export const subResource = (child: string, roots: readonly Root[], include: readonly string[] = []): SubResource => ({
  name: 'sub-resource',
  child,
  roots,
  include,
});

/** What it costs for each record: each root is tried until one answers. */
export function subResourceCharges(
  registry: Registry,
  parent: RecordType,
  { child, roots, include }: SubResource,
): readonly Charge[] {
  const call = `GET /${parent.path}/{id}/${registry.table(child)?.many ?? child}`;
  const further = { calls: MAX_WHOLE_PAGES - 1, needs: 0, when: BEYOND_A_PAGE, fallback: true };
  return [
    { calls: roots.length, include, call },
    { ...further, include, call },
  ];
}

/** Reads the related rows of one record into the store and gives their ids. */
export async function readSubResource(
  operation: Operation,
  parent: RecordType,
  id: string,
  { child, roots, include }: SubResource,
): Promise<readonly string[]> {
  const table = operation.registry.table(child);
  if (!table) return [];
  const capabilities = capabilitiesOf(operation);
  const addressOf = (root: Root): string => `GET ${root} /${parent.path}/{id}/${table.many}`;
  const known = roots.filter((root) => !capabilities.lacks(addressOf(root)));
  const tried: Root[] = [];
  for (const root of known.length > 0 ? known : roots) {
    const path = `${root === 'ui' ? '../' : ''}${parent.path}/${id}/${table.many}`;
    const ids = await readAt(operation, table, path, include);
    // The record is there, so that the addresses which did not answer are not.
    if (ids) for (const each of tried) capabilities.missed(addressOf(each));
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
    operation.freshsales.below(path, table.many, {
      ...(include.length > 0 && { include: include.join(',') }),
      page,
      per_page: MAX_PER_PAGE,
    }),
  );
  for (const page of pages ?? []) recordStoreOf(operation).take(table, page);
  return pages?.flatMap(({ rows }) => rows.map(({ id }) => id));
}

import { columnOf, isEmbedded, type Resource } from '../freshsales/resource.ts';
import type { Account, ColumnFacts, Product } from './account.ts';

/** Column names separated by white space. */
export const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/** The columns that a record without includes does not have. */
function hidden({ includes }: Resource, facts: ColumnFacts, product: Product): Set<string> {
  const { always = [], seldom = [], classicOnly = [], suiteOnly = [] } = facts;
  const included = Object.values(includes).map((include) =>
    isEmbedded(include) ? include.embedded : columnOf(include),
  );
  const ofOtherProduct = product === 'suite' ? classicOnly : suiteOnly;
  return new Set([...included.filter((column) => !always.includes(column)), ...ofOtherProduct, ...seldom]);
}

/** Cached, since a page needs it for every row. */
const kept: Readonly<Record<Product, WeakMap<Resource, readonly string[]>>> = {
  suite: new WeakMap(),
  classic: new WeakMap(),
};

/** The columns of a record without any include, in the order of the recordings. */
export function bareColumns({ product, types }: Account, recordType: Resource): readonly string[] {
  const known = kept[product].get(recordType);
  if (known) return known;
  const facts = types.of(recordType.name)?.columns ?? {};
  const out = hidden(recordType, facts, product);
  const besides = (product === 'classic' ? facts.classicBesides : undefined) ?? facts.besides ?? {};
  const columns = Object.keys(recordType.blank())
    .flatMap((column) => [column, ...(besides[column] ?? [])])
    .filter((column) => !out.has(column));
  kept[product].set(recordType, columns);
  return columns;
}

import type { Context } from '../context.ts';
import type { Resource } from '../freshsales/resource.ts';
import type { Entry } from './entries.ts';
import { includesToAsk, type Needs } from './needs.ts';
import { missingIncludes, satisfies, storeOf } from './store.ts';

/** A record that is wanted, and what of it. */
export interface Wanted {
  readonly id: string;
  readonly needs: Needs;
  /** What it may be found by, where no row of it has been seen. */
  readonly hints?: readonly string[];
}

/** Whether all that is wanted of the record is known. */
export const isThere = (context: Context, resource: Resource, { id, needs }: Wanted): boolean =>
  satisfies(storeOf(context).get(resource, id), resource, needs);

/** The columns and includes that are wanted of a record and not known. */
export const lackingOf = (
  entry: Entry | undefined,
  resource: Resource,
  { columns, includes }: Needs,
): readonly string[] =>
  entry?.gone ? [] : [...lackingColumns(entry, columns), ...missingIncludes(entry, resource, [...includes])];

/** The plain columns that are wanted of a record and not known. */
export const lackingColumns = (entry: Entry | undefined, columns: Needs['columns']): readonly string[] =>
  [...columns].filter((column) => !entry || !(column in entry.row || entry.whole));

/** Every include that a call for all of these should ask for. */
export const includesLacking = (context: Context, resource: Resource, wanted: readonly Wanted[]): string[] => [
  ...new Set(
    wanted.flatMap(({ id, needs }) =>
      missingIncludes(storeOf(context).get(resource, id), resource, includesToAsk(needs)),
    ),
  ),
];

/**
 * Whether an operation can try a way that may be in vain, and still read each record by itself. Where it could not even
 * without trying, it has nothing to lose. Calls that others made for it count as well, so that the same query takes the same
 * way whoever was first.
 */
export function affords({ purse, trace }: Context, records: number, calls: number): boolean {
  const left = purse.limit - trace.calls.length;
  return left >= records + calls || left < records;
}

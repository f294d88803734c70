import type { GraphQLSchema } from 'graphql';
import type { Known } from '../../../quota/known.ts';
import type { RootSelection } from '../operation.ts';
import type { PlannedCall } from '../planned-call.ts';
import { fullPages, sameList, viewById } from './pages.ts';
import { oneByOne, toldBySearch, wholeRows } from './records.ts';
import { rootFields } from './root-field.ts';

/** Cheaper ways to the same data, what saves most first. */
export function adviseOn(
  schema: GraphQLSchema,
  operation: RootSelection,
  calls: readonly PlannedCall[],
  known: Known,
): string[] {
  const roots = rootFields(operation, schema, known);
  return [
    ...oneByOne(roots, schema),
    ...wholeRows(calls, schema),
    ...toldBySearch(roots, calls),
    ...sameList(roots),
    ...fullPages(roots, calls),
    ...viewById(roots, calls),
  ];
}

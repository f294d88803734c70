import type { GraphQLSchema } from 'graphql';
import type { Known } from '../../cache/known.ts';
import type { Registry } from '../../records/record-type.ts';
import type { RootSelection } from '../operation.ts';
import type { PlannedCall } from '../planned-call.ts';
import type { Knowledge } from '../planner.ts';
import { oneByOne } from './by-id.ts';
import { type CostOf, costIn } from './cost-of.ts';
import { fullPages, viewById } from './pages.ts';
import { toldBySearch, wholeRows } from './records.ts';
import { type RootField, rootFields } from './root-field.ts';
import { apartFromCounts, sameList } from './same-list.ts';

/** What advice is made from. */
export interface Advised {
  readonly schema: GraphQLSchema;
  readonly operation: RootSelection;
  readonly roots: readonly RootField[];
  readonly calls: readonly PlannedCall[];
  readonly registry: Registry;
  readonly known: Known;
  readonly costOf: CostOf;
}

/** Cheaper ways to the same data, what saves most first. */
export function hintsFor(
  schema: GraphQLSchema,
  operation: RootSelection,
  calls: readonly PlannedCall[],
  knowledge: Knowledge,
): string[] {
  // What a mutation writes is not to be had otherwise, and a mutation cannot ask for pages.
  if (operation.root !== schema.getQueryType()) return [];
  const { registry, known } = knowledge;
  const roots = rootFields(operation, schema, knowledge);
  const costOf = costIn(schema, operation.root, knowledge);
  const advised: Advised = { schema, operation, roots, calls, registry, known, costOf };
  return [oneByOne, wholeRows, toldBySearch, apartFromCounts, sameList, fullPages, viewById].flatMap((hints) =>
    hints(advised),
  );
}

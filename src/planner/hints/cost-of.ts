import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Selection } from '../../records/field-needs.ts';
import { type Knowledge, Planner } from '../planner.ts';
import { toTypes } from './selections.ts';

/** What an operation needs, and what it costs at the most on an account that honours includes. */
export interface Cost {
  readonly needed: number;
  readonly honoured: number;
}

/** What an operation of these root fields would cost: advice is given where following it is planned at less. */
export type CostOf = (fields: readonly Selection[]) => Cost;

export const costIn =
  (schema: GraphQLSchema, root: GraphQLObjectType, knowledge: Knowledge): CostOf =>
  (fields) => {
    const selection = { name: '', alias: '', args: {}, fieldsByTypeName: toTypes(root.name, fields) };
    return new Planner(schema, knowledge).operation(selection, root).sums;
  };

/** Calls that are saved for certain; none where nobody can say. */
export function savedBy(before: Cost, after: Cost): number {
  const saved = Math.min(before.needed - after.needed, before.honoured - after.honoured);
  return saved > 0 && Number.isFinite(saved) ? saved : 0;
}

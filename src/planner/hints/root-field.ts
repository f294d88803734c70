import type { GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Call } from '../../freshsales/transport.ts';
import {
  asksFor,
  type Charge,
  type FieldSource,
  fieldsOf,
  type Selection,
  sourceOf,
} from '../../records/field-needs.ts';
import { DEFAULT_FIRST } from '../../records/window.ts';
import type { RootSelection } from '../operation.ts';
import type { Knowledge } from '../planner.ts';
import { recordTypesOf } from '../record-types.ts';

/** A field of the operation itself, and what it costs. */
export interface RootField {
  readonly field: Selection;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly source: FieldSource;
  /** The types of the records that it gives. */
  readonly types: readonly GraphQLObjectType[];
  readonly charges: readonly Charge[];
  readonly requests: readonly Call[];
}

export function rootFields(
  { root, selection }: RootSelection,
  schema: GraphQLSchema,
  { registry, known }: Knowledge,
): RootField[] {
  return fieldsOf(selection, root.name, { schema }).flatMap((field) => {
    const definition = root.getFields()[field.name];
    if (!definition) return [];
    const source = sourceOf(definition.extensions);
    const charges = source.price?.(field.args, { selection: field, known, registry, schema }) ?? [];
    const requests = charges.flatMap(({ requests = [], fallback }) => (fallback ? [] : requests));
    return [{ field, definition, source, types: recordTypesOf(definition.type, schema), charges, requests }];
  });
}

export const wantsRows = ({ field }: RootField): boolean => asksFor(field, 'nodes', 'edges', 'pageInfo');

export const isPaged = ({ source }: RootField): boolean => source.reads === 'page' || source.reads === 'thin';

/** Whether it begins with the first row of its list. */
export const isFromFront = ({ field: { args } }: RootField): boolean =>
  !args.after && !args.before && typeof args.last !== 'number';

/** How many rows are asked of a list from its front. */
export const firstOf = ({ field: { args } }: RootField): number =>
  typeof args.first === 'number' ? args.first : DEFAULT_FIRST;

/** What is listed, whichever part of it. */
export function listOf({ requests: [first], charges }: RootField): string {
  const { page, per_page, ...query } = first?.query ?? {};
  return JSON.stringify([first?.method, first?.path, query, first?.body, viewOf(charges)]);
}

/** Which part of which list is asked for. */
export const pageOf = ({ requests, charges }: RootField): string => JSON.stringify([requests, viewOf(charges)]);

const viewOf = (charges: readonly Charge[]): string | undefined => charges.find(({ view }) => view !== undefined)?.view;

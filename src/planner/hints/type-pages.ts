import { type GraphQLField, type GraphQLSchema, getNamedType } from 'graphql';
import { MAX_PER_PAGE } from '../../freshsales/paging.ts';
import { readCall } from '../../records/capabilities.ts';
import { type Selection, sourceOf } from '../../records/field-needs.ts';
import type { Registry } from '../../records/record-type.ts';
import { recordTypesOf } from '../record-types.ts';
import { toTypes, unitedFields, wrapped } from './selections.ts';

type Field = GraphQLField<unknown, unknown>;

/** The pages that bring records of one type. */
export interface TypePages {
  readonly type: string;
  readonly definition: Field;
}

/** The pages of the type whose records are read by this call, as a template. */
export function pagesFor(schema: GraphQLSchema, registry: Registry, call: string): TypePages | undefined {
  const type = registry.recordTypes.find((each) => schema.getType(each.name) && readCall(each) === call)?.name;
  const definition = Object.values(schema.getQueryType()?.getFields() ?? {}).find(
    (field) =>
      sourceOf(field.extensions).reads === 'page' &&
      field.args.some(({ name }) => name === 'after') &&
      recordTypesOf(field.type, schema).some(({ name }) => name === type),
  );
  return type !== undefined && definition ? { type, definition } : undefined;
}

/** The argument that says which records are listed, where there is one. */
const chooserOf = ({ args }: Field) => args.find(({ name }) => name === 'view' || name === 'filter');

/** How so many rows are asked for. */
export function askedAs({ definition }: TypePages, first = MAX_PER_PAGE): string {
  const chooser = chooserOf(definition);
  return `\`${definition.name}(${chooser ? `${chooser.name}: …, ` : ''}first: ${first})\``;
}

export const isOfViews = ({ definition }: TypePages): boolean => chooserOf(definition)?.name === 'view';

/** Some view, for it costs the same whichever it is. */
const ANY_VIEW = '1';

/** A full page, or so many rows, with these fields of each record. */
export function fullPage(
  { type, definition }: TypePages,
  fields: readonly Selection[],
  first = MAX_PER_PAGE,
): Selection {
  const chooser = chooserOf(definition);
  const choice = chooser && { [chooser.name]: chooser.name === 'view' ? ANY_VIEW : chooser.defaultValue };
  return {
    ...{ name: definition.name, alias: definition.name, args: { ...choice, first } },
    fieldsByTypeName: toTypes(getNamedType(definition.type).name, [wrapped('nodes', type, unitedFields(fields))]),
  };
}

import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { schema } from '../src/server/schema.ts';

/** GraphQL text for the arguments of a field, by the names of its type and itself; `undefined` leaves an argument out. */
export type Arguments = (type: string, field: string, argument: string) => readonly (string | undefined)[];

type Gen = GeneratorValue;

const choose = <T>(g: Gen, values: readonly T[]): T => values[g(fc.nat, { max: values.length - 1 })] as T;

/** A random valid operation over the whole schema. */
export function randomOperation(g: Gen, values: Arguments): string {
  const query = schema.getQueryType() as GraphQLObjectType;
  const count = 1 + g(fc.nat, { max: 2 });
  const fields = Array.from({ length: count }, (_, index) => rootField(g, query, values, index));
  return `{ ${fields.join(' ')} }`;
}

function rootField(g: Gen, query: GraphQLObjectType, values: Arguments, index: number): string {
  const fields = Object.values(query.getFields()).filter(({ name }) => !/^lead/i.test(name));
  return `r${index}: ${fieldText(g, query, choose(g, fields), values, 3)}`;
}

function fieldText(
  g: Gen,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  values: Arguments,
  depth: number,
): string {
  const args = field.args.flatMap((argument) => argumentText(g, parent, field, argument, values));
  const type = getNamedType(field.type);
  const below = isLeafType(type) ? '' : ` { ${selectionText(g, type.name, values, depth)} }`;
  return `${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${below}`;
}

function argumentText(
  g: Gen,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  argument: GraphQLArgument,
  values: Arguments,
): string[] {
  const choices = values(parent.name, field.name, argument.name);
  const value = choices.length > 0 ? choose(g, choices) : undefined;
  if (value === undefined && isRequiredArgument(argument)) {
    // There may be no record of the type.
    if (getNamedType(argument.type).name === 'ID') return [`${argument.name}: "1"`];
    throw new Error(
      `${parent.name}.${field.name} needs ${argument.name}: give values for it in the deep tests that call randomOperation and in test/fuzz/operations.ts.`,
    );
  }
  return value === undefined ? [] : [`${argument.name}: ${value}`];
}

function selectionText(g: Gen, typeName: string, values: Arguments, depth: number): string {
  const type = schema.getType(typeName);
  if (isUnionType(type) || isInterfaceType(type)) {
    const parts = schema.getPossibleTypes(type).filter(() => g(fc.nat, { max: 3 }) === 0);
    return [
      '__typename',
      ...parts.map(({ name }) => `... on ${name} { ${selectionText(g, name, values, depth)} }`),
    ].join(' ');
  }
  if (!isObjectType(type)) return '';
  // Connections and edges are looked through at no depth.
  const part = /(Connection|Edge)$/.test(typeName);
  const fields = Object.values(type.getFields()).filter(
    (field) => depth > 0 || part || isLeafType(getNamedType(field.type)),
  );
  const count = 1 + g(fc.nat, { max: 2 });
  const nested = fields.filter((field) => !isLeafType(getNamedType(field.type)));
  // Most fields are plain columns; what costs calls is nested.
  const pick = () => choose(g, nested.length > 0 && g(fc.nat, { max: 2 }) > 0 ? nested : fields);
  const picked = new Map(Array.from({ length: count }, pick).map((field) => [field.name, field]));
  return [...picked.values()]
    .map(
      (field, index) => `f${depth}${index}${typeName}: ${fieldText(g, type, field, values, part ? depth : depth - 1)}`,
    )
    .join(' ');
}

import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** How deep to go below a root field. */
const DEPTH = 2;

/** A query for all there is to know below some root fields; those that are not in the schema are left out. */
export function leavesOf(schema: GraphQLSchema, names: readonly string[]): string {
  const fields = schema.getQueryType()?.getFields() ?? {};
  const selections = names.flatMap((name) => (fields[name] ? leaves(fields[name], DEPTH) : []));
  return `{ ${selections.length > 0 ? selections.join(' ') : '__typename'} }`;
}

function leaves(field: GraphQLField<unknown, unknown>, depth: number): string[] {
  if (field.args.some(isRequiredArgument)) return [];
  const type = getNamedType(field.type);
  if (isLeafType(type)) return [field.name];
  if (!isObjectType(type) || depth === 0) return [];
  const below = Object.values(type.getFields()).flatMap((each) => leaves(each, depth - 1));
  return below.length > 0 ? [`${field.name} { ${below.join(' ')} }`] : [];
}

/** The root fields that list saved views, by record type. */
export function viewFields(schema: GraphQLSchema): Record<string, string> {
  return Object.fromEntries(
    Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, type }) => {
      const [, recordType] = /^(\w+)View$/.exec(getNamedType(type).name) ?? [];
      return recordType === undefined ? [] : [[recordType, name]];
    }),
  );
}

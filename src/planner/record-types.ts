import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Connections, edges and payloads hold records, and are none themselves. */
export const isPart = (typeName: string): boolean => /(Connection|Edge|Payload)$/.test(typeName);

export const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** The types of the records that a field returns, also in a connection or payload. */
export function recordTypesOf(type: GraphQLOutputType, schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isAbstractType(named)) return schema.getPossibleTypes(named);
  if (!isObjectType(named)) return [];
  if (!isPart(named.name)) return [named];
  const fields = Object.values(named.getFields());
  const held = named.name.endsWith('Connection') ? fields.filter(({ name }) => name === 'nodes') : fields;
  return held.flatMap((field) => {
    const record = getNamedType(field.type);
    return isObjectType(record) && !isPart(record.name) ? [record] : [];
  });
}

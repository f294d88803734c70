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
import { columnOf, type Table } from '../freshsales/resource.ts';
import { sourceOf } from '../records/field-needs.ts';
import { includesOf } from '../records/record-store.ts';

type Extensions = Readonly<Record<string, unknown>>;

/** The columns that a field reads and a side-loaded row lacks. `brings`: all that it has, where that is less than usual. */
export function missingColumns(
  table: Table | undefined,
  extensions: Extensions,
  brings?: readonly string[],
): readonly string[] {
  if (!table || (!('path' in table) && !table.sideloadColumns)) return [];
  const has = brings ?? table.sideloadColumns;
  return columnsOf(table, extensions).filter((column) => !comesAlong(has, column));
}

/** The columns a field reads, those that an include adds among them. */
function columnsOf(table: Table, extensions: Extensions): string[] {
  const { columns = [], include = [] } = sourceOf(extensions);
  const exposed = extensions.pothosExposedField;
  const relations = (typeof include === 'string' ? [include] : include).flatMap((name) => {
    const found = includesOf(table)[name];
    return found ? [columnOf(found)] : [];
  });
  return [...columns, ...(typeof exposed === 'string' ? [exposed] : []), ...relations];
}

/** Without a list of what is side-loaded, plain columns and single relations are, and lists of ids are not. */
const comesAlong = (has: readonly string[] | undefined, column: string): boolean =>
  column === 'id' || (has ? has.includes(column) : !column.endsWith('_ids'));

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

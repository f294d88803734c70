import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { isObject } from '../freshsales/json.ts';
import type { TimeZone } from '../freshsales/time-zone.ts';
import { toBoolean, toDay, toDecimal, toInt, toList, toTime } from '../freshsales/values.ts';
import type { Context } from '../records/context.ts';
import { andThen } from '../records/loader.ts';

/** Readers by scalar. Ids and JSON are shown as they are. */
const READERS: Readonly<Record<string, (cell: unknown, zone: TimeZone) => unknown>> = {
  Boolean: toBoolean,
  Date: toDay,
  DateTime: toTime,
  Decimal: toDecimal,
  Int: toInt,
  String: (cell) => (typeof cell === 'object' ? undefined : cell),
};

/**
 * Makes fields that expose a column read it: an empty cell is null, one that makes no sense an error. Scalars cannot do this,
 * because they cannot return null and do not know the time zone.
 */
export function readWireValues(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type)) for (const field of Object.values(type.getFields())) readColumn(field);
  return schema;
}

function readColumn(field: GraphQLField<unknown, Context>): void {
  const type = getNullableType(field.type);
  if (field.extensions.pothosExposedField !== undefined && isListType(type) && isTexts(type.ofType))
    field.resolve = (row) => toList(columnIn(row, field));
  const read = isScalarType(type) ? READERS[type.name] : undefined;
  if (!read) return;
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (row, args, context, info) =>
    andThen(resolve(row, args, context, info) as unknown, (cell) => {
      if (cell === undefined || cell === null) return null;
      const value = read(cell, context.freshsales.timeZone);
      if (value === undefined) throw new TypeError(`${type} cannot represent the value`);
      return value;
    });
}

/** Pothos drops the resolver of a field that is named like its column. */
const columnIn = (row: unknown, { extensions }: GraphQLField<unknown, Context>): unknown =>
  isObject(row) ? row[String(extensions.pothosExposedField)] : undefined;

const isTexts = (type: GraphQLOutputType): boolean => ['String', 'ID'].includes(getNamedType(type).name);

import {
  defaultFieldResolver,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isIntrospectionType,
  isListType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { isObject } from '../freshsales/json.ts';
import type { TimeZone } from '../freshsales/time-zone.ts';
import { toBoolean, toDay, toDecimal, toInt, toList, toTime } from '../freshsales/values.ts';
import { andThen } from '../maybe-promise.ts';
import type { Context } from '../records/context.ts';

type Reader = (cell: unknown, zone: TimeZone) => unknown;

const textOf: Reader = (cell) => (typeof cell === 'object' ? undefined : cell);

/** Readers by scalar. JSON is shown as it is. */
const READERS: Readonly<Record<string, Reader>> = {
  Boolean: toBoolean,
  Date: toDay,
  DateTime: toTime,
  Decimal: toDecimal,
  Int: toInt,
  ID: (cell) => (cell === '' ? null : textOf(cell, 'UTC')),
  String: textOf,
};

/**
 * Makes fields that expose a column read it: an empty cell is null, one that makes no sense an error. Scalars cannot do this,
 * because they cannot return null and do not know the time zone.
 */
export function readWireValues(schema: GraphQLSchema): GraphQLSchema {
  // All schemas of a process share the types of introspection.
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !isIntrospectionType(type))
      for (const field of Object.values(type.getFields())) readColumn(field);
  return schema;
}

function readColumn(field: GraphQLField<unknown, Context>): void {
  const type = getNullableType(field.type);
  if (field.extensions.pothosExposedField !== undefined && isListType(type) && isTexts(type.ofType))
    field.resolve = (row) => toList(columnIn(row, field));
  const read = readerOf(field, type);
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

function readerOf({ extensions }: GraphQLField<unknown, Context>, type: GraphQLOutputType): Reader | undefined {
  if (isScalarType(type)) return READERS[type.name];
  return isEnumType(type) && extensions.pothosExposedField !== undefined ? (cell) => toChoice(cell, type) : undefined;
}

/** The value of an enum for a number, number as text, or word. Undefined if there is none. */
function toChoice(cell: unknown, type: GraphQLEnumType): unknown {
  const values = type.getValues();
  const exact = values.find(({ value }) => value === cell);
  if (exact || values.some(({ value }) => typeof value !== 'number')) return exact?.value;
  const number = toInt(cell);
  if (typeof number !== 'undefined')
    return number === null ? null : values.find(({ value }) => value === number)?.value;
  const word = String(cell)
    .trim()
    .replace(/[^A-Za-z]+/g, '_')
    .toUpperCase();
  return values.find(({ name }) => name === word)?.value;
}

/** Pothos drops the resolver of a field that is named like its column. */
const columnIn = (row: unknown, { extensions }: GraphQLField<unknown, Context>): unknown =>
  isObject(row) ? row[String(extensions.pothosExposedField)] : undefined;

const isTexts = (type: GraphQLOutputType): boolean => ['String', 'ID'].includes(getNamedType(type).name);

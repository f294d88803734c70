import { createContextCache } from '@pothos/core';
import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import { isObject } from '../freshsales/json.ts';
import { columnOf } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { partialErrorsOf, RecordError, toError } from '../records/errors.ts';
import { needsOfField, sourceOf, wholeSelection } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { includesOf, recordStoreOf } from '../records/record-store.ts';

type Field = GraphQLField<unknown, Context>;

/**
 * Prepares the fields for partial answers. A field that fails is null with an error that names its record; one that cannot be null
 * takes its natural empty value, and the error is reported beside it. A field that is null only on error has that error.
 */
export function answerPartially(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !type.name.startsWith('__')) answerTypePartially(type, Object.values(type.getFields()));
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) resolveOnce(field);
  return schema;
}

/** The same for fields that are added to a prepared schema. */
export function answerTypePartially(type: GraphQLObjectType, fields: readonly Field[]): void {
  for (const field of fields) guard(type, field);
}

const rootValues = createContextCache((_context: Context) => new Map<string | number, unknown>());

/** A root field that is selected for several parts of an answer is read once. Those below are read through caches of the operation. */
function resolveOnce(field: Field): void {
  const { resolve } = field;
  if (!resolve) return;
  field.resolve = (row, args, context, info) => {
    if (!wholeSelection(context).root) return resolve(row, args, context, info);
    const values = rootValues(context);
    const { key } = info.path;
    if (!values.has(key)) values.set(key, resolve(row, args, context, info));
    return values.get(key);
  };
}

/** Reports an error about a field that has a value nevertheless. */
export function reportBeside(context: Context, info: GraphQLResolveInfo, error: unknown, record?: string): void {
  partialErrorsOf(context).push(
    locatedError(aboutRecord(error, record), info.fieldNodes, responsePathAsArray(info.path)),
  );
}

/** Names the record, unless the error is about the input or the whole answer. */
function aboutRecord(error: unknown, record: string | undefined): unknown {
  if (record === undefined || error instanceof RecordError || error instanceof GraphQLError) return error;
  if (error instanceof FreshsalesError && error.code === 'COST_LIMIT_EXCEEDED') return error;
  return new RecordError(record, toError(error));
}

/** The records that objects without an id belong to: products of a deal, entries of a timeline. */
const owners = new WeakMap<object, string>();

/** Names the record that errors of an object's fields are about: of a search hit, or of a change. */
export function belongTo(object: object, record: string): void {
  owners.set(object, record);
}

function guard(type: GraphQLObjectType, field: Field): void {
  const empty = emptyOf(field.type);
  if (isNonNullType(field.type) && empty === undefined) return;
  const { resolve = defaultFieldResolver } = field;
  const isStrict = isSemanticNonNull(field);
  const recordOf = recordNamer(type, field);
  const reasonOf = reasonFinder(type, field);
  const adopts = isRecord(type) && !isRecord(getNamedType(field.type)) && isObjectType(getNamedType(field.type));
  field.resolve = (row, args, context, info) => {
    const fail = (error: unknown): unknown => {
      const about = aboutRecord(error, recordOf(row, args));
      if (empty === undefined) throw about;
      reportBeside(context, info, about);
      return empty();
    };
    const finish = (value: unknown): unknown => {
      if (isStrict && (value === undefined || value === null))
        return fail(new FreshsalesError('UPSTREAM_ERROR', `Freshsales sent no value for ${type.name}.${field.name}.`));
      if (adopts) adopt(value, recordOf(row, args));
      return value;
    };
    try {
      const reason = reasonOf(row, context);
      if (reason) return fail(reason);
      const value: unknown = resolve(row, args, context, info);
      return value instanceof Promise ? value.then(finish).catch(fail) : finish(value);
    } catch (error) {
      return fail(error);
    }
  };
}

/** The value of a field that cannot be null if it fails. */
function emptyOf(type: GraphQLOutputType): (() => unknown) | undefined {
  if (!isNonNullType(type)) return undefined;
  if (isListType(type.ofType)) return () => [];
  return getNamedType(type).name === 'JSON' ? () => ({}) : undefined;
}

const isSemanticNonNull = ({ extensions }: Field): boolean =>
  isObject(extensions.directives) && 'semanticNonNull' in extensions.directives;

const isRecord = (type: GraphQLNamedType): boolean =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');

type RecordNamer = (row: unknown, args: Readonly<Record<string, unknown>>) => string | undefined;

/** The global id of the record that a field belongs to, reads or writes. */
function recordNamer(type: GraphQLObjectType, field: Field): RecordNamer {
  if (isRecord(type)) return (row) => gidOf(type.name, isObject(row) ? row.id : undefined);
  const target = sourceOf(field.extensions).write?.type ?? getNamedType(field.type).name;
  if (type.name === 'Query' || type.name === 'Mutation') return (_row, { id }) => gidOf(target, id);
  if (type.name.endsWith('Payload')) return (row) => gidOf(target, isObject(row) ? row.id : undefined);
  return (row) => (isObject(row) ? owners.get(row) : undefined);
}

/** Ids of another type or form are not repeated. */
function gidOf(type: string, id: unknown): string | undefined {
  const [, named = type, digits] = /^(?:gid:\/\/freshsales\/(\w+)\/)?(\d{1,30})$/.exec(String(id)) ?? [];
  return digits !== undefined && (named === type || type === 'Node') ? toGid(named, digits) : undefined;
}

function adopt(value: unknown, record: string | undefined): void {
  if (record === undefined) return;
  for (const item of Array.isArray(value) ? value : [value]) if (isObject(item)) owners.set(item, record);
}

/** The reason why a column or include of a row could not be read, if it could not. */
function reasonFinder(type: GraphQLObjectType, field: Field): (row: unknown, context: Context) => Error | undefined {
  const { columns, includes } = needsOfField(field.extensions);
  if (!isRecord(type) || columns.size + includes.size === 0) return () => undefined;
  return (row, context) => {
    const store = recordStoreOf(context);
    if (!store.hasFailures || !isObject(row)) return undefined;
    const table = context.registry.table(type.name);
    const { id } = row;
    if (!table || typeof id !== 'string') return undefined;
    for (const column of columns) {
      const failure = row[column] === undefined ? store.failureOf(table, id, column) : undefined;
      if (failure) return failure;
    }
    for (const name of includes) {
      const include = includesOf(table)[name];
      const failure = include && row[columnOf(include)] === undefined ? store.failureOf(table, id, name) : undefined;
      if (failure) return failure;
    }
    return undefined;
  };
}

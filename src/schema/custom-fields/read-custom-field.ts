import type { GraphQLFieldResolver } from 'graphql';
import { FreshsalesError } from '../../freshsales/errors.ts';
import { isObject } from '../../freshsales/json.ts';
import type { Identified } from '../../freshsales/resource.ts';
import type { TimeZone } from '../../freshsales/time-zone.ts';
import { toBoolean, toDay, toDecimal, toList, toMap, toTime } from '../../freshsales/values.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { Context } from '../../records/context.ts';
import { RecordError } from '../../records/errors.ts';
import { toGid } from '../../records/gid.ts';
import { loadRelated, typeOf } from '../node.ts';
import { choiceFor, splitChoices } from './choices.ts';
import type { CustomField, CustomFieldKind } from './custom-field.ts';

/** The record whose custom fields are read. */
export interface CustomRow extends Identified {
  readonly custom_field?: unknown;
}

/** The resolver of a custom field. */
export function readerOf(field: CustomField): GraphQLFieldResolver<CustomRow, Context> {
  if (field.kind === 'lookup') return (row, _args, context, info) => lookedUp(field, row, context, info);
  return (row, _args, { freshsales }) => valueIn(field, row, freshsales.timeZone);
}

function cellOf({ wireName }: CustomField, { custom_field }: CustomRow): unknown {
  const cells = toMap(custom_field);
  return Object.hasOwn(cells, wireName) ? cells[wireName] : null;
}

/** Null if the cell is empty, undefined if it makes no sense. */
type Reader = (cell: unknown, zone: TimeZone) => unknown;

const textOf: Reader = (cell) => {
  if (cell === null || cell === undefined) return null;
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
};

const numberOf: Reader = (cell) => {
  const digits = toDecimal(cell);
  if (typeof digits !== 'string') return digits;
  return Number.isFinite(Number(digits)) ? Number(digits) : undefined;
};

const READERS: Readonly<Partial<Record<CustomFieldKind, Reader>>> = {
  number: numberOf,
  decimal: toDecimal,
  date: toDay,
  dateTime: toTime,
  checkbox: toBoolean,
  json: (cell) => cell,
};

function valueIn(field: CustomField, row: CustomRow, zone: TimeZone): unknown {
  const cell = cellOf(field, row);
  if (field.kind === 'multiSelect') return choicesIn(field, row, cell);
  if (field.enumNames) return isBlank(cell) ? null : choiceOf(field, row, String(textOf(cell, zone)));
  const value = (READERS[field.kind] ?? textOf)(cell, zone);
  if (value === undefined) throw unreadable(field, row, 'a value that does not fit its type');
  return value;
}

const isBlank = (cell: unknown): boolean =>
  cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '');

/** The stored text of the choice, which the enum converts to its name. */
function choiceOf(field: CustomField, row: CustomRow, stored: string): string {
  const choice = choiceFor(field.choices, stored);
  if (!choice) throw unreadable(field, row, 'a choice that no longer exists');
  return choice.value;
}

/** A choice that no longer exists is an error at its place in the list. */
function choicesIn(field: CustomField, row: CustomRow, cell: unknown): (string | Error)[] {
  const values = typeof cell === 'string' ? splitChoices(field.choices, cell) : toList(cell);
  if (!field.enumNames) return values;
  return values.map(
    (value) => choiceFor(field.choices, value)?.value ?? unreadable(field, row, 'a choice that no longer exists'),
  );
}

function lookedUp(
  field: CustomField,
  row: CustomRow,
  context: Context,
  info: Parameters<GraphQLFieldResolver<CustomRow, Context>>[3],
): MaybePromise<Identified | null> {
  const cell = cellOf(field, row);
  // Whether the value is an id is not attested. A reduced record has one.
  const id = isObject(cell) ? cell.id : cell;
  if (isBlank(id)) return null;
  const table = context.registry.table(field.target ?? '');
  if (!table || !/^\d{1,20}$/.test(String(id)))
    throw unreadable(field, row, `a value that is not the id of a ${field.target}`);
  return loadRelated(context, info, { table }, String(id));
}

/** An error that names the record itself, because the one of an item of a list does not pass the field. */
const unreadable = ({ wireName }: CustomField, row: CustomRow, what: string): RecordError =>
  new RecordError(
    toGid(typeOf(row), row.id),
    new FreshsalesError(
      'UPSTREAM_ERROR',
      `${wireName} of ${typeOf(row)} ${row.id} has ${what}. customFields returns it as it is stored.`,
    ),
  );

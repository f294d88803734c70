import type { InputObjectRef } from '@pothos/core';
import { toDecimal, toTime } from '../freshsales/values.ts';
import type { Args } from '../records/field-needs.ts';
import type { Sort } from '../records/pages.ts';
import { builder, type Types } from './builder.ts';

const SortDirection = builder.enumType('SortDirection', {
  description: 'Sort direction.',
  values: {
    ASC: { value: 'asc', description: 'Ascending: smallest, earliest or alphabetically first value first.' },
    DESC: { value: 'desc', description: 'Descending: largest, latest or alphabetically last value first.' },
  } as const,
});

export type SortRef = InputObjectRef<Types, Sort>;

/** The enum of the columns that records can be sorted by. */
export interface SortFields<Column extends string = string> {
  readonly description: string;
  readonly values: Readonly<Record<string, { readonly value: Column; readonly description: string }>>;
}

/** Declares `<Name>Sort` and `<Name>SortField`. */
export function sortInput(name: string, fields: SortFields): SortRef {
  const field = builder.enumType(`${name}SortField`, fields);
  return builder.inputType(`${name}Sort`, {
    description: 'Sort order. If omitted, rows keep the order in which Freshsales sends them.',
    fields: (t) => ({
      field: t.field({ type: field, required: true, description: 'Field to sort by.' }),
      direction: t.field({ type: SortDirection, required: true, defaultValue: 'asc', description: 'Sort direction.' }),
    }),
  });
}

/** Narrows or sorts the rows of a relation in memory. */
export interface InMemory<T> {
  /** Identifies it in cursors. */
  readonly key: string;
  /** The columns that it needs of each row. */
  readonly columns: readonly string[];
  readonly apply: (rows: readonly T[]) => readonly T[];
}

/** Sorts in memory. */
export const inOrder = <T extends object>(sort: Sort | null | undefined): InMemory<T> | undefined =>
  sort ? { key: JSON.stringify(sort), columns: [sort.field], apply: (rows) => sortRows(rows, sort) } : undefined;

/** The columns by which the rows of a relation are sorted. */
export const sorts = ({ sort }: Args): readonly string[] => (sort ? [(sort as Sort).field] : []);

/** A number or time as a number. Undefined for an empty cell. */
function numberIn(cell: unknown): number | undefined {
  const decimal = toDecimal(cell);
  if (typeof decimal === 'string') return Number(decimal);
  const time = toTime(cell);
  return typeof time === 'string' ? Date.parse(time) : undefined;
}

/** Rows in order of a column with numbers or times. Rows without a value come last. */
export function sortRows<T extends object>(rows: readonly T[], { field, direction }: Sort): T[] {
  const keyed = rows.map((row) => ({ row, value: numberIn((row as Readonly<Record<string, unknown>>)[field]) }));
  const sign = direction === 'desc' ? -1 : 1;
  return keyed
    .toSorted(({ value: one }, { value: other }) => {
      if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
      return sign * (one - other);
    })
    .map(({ row }) => row);
}

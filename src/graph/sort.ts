import type { EnumRef } from '@pothos/core';
import type { Query } from '../freshsales/transport.ts';
import { builder, type Types } from './builder.ts';

export const SortDirection = builder.enumType('SortDirection', {
  description: 'Which way to sort.',
  values: {
    ASC: { value: 'asc', description: 'Smallest, earliest or first in the alphabet comes first.' },
    DESC: { value: 'desc', description: 'Largest, latest or last in the alphabet comes first.' },
  } as const,
});

export interface Sort {
  readonly field: string;
  readonly direction: string;
}

/** `<Name>Sort`, over the columns Freshsales can sort this record type by. */
export function sortInput<V extends string>(name: string, field: EnumRef<Types, V>) {
  return builder.inputType(`${name}Sort`, {
    description: 'How to sort. Without it, rows keep the order in which Freshsales sends them.',
    fields: (t) => ({
      field: t.field({ type: field, required: true, description: 'What to sort by.' }),
      direction: t.field({ type: SortDirection, required: true, defaultValue: 'asc', description: 'Which way.' }),
    }),
  });
}

/** A sort, as Freshsales takes it in the query string. */
export const sortQuery = (sort: Sort | null | undefined): Query =>
  sort ? { sort: sort.field, sort_type: sort.direction } : {};

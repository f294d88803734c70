import type { EnumRef } from '@pothos/core';
import { builder, type Types } from './builder.ts';

export const SortDirection = builder.enumType('SortDirection', {
  description: 'Sort direction.',
  values: {
    ASC: { value: 'asc', description: 'Ascending: smallest, earliest or alphabetically first value first.' },
    DESC: { value: 'desc', description: 'Descending: largest, latest or alphabetically last value first.' },
  } as const,
});

/** `<Name>Sort` over the columns that Freshsales can sort by. */
export function sortInput<V extends string>(name: string, field: EnumRef<Types, V>) {
  return builder.inputType(`${name}Sort`, {
    description: 'Sort order. If omitted, rows keep the order in which Freshsales sends them.',
    fields: (t) => ({
      field: t.field({ type: field, required: true, description: 'Field to sort by.' }),
      direction: t.field({ type: SortDirection, required: true, defaultValue: 'asc', description: 'Sort direction.' }),
    }),
  });
}

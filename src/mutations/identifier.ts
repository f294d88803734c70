import type { InputRef } from '@pothos/core';
import { builder } from '../schema/builder.ts';
import type { Draft } from './draft.ts';
import type { ValuesOf } from './record-input.ts';
import { refersTo } from './refers-to.ts';
import type { Writable } from './writable.ts';

type Fields = Readonly<Record<string, Writable<unknown>>>;

/** What finds a record for an upsert: one of a few columns that only one record may have. */
export interface Identifier<B extends object> {
  readonly ref: InputRef<B>;
  write(values: B, draft: Draft): void;
}

/** Declares `<Name>Identifier`, of whose fields exactly one is given. */
export function identifier<const F extends Fields>(name: string, fields: F): Identifier<ValuesOf<F>> {
  const ref = builder.inputRef<ValuesOf<F>>(`${name}Identifier`);
  ref.implement({
    description: `Identifies a ${name}. Provide exactly one field.`,
    isOneOf: true,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, { type, description, refersTo: types }]) => [
          field,
          t.field({ type, description, ...(types && refersTo(types)) }),
        ]),
      ) as never,
  });
  return {
    ref: ref as unknown as InputRef<ValuesOf<F>>,
    write: (values, draft) => {
      for (const [field, writable] of Object.entries(fields)) {
        const value: unknown = values[field];
        if (value === undefined || value === null) continue;
        const path = ['by', field];
        if (!draft.paths.has(writable.column) || !(writable.column in draft.columns))
          draft.paths.set(writable.column, path);
        if (typeof value === 'string' && value.trim() === '')
          draft.refuse(path, `“${field}” must not be empty.`, 'REQUIRED');
        else writeInto(writable, value, path, draft);
      }
    },
  };
}

/** The same as a column of the record, but put where identifiers stand. */
function writeInto(writable: Writable<unknown>, value: unknown, path: readonly string[], draft: Draft): void {
  const before = draft.columns[writable.column];
  writable.write(value, { path, draft });
  draft.identifier[writable.column] = draft.columns[writable.column];
  if (before === undefined) delete draft.columns[writable.column];
  else draft.columns[writable.column] = before;
}

import type { InputRef } from '@pothos/core';
import { builder, type Types } from '../schema/builder.ts';
import { writeCustom } from './custom-input.ts';
import type { InputSource } from './refers-to.ts';
import { type Draft, type FieldContext, isBlank, type Writable } from './writable.ts';

type Fields = Readonly<Record<string, Writable<unknown>>>;

/** The values of an input: undefined if omitted, null if cleared. */
type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]?: (F[K] extends Writable<infer V> ? V : never) | null;
};

/** An input type and its conversion to columns. */
export interface RecordInput<V extends object> {
  readonly ref: InputRef<V>;
  /** Writes the given fields into the draft. Skips omitted fields. */
  write(values: V, path: readonly string[], draft: Draft): void;
}

interface InputOptions<F extends Fields> {
  readonly description: string;
  /** Required fields. */
  readonly required?: readonly (keyof F & string)[];
  /** Checks that involve several fields. */
  readonly check?: (values: ValuesOf<F>, spot: FieldContext) => void;
}

/** Input fields for writable columns. Fields and values come from one declaration, which Pothos' types cannot express. */
export const inputFields = (
  t: PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>,
  fields: Readonly<Record<string, Omit<Writable<never>, 'write'>>>,
  required: readonly string[] = [],
) =>
  Object.fromEntries(
    Object.entries(fields).map(([field, { type, column, description, defaultValue, refersTo: types }]) => [
      field,
      t.field({
        type,
        description,
        extensions: { freshsales: { column, ...(types && { refersTo: types }) } satisfies InputSource },
        required: required.includes(field) as false,
        ...(defaultValue !== undefined && { defaultValue: defaultValue as never }),
      }),
    ]),
  );

/** Declares an input type over writable columns. */
export function recordInput<const F extends Fields>(
  name: string,
  fields: F,
  { description, required = [], check }: InputOptions<F>,
): RecordInput<ValuesOf<F>> {
  const ref = builder.inputRef<ValuesOf<F>>(name);
  ref.implement({
    description,
    fields: (t) => inputFields(t, fields, required) as never,
  });
  return {
    // Pothos' type differs only in how a field may be undefined.
    ref: ref as unknown as InputRef<ValuesOf<F>>,
    write: (values, path, draft) => {
      for (const [field, writable] of Object.entries(fields)) {
        const value: unknown = values[field];
        // Of several fields that write a column, the one that is given.
        if (value !== undefined || !draft.paths.has(writable.column))
          draft.paths.set(writable.column, [...path, field]);
        if (value !== undefined) writeOne(writable, value, { path: [...path, field], draft });
      }
      const { custom } = values as { readonly custom?: unknown };
      writeCustom(custom, { path: [...path, 'custom'], draft });
      check?.(values, { path, draft });
    },
  };
}

function writeOne(writable: Writable<unknown>, value: unknown, spot: FieldContext): void {
  const { column, needed = false, empty = null, ignoresNull = false, kind } = writable;
  if (kind) spot.draft.kinds.set(column, kind);
  const field = spot.path.at(-1) ?? column;
  if (needed && isBlank(value)) spot.draft.refuse(spot.path, `“${field}” must not be empty.`, 'REQUIRED');
  else if (value === null && ignoresNull) return;
  else if (value === null) spot.draft.columns[column] = empty;
  else writable.write(value, spot);
}

/** Finds the record of an upsert by one of a few unique columns. */
export interface Identifier<B extends object> {
  readonly ref: InputRef<B>;
  write(values: B, draft: Draft): void;
}

/** Declares `<Name>Identifier`. Exactly one field is given. */
export function identifier<const F extends Fields>(name: string, fields: F): Identifier<ValuesOf<F>> {
  const ref = builder.inputRef<ValuesOf<F>>(`${name}Identifier`);
  ref.implement({
    description: `Identifies a ${name}. Provide exactly one field.`,
    isOneOf: true,
    fields: (t) => inputFields(t, fields) as never,
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
        if (isBlank(value)) draft.refuse(path, `“${field}” must not be empty.`, 'REQUIRED');
        else writeInto(writable, value, path, draft);
      }
    },
  };
}

/** A column that is sent as an identifier. */
function writeInto(writable: Writable<unknown>, value: unknown, path: readonly string[], draft: Draft): void {
  const before = draft.columns[writable.column];
  writable.write(value, { path, draft });
  draft.identifier[writable.column] = draft.columns[writable.column];
  if (before === undefined) delete draft.columns[writable.column];
  else draft.columns[writable.column] = before;
}

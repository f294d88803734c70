import type { Selection } from '../../records/field-needs.ts';
import { groupsOf } from './groups.ts';

type Types = Selection['fieldsByTypeName'];

/** Fields as a part of a selection. Their names there are no aliases, so that two of one alias do not hide each other. */
export const toTypes = (typeName: string, fields: readonly Selection[]): Types => ({
  [typeName]: Object.fromEntries(fields.map((field, index) => [String(index), field])),
});

/** A field that has this one below it, and nothing else. */
export const wrapped = (name: string, typeName: string, below: readonly Selection[]): Selection => ({
  ...{ name, alias: name, args: {} },
  fieldsByTypeName: toTypes(typeName, below),
});

/** The first field with all that is selected below any of them. */
export const merged = (first: Selection, others: readonly Selection[]): Selection => ({
  ...first,
  fieldsByTypeName: mergedTypes([first, ...others].map(({ fieldsByTypeName }) => fieldsByTypeName)),
});

function mergedTypes(all: readonly Types[]): Types {
  const names = new Set(all.flatMap((types) => Object.keys(types)));
  const entries = [...names].map((name) => {
    const fields = all.flatMap((types) => Object.values(types[name] ?? {}));
    return toTypes(name, unitedFields(fields));
  });
  return Object.assign({}, ...entries) as Types;
}

/** Each field once for each choice of its arguments, as records that are wanted twice are paid for once. */
export const unitedFields = (fields: readonly Selection[]): Selection[] =>
  groupsOf(fields, ({ name, args }) => JSON.stringify([name, args])).flatMap(([first, ...others]) =>
    first ? [merged(first, others)] : [],
  );

/** What is selected directly below, of whatever type. */
export const below = (selection: Selection): Selection[] =>
  Object.values(selection.fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias));

/** What stands at a path of the answer. */
export const selectionsAt = (selection: Selection, path: string): Selection[] =>
  path
    .split('.')
    .reduce<Selection[]>(
      (found, alias) => found.flatMap((each) => below(each).filter((field) => field.alias === alias)),
      [selection],
    );

/** A selection without the fields of this name directly below it. */
export const without = (selection: Selection, name: string): Selection => ({
  ...selection,
  fieldsByTypeName: Object.fromEntries(
    Object.entries(selection.fieldsByTypeName).map(([type, fields]) => [
      type,
      Object.fromEntries(Object.entries(fields).filter(([, field]) => field.name !== name)),
    ]),
  ),
});

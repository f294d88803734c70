import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import { isObject, isTooLarge } from '../freshsales/json.ts';
import { toWireId } from '../freshsales/writes.ts';
import { choiceFor, describeChoices, joinChoices } from '../schema/custom-fields/choices.ts';
import type { CustomField, CustomFieldKind } from '../schema/custom-fields/custom-field.ts';
import {
  type Draft,
  type FieldContext,
  hasReservedKey,
  idAt,
  isBlank,
  RESERVED_KEYS,
  toWireAmount,
  toWireTime,
} from './writable.ts';

/**
 * Writes `custom` into the custom fields of a draft, after `customFields`. Values that Freshsales would refuse or drop are
 * refused.
 */
export function writeCustom(given: unknown, { path, draft }: FieldContext): void {
  if (given === undefined) return;
  const { custom_field: others } = draft.columns;
  if (!isObject(given) || others === null) {
    draft.refuse(path, isObject(given) ? CLEARED : NO_FIELDS);
    return;
  }
  const written: Record<string, unknown> = {};
  for (const field of draft.customFields) {
    if (!Object.hasOwn(given, field.name)) continue;
    const spot = { path: [...path, field.name], draft };
    draft.customPaths.set(field.wireName, spot.path);
    if (isObject(others) && Object.hasOwn(others, field.wireName))
      draft.refuse(spot.path, `${field.wireName} is in customFields as well. Provide it once.`);
    const value = wireValue(field, given[field.name], spot);
    if (value !== undefined) written[field.wireName] = value;
  }
  if (Object.keys(written).length > 0) draft.columns.custom_field = { ...(isObject(others) ? others : {}), ...written };
}

const NO_FIELDS = 'custom must be an object of the fields to write. To clear one of them, set it to null.';
const CLEARED = 'customFields: null clears all custom fields. Provide either customFields or custom.';

/** Refuses a new record that lacks a required custom field. */
export function requireCustomFields(path: readonly string[], draft: Draft): void {
  const { custom_field: given } = draft.columns;
  for (const { wireName, name, isRequired } of draft.customFields) {
    const value = isObject(given) ? given[wireName] : undefined;
    // A value that was refused has an error already.
    const isRefused = value === undefined && draft.customPaths.has(wireName);
    if (isRequired && !isRefused && isBlank(value))
      draft.refuse([...path, 'custom', name], `“${name}” is required for new records.`, 'REQUIRED');
  }
}

/** The wire value. Undefined if it was refused. */
function wireValue(field: CustomField, value: unknown, spot: FieldContext): unknown {
  if (value === null || value === undefined) return null;
  const write = WRITERS[field.kind];
  return write ? write(field, value, spot) : value;
}

type Writer = (field: CustomField, value: unknown, spot: FieldContext) => unknown;

const WRITERS: Readonly<Partial<Record<CustomFieldKind, Writer>>> = {
  text: ({ maxLength }, value, { path, draft }) => {
    const { length } = [...String(value)];
    if (maxLength === undefined || length <= maxLength) return value;
    draft.refuse(path, `This has ${length} characters. At most ${maxLength} are allowed.`);
    return undefined;
  },
  number: (_field, value, { path, draft }) => {
    if (!isTooLarge(value)) return value;
    // JSON would send null, which clears the field.
    draft.refuse(path, 'This number is too large.');
    return undefined;
  },
  decimal: (_field, value) => toWireAmount(String(value)),
  dateTime: (_field, value) => (value instanceof Date ? toWireTime(value) : value),
  dropdown: (field, value, spot) => chosen(field, String(value), spot),
  multiSelect: (field, value, { path, draft }) => {
    const values = [value].flat().map((each, index) => {
      return chosen(field, String(each), { path: [...path, String(index)], draft });
    });
    if (values.includes(undefined)) return undefined;
    const known = new Set(values.filter((each) => typeof each === 'string'));
    return known.size === 0 ? null : joinChoices([...known]);
  },
  lookup: ({ target = '' }, value, spot) => {
    const id = idAt(target, String(value), spot);
    return id === undefined ? undefined : toWireId(id);
  },
  json: (_field, value, { path, draft }) => {
    if (!hasReservedKey(value)) return value;
    draft.refuse(path, `${RESERVED_KEYS.join(', ')} cannot be keys of a custom field. Remove them.`);
    return undefined;
  },
};

/** The text of a choice. Any text if the choices are not known; an empty one clears the field. */
function chosen(
  { name, choices }: CustomField,
  given: string,
  { path, draft }: FieldContext,
): string | null | undefined {
  if (given.trim() === '') return null;
  if (choices.length === 0) return given;
  const choice = choiceFor(choices, given);
  if (choice) return choice.value;
  const near = suggestionList(
    given.slice(0, MAX_COMPARED),
    choices.slice(0, MAX_COMPARED).map(({ value }) => value),
  );
  const hint =
    near.length > 0 ? `Did you mean ${near.slice(0, 3).join(', ')}?` : `Choices: ${describeChoices(choices)}.`;
  draft.refuse(path, `“${given.slice(0, 60)}” is not a choice of “${name}”. ${hint}`);
  return undefined;
}

/** Choices and characters that are compared for a suggestion. */
const MAX_COMPARED = 200;

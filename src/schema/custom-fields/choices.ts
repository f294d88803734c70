import { isObject } from '../../freshsales/json.ts';

/** One of the values of a dropdown or multi-select. */
export interface Choice {
  /** The text that Freshsales stores. */
  readonly value: string;
  readonly id: string | undefined;
}

/** One line of text without control characters, or marks that reverse the text around it. Undefined if nothing is left. */
export function singleLine(value: unknown, most = 200): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const line = String(value)
    .slice(0, 10 * most)
    .replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_C}\s]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length === 0
    ? undefined
    : characters.length > most
      ? `${characters.slice(0, most).join('')}…`
      : line;
}

/** Choices with equal texts are one choice. Freshsales sends objects; plain texts are accepted too. */
export function choicesOf(cell: unknown): Choice[] {
  const choices = new Map<string, Choice>();
  for (const each of Array.isArray(cell) ? cell : []) {
    const choice = choiceOf(each);
    if (choice && !choices.has(choice.value)) choices.set(choice.value, choice);
  }
  return [...choices.values()];
}

function choiceOf(given: unknown): Choice | undefined {
  const { value, name, label, id } = isObject(given) ? given : { value: given };
  const text = [value, name, label].find((each) => isText(each) && String(each).trim() !== '');
  return text === undefined ? undefined : { value: String(text), id: isText(id) ? String(id) : undefined };
}

const isText = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** An enum with more values would make the schema too large. */
const MAX_ENUM_VALUES = 1000;

/** Names of enum values for choices. Undefined unless all of them are valid and differ. */
export function enumNamesOf(choices: readonly Choice[]): string[] | undefined {
  if (choices.length === 0 || choices.length > MAX_ENUM_VALUES) return undefined;
  const names = choices.map(({ value }) => enumNameOf(value));
  const valid = names.filter((name) => name !== undefined);
  return new Set(valid).size === choices.length ? valid : undefined;
}

/** `Closed – won` becomes `CLOSED_WON`. Undefined if the text has letters that a name cannot have, or starts with a digit. */
function enumNameOf(text: string): string | undefined {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}+/gu, '');
  if (plain.length > MAX_NAME || /[^\P{L}A-Za-z]/u.test(plain)) return undefined;
  const name = plain
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .join('_')
    .toUpperCase();
  return /^[A-Z]/.test(name) ? name : undefined;
}

const MAX_NAME = 100;

interface ChoiceIndex {
  readonly byKey: ReadonlyMap<string, Choice>;
  /** True if a choice contains the separator of multi-selects. */
  readonly isSplit: boolean;
}

const indexes = new WeakMap<readonly Choice[], ChoiceIndex>();

/** Choices by text, by text in lower case, and by id. Earlier keys win. */
function indexOf(choices: readonly Choice[]): ChoiceIndex {
  const known = indexes.get(choices);
  if (known) return known;
  const keys = [
    ...choices.map((choice) => [choice.value, choice] as const),
    ...choices.map((choice) => [folded(choice.value), choice] as const),
    ...choices.map((choice) => [`#${choice.id}`, choice] as const),
  ];
  const index = {
    byKey: new Map(keys.toReversed()),
    isSplit: choices.some(({ value }) => value.includes(SEPARATOR)),
  };
  indexes.set(choices, index);
  return index;
}

const folded = (text: string): string => text.trim().toLowerCase();

/** The choice that a stored value means: by its text, in any letter case, or by its id. */
export function choiceFor(choices: readonly Choice[], stored: string): Choice | undefined {
  const { byKey } = indexOf(choices);
  return byKey.get(stored) ?? byKey.get(folded(stored)) ?? byKey.get(`#${stored}`);
}

/** The separator of the values of a multi-select (QUIRKS 12). */
const SEPARATOR = ';';

/** The values of a multi-select. A choice may contain the separator itself. */
export function splitChoices(choices: readonly Choice[], text: string): string[] {
  const parts = text.split(SEPARATOR);
  const values: string[] = [];
  for (let start = 0; start < parts.length; ) {
    const end = endOfChoice(choices, parts, start);
    const value = parts.slice(start, end).join(SEPARATOR).trim();
    if (value !== '') values.push(value);
    start = end;
  }
  return values;
}

/** The most parts of one choice. */
const MAX_PARTS = 10;

function endOfChoice(choices: readonly Choice[], parts: readonly string[], start: number): number {
  if (!indexOf(choices).isSplit) return start + 1;
  for (let end = Math.min(parts.length, start + MAX_PARTS); end > start + 1; end -= 1)
    if (choiceFor(choices, parts.slice(start, end).join(SEPARATOR))) return end;
  return start + 1;
}

export const joinChoices = (values: readonly string[]): string => values.join(SEPARATOR);

/** Characters that the choices may take in a description. */
const MAX_LISTED = 1000;

/** The choices as they stand in a description. */
export function describeChoices(choices: readonly Choice[]): string {
  const words: string[] = [];
  let length = 0;
  for (const { value } of choices) {
    const word = singleLine(value, 100) ?? '';
    length += word.length + 2;
    if (length > MAX_LISTED) break;
    words.push(word);
  }
  const more = choices.length - words.length;
  return `${words.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

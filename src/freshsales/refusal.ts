import { isObject } from './rows.ts';

/** Why Freshsales refused a request. */
export interface Reason {
  /** Freshsales' own sentence, in the language of the API user. */
  readonly message: string;
  /** The column as Freshsales names it: `email`, `custom_field.cf_x`, `emails[0].value`. Undefined if the sentence is all there is. */
  readonly column?: string;
  /** A code such as `duplicate_value`. */
  readonly code?: string;
}

/** Limits on the sentences of a refusal. */
const MAX_REASONS = 100;
const MAX_MESSAGE = 1000;

/** Keys of an error object that hold what went wrong, in order of preference. */
const WORDS = [
  'errors',
  'message',
  'messages',
  'description',
  'error_description',
  'error_message',
  'detail',
  'error',
  'msg',
  'reason',
];

/** Keys that describe the refusal and name no column. */
const DETAILS = new Set(['code', 'status_code', 'error_code', 'success', 'request_id', 'timestamp', 'path', 'trace']);

/** Keys of an error object that name the column. */
const COLUMN_KEYS = ['field', 'attribute', 'column', 'field_name', 'param', 'property', 'name'];

/** Reads the reasons in all known formats (FACTS 3): texts, lists, objects, and objects keyed by column. */
export const reasonsOf = (body: unknown, hide: (text: string) => string = (text) => text): Reason[] =>
  reasonsIn(body)
    .slice(0, MAX_REASONS)
    .map(({ message, ...rest }) => ({ ...rest, message: shortened(hide(message)) }));

const shortened = (text: string): string => (text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text);

/** The sentences alone. A short one such as “is invalid” gets the name of its column. */
export const sentenceOf = ({ message, column }: Reason): string =>
  column === undefined || message.toLowerCase().includes(column.toLowerCase()) ? message : `${column} ${message}`;

function reasonsIn(value: unknown): Reason[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [{ message: value }];
  if (Array.isArray(value)) return value.flatMap((item) => (isObject(item) ? errorIn(item) : reasonsIn(item)));
  if (!isObject(value)) return [];
  for (const key of WORDS) {
    const found = key === 'errors' && isObject(value.errors) ? errorIn(value.errors) : reasonsIn(value[key]);
    if (found.length > 0) return found;
  }
  return byColumn(value);
}

/** One error: `{"field": "email", "message": "…"}`, or columns as keys, `{"email": ["is invalid"]}`. */
function errorIn(error: Readonly<Record<string, unknown>>): Reason[] {
  const isOne = WORDS.some((key) => key in error && !(key === 'description' && isAboutDescription(error)));
  return isOne ? reasonsIn(error).map((reason) => ({ ...detailsOf(error), ...reason })) : byColumn(error);
}

/** `{"description": ["can't be blank"]}` names a column; a description of the error is text or has a code. */
const isAboutDescription = ({ description, code }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(description) && code === undefined;

/** `{"email": ["is invalid"], "custom_field": {"cf_x": ["…"]}}`. */
const byColumn = (errors: Readonly<Record<string, unknown>>): Reason[] =>
  Object.entries(errors).flatMap(([key, value]) => {
    if (DETAILS.has(key)) return [];
    const reasons = isObject(value) ? errorIn(value) : reasonsIn(value);
    if (key === 'base') return reasons;
    return reasons.map(({ column, ...reason }) => ({
      ...reason,
      column: column === undefined ? key : `${key}.${column}`,
    }));
  });

function detailsOf(error: Readonly<Record<string, unknown>>): Partial<Reason> {
  const column = COLUMN_KEYS.map((key) => error[key]).find((name) => typeof name === 'string' && name.length <= 200);
  const { code } = error;
  return {
    ...(typeof column === 'string' && column.trim() !== '' && { column }),
    ...(typeof code === 'string' && { code }),
  };
}

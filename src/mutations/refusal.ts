import { type Reason, sentenceOf } from '../freshsales/errors.ts';
import { isObject, textsIn } from '../freshsales/json.ts';
import type { UserError } from '../records/write-report.ts';
import { isBlank } from './writable.ts';

/** The sent columns, and their paths in the arguments. */
interface Asked {
  readonly columns: Readonly<Record<string, unknown>>;
  /** Every writable column, sent or not. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Paths of the custom fields that have their own, by their names in Freshsales. */
  readonly customPaths?: ReadonlyMap<string, readonly string[]>;
  /** The record is a copy: columns that were not sent have the values of the original. */
  readonly isCopy?: boolean;
}

/**
 * Converts the messages of a refusal to problems. Messages are prose in the language of the key's user (QUIRKS 64). So a field
 * is named, and a code other than INVALID is set, only if the request agrees: the column was sent or omitted, and the message
 * quotes the value.
 */
export const toUserErrors = (reasons: readonly Reason[], asked: Asked): UserError[] =>
  reasons.length === 0
    ? [{ field: null, message: 'Freshsales refused this without giving a reason.', code: 'INVALID' }]
    : reasons.map((reason) => toUserError(reason, asked));

function toUserError(reason: Reason, asked: Asked): UserError {
  const named = reason.column === undefined ? undefined : placeOf(reason.column, asked);
  if (named) return { field: named.path, message: reason.message, code: codeOfNamed(reason, named.column, asked) };
  const { message } = reason;
  const column = columnIn(message, asked);
  const field = column === undefined ? null : (customPathIn(message, column, asked) ?? asked.paths.get(column) ?? null);
  return { field, message: field ? message : sentenceOf(reason), code: codeOf(message, column, asked) };
}

interface Place {
  readonly column: string;
  readonly path: readonly string[];
}

/** The argument of a column that Freshsales names, such as `contact.email`, `emails[0].value` or `custom_field.cf_x`. */
function placeOf(name: string, { paths, columns, customPaths }: Asked): Place | undefined {
  const steps = name.split(/[.[\]/]+/).filter((step) => step !== '');
  const custom = paths.get('custom_field');
  for (const [index, step] of steps.entries()) {
    if (step.startsWith('cf_') && custom)
      return { column: 'custom_field', path: customPaths?.get(step) ?? [...custom, step] };
    const column = columnNamed(step, paths);
    if (column === undefined) continue;
    const path = paths.get(column) ?? [];
    const rest = steps.slice(index + 1);
    if (column === 'custom_field') return { column, path: [...path, ...rest] };
    return { column, path: [...path, ...(isNested(columns[column]) ? rest.map(camelCase) : [])] };
  }
  return undefined;
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Freshsales writes `dueDate`, `DueDate`, `Due date` and `due_date`, and leaves out `_id`. */
function columnNamed(name: string, paths: Asked['paths']): string | undefined {
  if (paths.has(name)) return name;
  const wanted = plain(name);
  return [...paths.keys()].find((column) => spellingsOf(column).some((spelling) => plain(spelling) === wanted));
}

const plain = (name: string): string => name.replaceAll(/[\s_-]/g, '').toLowerCase();

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

function codeOfNamed({ message, code = '' }: Reason, column: string, { columns }: Asked): UserError['code'] {
  if (/dup|uniq|taken|exists/i.test(code) || TAKEN.test(message)) return 'NOT_UNIQUE';
  if (/blank|required|missing|presence/i.test(code)) return 'REQUIRED';
  return MISSING.test(message) && isBlank(columns[column]) ? 'REQUIRED' : 'INVALID';
}

function codeOf(message: string, column: string | undefined, asked: Asked): UserError['code'] {
  if (isTaken(message, column, asked)) return 'NOT_UNIQUE';
  return column !== undefined && isBlank(asked.columns[column]) ? 'REQUIRED' : 'INVALID';
}

/** Columns that must be unique, by Freshsales or by the account's settings (FACTS 3, 7, 8). */
const UNIQUE = new Set(['email', 'emails', 'name', 'mobile_number', 'work_number', 'external_id']);

/** The English sentences; “… is not unique” comes from a service below Freshsales that speaks no other language. */
const TAKEN =
  /\b(?:already|been|is) (?:exists?|in use|been (?:taken|used)|taken|used|registered)\b|\bis not unique\b|\bmust be unique\b|\bduplicate\b/i;

/** A valid address that Freshsales quotes belongs to another record. */
function isTaken(message: string, column: string | undefined, { columns, isCopy }: Asked): boolean {
  const sent = Object.keys(columns).filter((name) => UNIQUE.has(name) && !isBlank(columns[name]));
  if (TAKEN.test(message))
    return column === undefined ? isCopy === true || sent.length > 0 : sent.includes(column) || isCopy === true;
  if (column !== 'email' && column !== 'emails') return false;
  if (isCopy && isBlank(columns[column])) return wordsOf(message).some(isPlainAddress);
  return textsIn(columns[column]).some((text) => isPlainAddress(text) && holds(message, text));
}

function isPlainAddress(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@', 3);
  if (text.length > 100 || local.length > 64 || more.length > 0) return false;
  return /^[\w+-][\w.+-]*$/.test(local) && /^[\w-]+(\.[\w-]+)+$/.test(domain);
}

/** Words without the punctuation around them. */
const wordsOf = (message: string): string[] =>
  message.split(/[\s"'“”‘’<>(),;:]+/).map((word) => (word.endsWith('.') ? word.slice(0, -1) : word));

/** The column of a message: the one whose value it quotes, or the longest that it names. */
function columnIn(message: string, asked: Asked): string | undefined {
  const quoted = Object.keys(asked.columns).find((column) =>
    textsIn(asked.columns[column]).some((text) => text.length > 5 && holds(message, text)),
  );
  if (quoted !== undefined) return quoted;
  if (asked.isCopy && asked.paths.has('email') && wordsOf(message).some(isPlainAddress)) return 'email';
  if (customNameIn(message, asked) !== undefined) return 'custom_field';
  let best: { column: string; length: number } | undefined;
  for (const column of asked.paths.keys()) {
    if (isBlank(asked.columns[column]) && !mayBeUnsent(message, asked)) continue;
    for (const spelling of spellingsOf(column))
      if (names(message, spelling) && spelling.length > (best?.length ?? 0)) best = { column, length: spelling.length };
  }
  return best?.column;
}

/** A column that was not sent is meant by a sentence that says it is missing, or that the original of a copy has the value. */
const mayBeUnsent = (message: string, { isCopy }: Asked): boolean =>
  MISSING.test(message) || (isCopy === true && TAKEN.test(message));

const MISSING = /can'?t be (blank|empty)|need to fill|required|mandatory|missing/i;

/** The custom field that was sent and that a sentence names. */
function customNameIn(message: string, { columns: { custom_field: fields } }: Asked): string | undefined {
  if (!isObject(fields) || !message.includes('cf_')) return undefined;
  return Object.keys(fields).find((name) => names(message, name));
}

function customPathIn(message: string, column: string, asked: Asked): readonly string[] | undefined {
  const name = column === 'custom_field' ? customNameIn(message, asked) : undefined;
  if (name === undefined) return undefined;
  return asked.customPaths?.get(name) ?? [...(asked.paths.get(column) ?? []), name];
}

/** As the wire spells it, as Rails puts it in a sentence, and as the service below writes it: due_date, Due date, DueDate. */
function spellingsOf(column: string): string[] {
  const bare = column.replace(/_ids?$/, '');
  const words = bare.split('_');
  return [...new Set([column, bare, words.join(' '), words.join(''), bare.replace(/s$/, '')])];
}

const holds = (message: string, text: string): boolean => message.toLowerCase().includes(text.toLowerCase());

/** Matches whole words, ignoring case. */
function names(message: string, spelling: string): boolean {
  const at = message.toLowerCase().indexOf(spelling.toLowerCase());
  if (at < 0) return false;
  const [before = ' ', after = ' '] = [message[at - 1], message[at + spelling.length]];
  return !/\w/.test(before) && !/\w/.test(after);
}

import type { UserError } from '../records/preview.ts';

/** The sent columns, and their paths in the arguments. */
export interface Asked {
  readonly columns: Readonly<Record<string, unknown>>;
  /** Every writable column, sent or not. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

/**
 * Converts the messages of a refusal to problems. Messages are prose in the language of the key's user (QUIRKS 64). So a field
 * is named, and a code other than INVALID is set, only if the request agrees: the column was sent or omitted, and the message
 * quotes the value.
 */
export const toUserErrors = (messages: readonly string[], asked: Asked): UserError[] =>
  messages.length === 0
    ? [{ field: null, message: 'Freshsales refused this without giving a reason.', code: 'INVALID' }]
    : messages.map((message) => toUserError(message, asked));

function toUserError(message: string, asked: Asked): UserError {
  const column = columnIn(message, asked);
  const field = column === undefined ? null : (asked.paths.get(column) ?? null);
  return { field, message, code: codeOf(message, column, asked) };
}

function codeOf(message: string, column: string | undefined, asked: Asked): UserError['code'] {
  if (column !== undefined && isBlank(asked.columns[column])) return 'REQUIRED';
  if (isTaken(message, column, asked)) return 'NOT_UNIQUE';
  return 'INVALID';
}

/** Columns that must be unique, by Freshsales or by the account's settings (FACTS 3, 7, 8). */
const UNIQUE = new Set(['email', 'emails', 'name', 'mobile_number', 'work_number', 'external_id']);

/** English messages. “… is not unique” comes from an internal service and is never localised. */
const TAKEN = /\balready (exists|been taken)\b|\bis not unique\b/i;

/** A valid unique value that the message quotes belongs to another record. */
function isTaken(message: string, column: string | undefined, { columns }: Asked): boolean {
  const sent = Object.keys(columns).filter((name) => UNIQUE.has(name) && !isBlank(columns[name]));
  if (TAKEN.test(message)) return column === undefined ? sent.length > 0 : sent.includes(column);
  return column === 'email' || column === 'emails'
    ? textsOf(columns[column]).some((text) => isPlainAddress(text) && holds(message, text))
    : false;
}

function isPlainAddress(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@', 3);
  if (text.length > 100 || local.length > 64 || more.length > 0) return false;
  return /^[\w+-][\w.+-]*$/.test(local) && /^[\w-]+(\.[\w-]+)+$/.test(domain);
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** The column of a message: the one whose value it quotes, or the longest that it names. */
function columnIn(message: string, asked: Asked): string | undefined {
  const quoted = Object.keys(asked.columns).find((column) =>
    textsOf(asked.columns[column]).some((text) => text.length > 5 && holds(message, text)),
  );
  if (quoted !== undefined) return quoted;
  let best: { column: string; length: number } | undefined;
  for (const column of asked.paths.keys()) {
    if (isBlank(asked.columns[column]) && !MISSING.test(message)) continue;
    for (const spelling of spellingsOf(column))
      if (names(message, spelling) && spelling.length > (best?.length ?? 0)) best = { column, length: spelling.length };
  }
  return best?.column;
}

/** A column that was not sent matches only messages about missing values. */
const MISSING = /can'?t be (blank|empty)|need to fill|required|mandatory|missing/i;

/** Spellings of a column on the wire, in Rails messages, and in the internal service: due_date, Due date, DueDate. */
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

/** The texts of a value. For a list of addresses, each of them. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

import type { Problem } from './draft.ts';

/** What was sent, and where its columns stand in the arguments of the mutation. */
export interface Asked {
  readonly columns: Readonly<Record<string, unknown>>;
  /** Every writable column, sent or not. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

/**
 * Turns the sentences of a refusal into problems. Freshsales says what is wrong in prose, in the language of the key's user
 * (QUIRKS 64), so that a field is only named, and a code other than INVALID only given, where what was sent agrees: the
 * column must have been sent, or left out; the value must stand in the sentence. Words alone decide nothing.
 */
export const toProblems = (messages: readonly string[], asked: Asked): Problem[] =>
  messages.length === 0
    ? [{ field: null, message: 'Freshsales refused this without giving a reason.', code: 'INVALID' }]
    : messages.map((message) => toProblem(message, asked));

function toProblem(message: string, asked: Asked): Problem {
  const column = columnIn(message, asked);
  const field = column === undefined ? null : (asked.paths.get(column) ?? null);
  return { field, message, code: codeOf(message, column, asked) };
}

function codeOf(message: string, column: string | undefined, asked: Asked): Problem['code'] {
  if (column !== undefined && isBlank(asked.columns[column])) return 'REQUIRED';
  if (isTaken(message, column, asked)) return 'NOT_UNIQUE';
  return 'INVALID';
}

/** Columns that Freshsales, or the account's settings, let only one record have (FACTS 3, 7, 8). */
const UNIQUE = new Set(['email', 'emails', 'name', 'mobile_number', 'work_number', 'external_id']);

/** The English sentences; “… is not unique” comes from a service below Freshsales that speaks no other language. */
const TAKEN = /\balready (exists|been taken)\b|\bis not unique\b/i;

/** A value of ours that would pass as what it is, quoted back at us, is one that somebody else has. */
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

/** The column a sentence is about: one whose value it quotes, else the longest one that it names. */
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

/** A column that was not sent can only be meant by a sentence that says it is missing. */
const MISSING = /can'?t be (blank|empty)|need to fill|required|mandatory|missing/i;

/** As the wire spells it, as Rails puts it in a sentence, and as the service below writes it: due_date, Due date, DueDate. */
function spellingsOf(column: string): string[] {
  const bare = column.replace(/_ids?$/, '');
  const words = bare.split('_');
  return [...new Set([column, bare, words.join(' '), words.join(''), bare.replace(/s$/, '')])];
}

const holds = (message: string, text: string): boolean => message.toLowerCase().includes(text.toLowerCase());

/** As a word of its own, whatever the case. */
function names(message: string, spelling: string): boolean {
  const at = message.toLowerCase().indexOf(spelling.toLowerCase());
  if (at < 0) return false;
  const [before = ' ', after = ' '] = [message[at - 1], message[at + spelling.length]];
  return !/\w/.test(before) && !/\w/.test(after);
}

/** The texts of a value: of a list of addresses, each of them. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

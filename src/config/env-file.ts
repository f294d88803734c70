import { lstatSync } from 'node:fs';
import { NotTextError, readText } from '../text-file.ts';

/** A file that cannot be read or parsed. The message contains no values. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError';
}

interface EnvFile {
  readonly values: ReadonlyMap<string, string>;
  /** Names that are set more than once, with their lines. The last one applies. */
  readonly repeated: ReadonlyMap<string, readonly number[]>;
}

/** Reads a `.env` file. Undefined if it does not exist. */
export function readEnvFile(path: string): EnvFile | undefined {
  try {
    return parseEnvFile(readText(path), path);
  } catch (error) {
    if (error instanceof EnvFileError) throw error;
    if (error instanceof NotTextError) throw new EnvFileError(`${path} ${error.message}.`);
    const { code } = error as { code?: string };
    if (code === 'ENOENT' && lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const reason = code === 'EISDIR' ? 'it is a directory' : code;
    throw new EnvFileError(`${path} cannot be read (${reason}). Make it a readable file, or remove it.`);
  }
}

/** `NAME=` or `export NAME=`. The value follows. */
const ASSIGNMENT = /^(?:export[^\S\n]+)?([\w.-]+)[^\S\n]*=/;

const QUOTES = ['"', "'", '`'];

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/**
 * Parses a `.env` file: one `NAME=value` per line, comments, `export`, and quoted values, which may span lines. Unlike the
 * parsers of Node.js and dotenv, it does not skip lines that it cannot parse.
 */
export function parseEnvFile(text: string, path: string): EnvFile {
  const values = new Map<string, string>();
  const linesOf = new Map<string, number[]>();
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const fail = (problem: string): never => {
      throw new EnvFileError(`${path}:${index + 1}: ${problem}`);
    };
    const [head = '', name = ''] = ASSIGNMENT.exec(line) ?? [];
    if (!name) return fail('this line cannot be parsed. Write NAME=value, or begin a comment with #.');
    const rest = line.slice(head.length).trimStart();
    linesOf.set(name, [...(linesOf.get(name) ?? []), index + 1]);
    const quote = QUOTES.find((each) => rest.startsWith(each));
    if (quote === undefined) {
      values.set(name, withoutComment(rest));
      continue;
    }
    const quoted = [rest, ...lines.slice(index + 1)];
    const { value, after, taken } =
      readQuoted(quoted, quote) ?? fail(`the value of ${name} begins with ${quote} and never ends. Close the quote.`);
    if (!/^\s*(#|$)/.test(after))
      fail(`there is more after the closing quote of ${name}. Quote the whole value, or none of it.`);
    values.set(name, value);
    index += taken;
  }
  return { values, repeated: new Map([...linesOf].filter(([, at]) => at.length > 1)) };
}

/** As in a shell, a comment begins with a `#` after white space: `key#1` is one value. */
function withoutComment(text: string): string {
  const comment = text.startsWith('#') ? 0 : text.search(/\s#/);
  return (comment < 0 ? text : text.slice(0, comment)).trim();
}

/** Reads to the closing quote. `taken` is the number of further lines. */
function readQuoted(
  lines: readonly string[],
  quote: string,
): { value: string; after: string; taken: number } | undefined {
  let value = '';
  for (const [taken, line] of lines.entries()) {
    for (let at = taken === 0 ? 1 : 0; at < line.length; at += 1) {
      const character = line.charAt(at);
      if (character === quote) return { value, after: line.slice(at + 1), taken };
      const escaped = quote === '"' && character === '\\' ? ESCAPES[line.charAt(at + 1)] : undefined;
      value += escaped ?? character;
      if (escaped !== undefined) at += 1;
    }
    value += '\n';
  }
  return undefined;
}

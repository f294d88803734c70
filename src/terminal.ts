/**
 * Characters that terminals or readers interpret: control characters, line separators, marks that change the direction of text,
 * lone surrogates, and invisible characters.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Escapes each such character, as `\u001b`. */
export const escapeControls = (text: string): string => text.replace(UNSAFE, escaped);

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Escapes such characters in JSON. The value stays the same; line feeds of the indentation are kept. */
export const escapeJson = (json: string): string => json.split('\n').map(escapeControls).join('\n');

/** True if people read standard output, not programs. */
export const isTerminal = (): boolean => process.stdout.isTTY === true;

/** Writes lines to standard output. Only this file writes to a terminal, so that all outside text is escaped. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(toText(lines));
}

/** True if people read standard error. */
export const isErrorTerminal = (): boolean => process.stderr.isTTY === true;

/** Replaces the last line of the terminal on standard error. An empty text clears it. */
export function overwrite(text: string): void {
  const width = Math.max(20, process.stderr.columns ?? 80) - 1;
  process.stderr.write(`\r\u001b[K${escapeControls(text).slice(0, width)}`);
}

/** Writes a value to standard output as JSON. */
export function printJson(value: unknown, { indent = 0 } = {}): void {
  process.stdout.write(`${escapeJson(JSON.stringify(value, null, indent))}\n`);
}

/** Writes lines to standard error. */
export function warn(...lines: readonly string[]): void {
  process.stderr.write(toText(lines));
}

const toText = (lines: readonly string[]): string => lines.map((line) => `${escapeControls(line)}\n`).join('');

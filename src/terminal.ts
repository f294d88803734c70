/**
 * Characters that a terminal or a reader takes for more than text: controls, ends of lines, marks that change the direction of
 * text, lone surrogates, and whatever is not seen at all.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** The same text with each such character as `\u001b`. */
export const escapeControls = (text: string): string => text.replace(UNSAFE, escaped);

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** JSON with the same value, in which strings hold no such character. Raw line feeds only indent, and stay. */
export const escapeJson = (json: string): string => json.split('\n').map(escapeControls).join('\n');

/** Writes lines to standard output. This file alone writes to a terminal, so that no text from outside can drive it. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(toText(lines));
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

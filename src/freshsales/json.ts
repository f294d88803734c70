import { parse } from 'lossless-json';

/** Sixteen digits in a row may exceed 2^53; only then is the slow parser worth its price. */
const MAYBE_UNSAFE = /\d{16}/;

/** Levels of arrays and objects. Freshsales sends fewer than ten; what reads them is recursive. */
const MAX_DEPTH = 100;

/**
 * Parses JSON without rounding: a number that would lose digits becomes its text. `undefined` where the text is no JSON, or
 * nested too deeply to be an answer of Freshsales.
 */
export function parseJson(text: string): unknown {
  try {
    if (isDeep(text)) return undefined;
    return MAYBE_UNSAFE.test(text) ? parse(text, undefined, { parseNumber: exactly }) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const PLAIN = /^-?\d+(\.\d+)?$/;

function exactly(text: string): number | string {
  const number = Number(text);
  if (!PLAIN.test(text)) return number;
  if (Number.isInteger(number) && !text.includes('.')) return Number.isSafeInteger(number) ? number : text;
  return sameDecimal(text, number) ? number : text;
}

/** Whether the shortest text of the number is the decimal that was sent, trailing zeros aside. */
const sameDecimal = (text: string, number: number): boolean => String(number) === withoutTrailingZeros(text);

function withoutTrailingZeros(decimal: string): string {
  let end = decimal.length;
  while (decimal[end - 1] === '0') end -= 1;
  return decimal.slice(0, decimal[end - 1] === '.' ? end - 1 : end);
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) depth += 1;
    else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The position of the quote that closes the string which opens here. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

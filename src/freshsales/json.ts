import { parse } from 'lossless-json';

/** Sixteen digits in a row may exceed 2^53; only then is the slow parser worth its price. */
const MAYBE_UNSAFE = /\d{16}/;

/** Parses JSON without rounding: a number that would lose digits becomes its text. `undefined` where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
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
const sameDecimal = (text: string, number: number): boolean => String(number) === text.replace(/\.?0+$/, '');

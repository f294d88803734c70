/** A key that would set the prototype of its object, plain or escaped. */
const MAYBE_PROTOTYPE = /__proto__|\\u005f/i;

/** Deeper than any real response. Deeper ones would exhaust the stack. */
const MAX_NESTING = 100;

/** More objects and lists than any real response. An empty object of two bytes takes fifty in memory. */
const MAX_CONTAINERS = 1_000_000;

/** Keys of all objects together; a page of a hundred records has some ten thousand. A million in one object takes seconds. */
const MAX_KEYS = 500_000;

/** Shorter numbers are exact. */
const MIN_UNSAFE_LENGTH = 16;

/**
 * Parses JSON without rounding: a number that would lose digits becomes a string. The last of duplicate keys wins, and
 * `__proto__` is dropped. Returns undefined if the text is not JSON or too complex.
 */
export function parseJson(text: string): unknown {
  const exact = withExactNumbers(text);
  if (exact === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(exact);
    return MAYBE_PROTOTYPE.test(text) ? withoutPrototypes(value) : value;
  } catch {
    return undefined;
  }
}

/** True if a text is nested deeper, or has more objects and lists, than any real response. */
export const isTooComplex = (text: string): boolean => withExactNumbers(text) === undefined;

const [QUOTE, BACKSLASH, MINUS, COLON] = [0x22, 0x5c, 0x2d, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Quotes the numbers that JSON.parse would round, in one pass. Returns undefined if the text is too complex. */
export function withExactNumbers(text: string, maxNesting = MAX_NESTING): string | undefined {
  const pieces: string[] = [];
  let [taken, depth, containers, keys] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) {
      keys += 1;
      if (keys > MAX_KEYS) return undefined;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      depth += 1;
      containers += 1;
      if (depth > maxNesting || containers > MAX_CONTAINERS) return undefined;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1;
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at);
      if (end - at >= MIN_UNSAFE_LENGTH && isRounded(text.slice(at, end))) {
        pieces.push(text.slice(taken, at), '"', text.slice(at, end), '"');
        taken = end;
      }
      at = end - 1;
    }
  }
  return taken === 0 ? text : `${pieces.join('')}${text.slice(taken)}`;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** The end of the string that starts here: the first quote after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isDigit(text.charCodeAt(end)) || '.eE+-'.includes(text.charAt(end) || ' ')) end += 1;
  return end;
}

/** A number, or its text if a number would lose digits. */
export function exactNumber(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) && !isRounded(text) ? number : text;
}

/** A plain decimal, without an exponent. */
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

function isRounded(text: string): boolean {
  if (!PLAIN.test(text)) return false;
  const number = Number(text);
  return text.includes('.') ? String(number) !== plainDecimal(text) : !Number.isSafeInteger(number);
}

/** A decimal without zeros at its end. By character, because a regular expression takes quadratic time over a run of zeros. */
export function plainDecimal(text: string): string {
  if (!text.includes('.')) return text;
  let end = text.length;
  while (text.charAt(end - 1) === '0') end -= 1;
  return text.slice(0, text.charAt(end - 1) === '.' ? end - 1 : end);
}

function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (key === '__proto__' ? [] : [[key, withoutPrototypes(each)]])),
  );
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All texts in a value, without empty ones. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A number that JSON cannot hold and sends as null. A literal such as 1e400 is one. */
export const isTooLarge = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

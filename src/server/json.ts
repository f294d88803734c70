import { badRequest, type Refusal } from './refusal.ts';

/** Levels of objects and lists in a body. Real operations stay below ten; recursion over their values stays shallow. */
export const MAX_JSON_DEPTH = 64;

/** Assigning to this key changes an object's prototype, in this server or in one that the value is passed on to. */
const FORBIDDEN_KEY = '__proto__';

/** Reads JSON from a caller. What is wrong with it is said without quoting it. */
export function parseJson(text: string, what: string): { readonly value: unknown } | { readonly refusal: Refusal } {
  // Before it is parsed: a megabyte of brackets takes half a second.
  if (isDeep(text)) return { refusal: badRequest(`${what} is nested deeper than ${MAX_JSON_DEPTH} levels.`) };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refusal: { ...badRequest(`${what} is not valid JSON.`), isParseError: true } };
  }
  const isForbidden = (text.includes(FORBIDDEN_KEY) || text.includes('\\u')) && hasForbiddenKey(value);
  return isForbidden ? { refusal: badRequest(`${what} has a key “${FORBIDDEN_KEY}”.`) } : { value };
}

const [QUOTE, BACKSLASH] = ['"', '\\'].map((mark) => mark.charCodeAt(0));
const OPENING = ['[', '{'].map((mark) => mark.charCodeAt(0));
const CLOSING = [']', '}'].map((mark) => mark.charCodeAt(0));

/** Counts brackets outside of strings. */
function isDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length; index++) {
    const mark = text.charCodeAt(index);
    if (mark === QUOTE) isString = !isString;
    else if (isString) index += mark === BACKSLASH ? 1 : 0;
    else if (OPENING.includes(mark)) depth++;
    else if (CLOSING.includes(mark)) depth--;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, FORBIDDEN_KEY) || Object.values(value).some(hasForbiddenKey);
}

import { FreshsalesError } from './errors.ts';

/** The most characters of one input in a URL. Freshsales stores no longer text in searched columns. */
export const MAX_URL_TEXT = 255;

/** The most characters of a URL. Proxies refuse longer ones with unclear errors. */
const MAX_URL = 8000;

/** Control characters, and lone surrogates, which cannot be encoded. */
const UNENCODABLE = /[\p{Cc}\p{Cs}]/u;

/** Why a text cannot be part of a URL, as the end of a sentence. Undefined if it can. */
export function urlTextProblem(text: string): string | undefined {
  if (text.length > MAX_URL_TEXT)
    return `has ${text.length} characters. Use at most ${MAX_URL_TEXT}, which is as much as Freshsales searches.`;
  if (UNENCODABLE.test(text)) return 'contains a control character or half a surrogate pair. Remove it.';
  return undefined;
}

/** Refuses a call whose URL cannot be sent, before it is counted. */
export function checkUrl(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): void {
  const parts = [path, ...Object.values(query).map((value) => String(value ?? ''))];
  const bad = parts.some((part) => UNENCODABLE.test(part));
  if (bad) throw refused('contains a control character or half a surrogate pair. Remove it.');
  if (parts.reduce((sum, part) => sum + part.length, 0) > MAX_URL / 2 && encodedLength(parts) > MAX_URL)
    throw refused(`would be longer than ${MAX_URL} characters. Use shorter values.`);
}

const encodedLength = (parts: readonly string[]): number =>
  parts.reduce((sum, part) => sum + encodeURIComponent(part).length, 0);

const refused = (why: string) => {
  const message = `The address of this Freshsales call ${why}`;
  return new FreshsalesError('BAD_USER_INPUT', message, { reasons: [{ message }] });
};

/** A URL without trailing slashes. */
export function withoutTrailingSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === '/') end -= 1;
  return address.slice(0, end);
}

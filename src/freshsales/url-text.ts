import { FreshsalesError } from './errors.ts';

/** Characters of one text from a caller in a URL. Freshsales keeps no longer text in what it searches. */
export const MAX_URL_TEXT = 255;

/** Characters of a whole URL. Proxies refuse longer ones in ways that say nothing. */
const MAX_URL = 8000;

/** Control characters, and halves of surrogate pairs, which cannot be encoded. */
const UNENCODABLE = /[\p{Cc}\p{Cs}]/u;

/** Why a text cannot become part of a URL, as the rest of a sentence about it; undefined where it can. */
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
  return new FreshsalesError('BAD_USER_INPUT', message, { messages: [message] });
};

/** An address without the slashes at its end. */
export function withoutTrailingSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === '/') end -= 1;
  return address.slice(0, end);
}

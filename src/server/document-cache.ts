import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bytes that parsed documents may take. */
const MAX_BYTES = 64_000_000;

/** A parsed document takes about so many bytes for each character of its source, as far as those are tokens. */
const BYTES_PER_CHARACTER = 100;

/** More than these are comments or long strings, which parse to nothing or to themselves. */
const MOST_TOKEN_CHARACTERS = 50_000;

const bytesOf = (text: string): number =>
  1 + text.length + BYTES_PER_CHARACTER * Math.min(text.length, MOST_TOKEN_CHARACTERS);

/** Keeps parsed documents by their text, held to a size rather than a number: one request's document may be large. */
export function createDocumentCache() {
  return {
    documentCache: new LRUCache<string, DocumentNode>({
      maxSize: MAX_BYTES,
      sizeCalculation: (_document, text) => bytesOf(text),
    }),
    // What is refused is parsed again: it is cheap, and the audit log sees it each time.
    errorCache: { get: (): undefined => undefined, set: (): void => undefined },
  };
}

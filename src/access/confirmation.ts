import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type DocumentNode, print } from 'graphql';
import { LRUCache } from 'lru-cache';

/** What a confirmation is for: this operation, with these variables, by this caller, and nothing else. */
export interface Confirmed {
  readonly caller: string;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: unknown;
}

/** Gives tokens that confirm one operation once, and takes them. */
export interface Confirmations {
  issue(confirmed: Confirmed): { readonly token: string; readonly expiresAt: Date };
  /** Whether the token is good for this operation. It is used up by that. */
  redeem(token: string, confirmed: Confirmed): boolean;
}

/** Long enough for a person to read a preview. */
const GOOD_FOR_MS = 300_000;

/** Tokens that were used, until they would have run out by themselves. */
const MOST_USED = 100_000;

/** Signs with a secret of this process: a token is good on the server that gave it, and after a restart on none. */
export function createConfirmations(now: () => number = Date.now): Confirmations {
  const secret = randomBytes(32);
  // Room for all of them is taken at once: not before anybody confirms anything.
  let used: LRUCache<string, true> | undefined;
  const sign = (nonce: string, expires: number, confirmed: Confirmed): Buffer =>
    createHmac('sha256', secret)
      .update(`${nonce} ${expires} ${digestOf(confirmed)}`)
      .digest();
  return {
    issue(confirmed) {
      const nonce = randomBytes(16).toString('base64url');
      const expires = now() + GOOD_FOR_MS;
      const signature = sign(nonce, expires, confirmed).toString('base64url');
      return { token: `${nonce}.${expires}.${signature}`, expiresAt: new Date(expires) };
    },
    redeem(token, confirmed) {
      const [, nonce, digits, signature] = /^([\w-]{22})\.(\d{1,15})\.([\w-]{43})$/.exec(token) ?? [];
      if (nonce === undefined || signature === undefined) return false;
      const expires = Number(digits);
      const given = Buffer.from(signature, 'base64url');
      const right = sign(nonce, expires, confirmed);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
      used ??= new LRUCache<string, true>({ max: MOST_USED, ttl: GOOD_FOR_MS });
      if (expires < now() || used.has(nonce)) return false;
      used.set(nonce, true);
      return true;
    },
  };
}

/** Spaces and commas of the document do not matter, nor does the order in which variables stand. */
const digestOf = ({ caller, document, operationName, variables }: Confirmed): string =>
  createHash('sha256')
    .update(JSON.stringify([caller, print(document), operationName ?? null, sorted(variables)]))
    .digest('base64url');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value ?? null;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
